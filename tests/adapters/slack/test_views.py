from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.limits import Json, check
from adapters.slack.views import fields_of, form_view, home_view, notice_view
from bot.message import (
    Button,
    Buttons,
    Chart,
    Choice,
    ChoiceField,
    Field,
    FinePrint,
    Form,
    Heading,
    Message,
    Paragraph,
    Series,
    TextField,
)

YES_NO = (Choice("yes", "Yes, please"), Choice("no", "No, thank you"))
CHART = Chart("Ends", "bar", ("A",), (Series("From", (1.0,)),), 1, 5, "A: 1.")


def form(*fields: Field, **changes: Any) -> Json:
    given: dict[str, Any] = {
        "title": "Your settings",
        "intro": (Paragraph("Choose what suits you."),),
        "fields": fields,
        "action": "settings.save",
        "value": "r1",
        "submit": "Save",
        "cancel": "Not now",
    }
    return form_view(Form(**given | changes))


def field(made: Field) -> Json:
    return dict(form(made)["blocks"][1])


def scale(most: int, **changes: Any) -> ChoiceField:
    choices = tuple(Choice(str(value), f"Label {value}") for value in range(most))
    return ChoiceField("item", "How is it?", choices, **changes)


def words(text: Json) -> str:
    return str(text["text"])


def state(name: str, element: Json) -> Json:
    return {"values": {name: {"value": element}}}


def picked(made: ChoiceField, label: str) -> dict[str, str]:
    """What comes back when somebody picks the option with this label."""
    options = field(made)["element"]["options"]
    (option,) = (each for each in options if words(each["text"]) == label)
    return fields_of(state(made.name, {"selected_option": option}))


# --- forms


def test_a_form_is_a_modal_that_says_what_it_is_for() -> None:
    view = form(ChoiceField("summaries", "The weekly summary", YES_NO, required=True))
    assert view["type"] == "modal"
    assert [words(view[name]) for name in ("title", "submit", "close")] == [
        "Your settings",
        "Save",
        "Not now",
    ]
    assert (view["callback_id"], view["private_metadata"]) == ("settings.save", "r1")
    assert [block["type"] for block in view["blocks"]] == ["section", "input"]


def test_titles_and_buttons_are_shortened_between_words() -> None:
    view = form(
        title="What your manager will see", submit="x" * 30, cancel="Rather not now, thank you"
    )
    assert words(view["title"]) == "What your manager will…"
    assert words(view["submit"]) == "x" * 23 + "…"
    assert words(view["close"]) == "Rather not now, thank…"


def test_a_form_that_is_only_read_has_no_button_to_send_it() -> None:
    view = form(submit="", cancel="")
    assert not {"submit", "close"} & set(view)


def test_few_choices_are_radio_buttons_and_many_a_menu() -> None:
    assert field(scale(10))["element"]["type"] == "radio_buttons"
    assert field(scale(11))["element"]["type"] == "static_select"
    assert field(scale(10, leave_out="Leave this one out"))["element"]["type"] == "static_select"


def test_what_is_chosen_is_shown_and_nothing_else() -> None:
    element = field(ChoiceField("mail", "Mail", YES_NO, required=True, chosen="no"))["element"]
    assert words(element["initial_option"]["text"]) == "No, thank you"
    for chosen in ("", "unknown"):
        assert (
            "initial_option"
            not in field(ChoiceField("m", "Mail", YES_NO, chosen=chosen))["element"]
        )


def test_a_choice_is_required_only_where_the_form_says_so() -> None:
    assert field(scale(3))["optional"]
    assert not field(scale(3, required=True))["optional"]


def test_the_name_of_a_field_is_its_place_and_its_help_a_hint() -> None:
    block = field(scale(3, help="You can leave this one out."))
    assert (block["block_id"], block["element"]["action_id"]) == ("item", "value")
    assert words(block["label"]) == "How is it?"
    assert words(block["hint"]) == "You can leave this one out."
    assert "hint" not in field(scale(3))


def test_a_choice_comes_back_by_its_value() -> None:
    assert picked(ChoiceField("mail", "Mail", YES_NO), "Yes, please") == {"mail": "yes"}


def test_a_choice_can_be_taken_back_by_the_words_for_it() -> None:
    assert picked(scale(5, leave_out="Leave this one out"), "Leave this one out") == {"item": ""}


def test_leaving_out_is_the_last_choice_and_never_chosen_beforehand() -> None:
    element = field(scale(5, leave_out="Leave this one out"))["element"]
    assert words(element["options"][-1]["text"]) == "Leave this one out"
    assert "initial_option" not in element


@pytest.mark.parametrize("required", [True, False])
def test_without_words_for_it_nothing_is_added(required: bool) -> None:
    assert len(field(scale(3, required=required))["element"]["options"]) == 3
    assert len(field(scale(3, required=True, leave_out="Leave out"))["element"]["options"]) == 3


def test_what_was_left_out_comes_back_empty() -> None:
    assert fields_of(state("item", {"type": "radio_buttons", "selected_option": None})) == {
        "item": ""
    }
    assert fields_of(state("note", {"type": "plain_text_input", "value": None})) == {"note": ""}


@pytest.mark.parametrize("malformed", [{}, {"values": None}, {"values": {}}])
def test_a_view_without_fields_has_none_filled_in(malformed: Json) -> None:
    assert fields_of(malformed) == {}
    assert fields_of({"values": {"item": {}}}) == {"item": ""}


def test_what_was_written_comes_back_as_it_was() -> None:
    assert fields_of(state("note", {"value": "- *not* me\n"})) == {"note": "- *not* me\n"}


def test_a_text_field_shows_what_is_there_and_how_much_it_takes() -> None:
    element = field(TextField("note", "Note", multiline=True, max_length=5_000, text="So far"))[
        "element"
    ]
    assert element == {
        "action_id": "value",
        "type": "plain_text_input",
        "multiline": True,
        "max_length": 3_000,
        "initial_value": "So far",
    }
    short = field(TextField("note", "Note", max_length=3, text="So far"))["element"]
    assert short["initial_value"] == "So "
    assert "initial_value" not in field(TextField("note", "Note"))["element"]


def test_more_choices_than_slack_takes_keep_the_one_that_is_chosen() -> None:
    element = field(scale(150, chosen="140"))["element"]
    assert len(element["options"]) == 100
    assert element["initial_option"]["value"] == "140"


def test_a_choice_that_slack_can_not_carry_comes_back_as_its_number() -> None:
    choices = (Choice("#1", "One"), Choice("x" * 200, "Long"), Choice("#1", "One again"))
    options = field(ChoiceField("c", "C", choices))["element"]["options"]
    assert [option["value"] for option in options] == ["#1", "##1", "#2"]


def test_a_choice_without_words_shows_its_value() -> None:
    options = field(ChoiceField("c", "C", (Choice("07:00", " "),)))["element"]["options"]
    assert words(options[0]["text"]) == "07:00"


def test_a_field_with_nothing_to_choose_from_is_left_out() -> None:
    assert [block["type"] for block in form(ChoiceField("c", "C", ()))["blocks"]] == ["section"]


def test_names_in_a_form_are_inert() -> None:
    view = form(ChoiceField("c", "<@U1> *x*", (Choice("a", "Team :tada:"),)))
    block = view["blocks"][1]
    assert block["label"]["type"] == "plain_text"
    assert block["element"]["options"][0]["text"] == {
        "type": "plain_text",
        "text": "Team :tada:",
        "emoji": False,
    }


def test_two_fields_of_one_name_are_told_apart() -> None:
    view = form(TextField("note", "One"), TextField("note", "Two"))
    assert [block["block_id"] for block in view["blocks"][1:]] == ["note", "field 1"]


def test_a_long_introduction_gives_way_to_the_fields() -> None:
    view = form(scale(3), intro=tuple(Heading(str(number)) for number in range(200)))
    assert len(view["blocks"]) <= 100
    assert view["blocks"][-1]["block_id"] == "item"
    assert check(view) == []


# --- notices and the home page


def test_a_notice_is_only_read_and_its_buttons_work() -> None:
    parts = (Paragraph("Saved."), Buttons((Button("Undo", "undo", "1"),)), FinePrint("Only you."))
    view = notice_view(Message("Saved.", parts), "Saved.")
    assert view["type"] == "modal"
    assert not {"submit", "callback_id", "private_metadata"} & set(view)
    assert [block["type"] for block in view["blocks"]] == ["section", "actions", "context"]


def test_a_notice_does_not_say_its_title_twice() -> None:
    message = Message("Summary", (Heading("Places to turn"), Paragraph("Words")))
    assert [b["type"] for b in notice_view(message, "Places to turn")["blocks"]] == ["section"]
    assert [b["type"] for b in notice_view(message, "Else")["blocks"]] == ["header", "section"]


def test_charts_are_drawn_in_views_only_if_asked_for() -> None:
    message = Message("Summary", (CHART,))
    assert [b["type"] for b in home_view(message)["blocks"]] == ["section"]
    assert [b["type"] for b in notice_view(message, "T")["blocks"]] == ["section"]
    drawn = notice_view(message, "T", with_charts=True)["blocks"]
    assert [block["type"] for block in drawn] == ["data_visualization", "context"]


def test_a_home_page_may_have_a_hundred_blocks() -> None:
    parts = tuple(Heading(str(number)) for number in range(100))
    view = home_view(Message("Home", parts))
    assert (view["type"], len(view["blocks"])) == ("home", 100)
    more = home_view(Message("Home", (*parts, Paragraph("Words"), FinePrint("Only you."))))
    assert len(more["blocks"]) <= 100
    assert more["blocks"][-1]["elements"][0]["text"] == "Only you."


def test_an_empty_page_still_opens() -> None:
    assert check(home_view(Message("", ()))) == []
    assert check(notice_view(Message("", ()), "")) == []
