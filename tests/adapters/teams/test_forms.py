from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from adapters.teams.buttons import tapped
from adapters.teams.cards import form_card, submitted
from adapters.teams.fields import fields_of
from adapters.teams.limits import Json, check
from bot.message import (
    Button,
    Buttons,
    Choice,
    ChoiceField,
    Field,
    Form,
    Heading,
    Paragraph,
    TextField,
)
from tests.adapters.teams.reading import inputs, invoke, kinds, words
from tests.adapters.teams.schema import problems
from tests.support.anything import forms
from tests.support.lookalikes import lookalike

# The largest examples are larger than Hypothesis likes to print; they are the ones to try.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Generating overly large repr:hypothesis.errors.HypothesisWarning"
)

YES_NO = (Choice("yes", "Yes, please"), Choice("no", "No, thank you"))


def form(*fields: Field, **changes: Any) -> Form:
    given: dict[str, Any] = {
        "title": "Your settings",
        "intro": (Paragraph("Choose what suits you."),),
        "fields": fields,
        "action": "settings.save",
        "value": "r1",
        "submit": "Save",
        "cancel": "Not now",
    }
    return Form(**given | changes)


def card(*fields: Field, **changes: Any) -> Json:
    shown = {name: changes.pop(name) for name in ("errors", "values") if name in changes}
    made = form_card(form(*fields, **changes), **shown)
    assert check(made) == []
    assert problems(made) == []
    return made


def field(made: Field, **changes: Any) -> Json:
    (element,) = inputs(card(made, **changes))
    return element


def scale(most: int, **changes: Any) -> ChoiceField:
    choices = tuple(Choice(str(value), f"Label {value}") for value in range(most))
    return ChoiceField("item", "How is it?", choices, **changes)


def picked(made: ChoiceField, label: str) -> dict[str, str]:
    """What comes back when somebody picks the choice with this label."""
    shown = card(made)
    (choice,) = (each for each in inputs(shown)[0]["choices"] if each["title"] == label)
    return fields_of(invoke(shown["actions"][0], **{made.name: choice["value"]})["data"])


# --- the dialog


def test_a_form_says_what_it_is_for_and_sends_its_action_and_value() -> None:
    made = card(ChoiceField("summaries", "The weekly summary", YES_NO, required=True))
    assert kinds(made) == ["TextBlock", "Input.ChoiceSet"]
    assert made["speak"] == "Your settings"
    assert made["actions"] == [
        {
            "type": "Action.Submit",
            "title": "Save",
            "style": "positive",
            "data": {"form": "settings.save", "value": "r1"},
        }
    ]


def test_a_form_comes_back_as_one_and_a_button_in_its_dialog_as_one() -> None:
    part = Buttons((Button("What your manager will see", "pulse.preview", "r1"),))
    made = card(scale(3), intro=(part,))
    sent = invoke(made["actions"][0], item="2")
    assert submitted(sent) == ("settings.save", "r1")
    assert fields_of(sent["data"]) == {"item": "2"}
    assert tapped(sent) == ("", "r1")
    other = invoke(made["body"][0]["actions"][0], item="2")
    assert submitted(other) == ("", "r1")
    assert tapped(other) == ("pulse.preview", "r1")


@pytest.mark.parametrize("forged", [{}, {"data": None}, {"data": {"form": 3, "value": []}}])
def test_what_no_form_could_send_is_none(forged: Json) -> None:
    assert submitted(forged) == ("", "")


def test_a_form_that_is_only_read_has_no_button_to_send_it() -> None:
    assert "actions" not in card(submit="")


def test_a_form_with_fields_can_always_be_sent() -> None:
    assert card(scale(2), submit=" ")["actions"][0]["title"] == "Your settings"


def test_a_form_has_at_most_six_actions() -> None:
    row = Buttons(tuple(Button(str(number), "do.it") for number in range(6)))
    made = card(scale(2), intro=(row,))
    assert kinds(made)[0] == "ColumnSet"


def test_a_long_introduction_gives_way_to_the_fields() -> None:
    made = card(scale(3), intro=tuple(Heading(str(number)) for number in range(400)))
    assert [element["id"] for element in inputs(made)] == ["item"]
    assert "…" in words(made)


# --- choosing


def test_few_choices_are_round_buttons_and_many_a_menu() -> None:
    assert field(scale(10))["style"] == "expanded"
    assert field(scale(11))["style"] == "compact"
    assert field(scale(10, leave_out="Leave this one out"))["style"] == "compact"


def test_what_is_chosen_is_shown_and_nothing_else() -> None:
    assert field(ChoiceField("mail", "Mail", YES_NO, required=True, chosen="no"))["value"] == "no"
    for chosen in ("", "unknown"):
        assert "value" not in field(ChoiceField("m", "Mail", YES_NO, chosen=chosen))


def test_every_field_has_a_label_and_its_help_below_it() -> None:
    made = card(scale(3, help="You can leave this one out."))
    assert inputs(made)[0]["label"] == "How is it?"
    assert kinds(made)[-2:] == ["Input.ChoiceSet", "TextBlock"]
    assert words(made)[-1] == "You can leave this one out."


def test_a_field_is_required_only_where_the_form_says_so() -> None:
    required, optional = inputs(card(scale(3, required=True), TextField("note", "Note")))
    assert (required["isRequired"], required["errorMessage"]) == (True, "How is it?")
    assert not optional["isRequired"]
    assert "errorMessage" not in optional


def test_a_choice_comes_back_by_its_value() -> None:
    assert picked(ChoiceField("mail", "Mail", YES_NO), "Yes, please") == {"mail": "yes"}


def test_a_choice_can_be_taken_back_by_the_words_for_it() -> None:
    made = scale(5, leave_out="Leave this one out")
    assert picked(made, "Leave this one out") == {"item": ""}
    assert field(made)["choices"][-1]["title"] == "Leave this one out"
    assert "value" not in field(made)


@pytest.mark.parametrize("required", [True, False])
def test_without_words_for_it_nothing_is_added(required: bool) -> None:
    assert len(field(scale(3, required=required))["choices"]) == 3
    assert len(field(scale(3, required=True, leave_out="Leave out"))["choices"]) == 3


def test_more_choices_than_a_menu_takes_keep_the_one_that_is_chosen() -> None:
    element = field(scale(150, chosen="140"))
    assert len(element["choices"]) == 100
    assert element["value"] == "140"


def test_a_choice_that_teams_can_not_carry_comes_back_as_its_number() -> None:
    choices = (
        *(Choice("#1", "One"), Choice("x" * 200, "Long"), Choice("#1", "One again")),
        *(Choice("a,b", "Two in one"), Choice("", "Nothing")),
    )
    made = ChoiceField("c", "C", choices, chosen="a,b")
    assert [choice["value"] for choice in field(made)["choices"]] == [
        *("#1", "##1", "#2", "#3"),
        "wellbeing:left-out",
    ]
    assert field(made)["value"] == "#3"
    assert picked(made, "Nothing") == {"c": ""}


def test_a_choice_without_words_shows_its_value() -> None:
    assert field(ChoiceField("c", "C", (Choice("07h", " "),)))["choices"][0]["title"] == "07h"


def test_a_field_with_nothing_to_choose_from_is_left_out() -> None:
    assert inputs(card(ChoiceField("c", "C", ()))) == []


def test_names_in_a_form_are_inert() -> None:
    element = field(ChoiceField("c", "<at>Ada</at> *x*", (Choice("a", "*Team*"),)))
    # Teams interprets what stands beside a round button, and no label.
    assert element["label"] == "<at>Ada</at> *x*"
    assert element["choices"][0]["title"] == lookalike("*Team*")


# --- writing


def test_a_text_field_shows_what_is_there_and_how_much_it_takes() -> None:
    assert field(TextField("note", "Note", multiline=True, max_length=5_000, text="So far")) == {
        "type": "Input.Text",
        "id": "note",
        "label": "Note",
        "isMultiline": True,
        "isRequired": False,
        "maxLength": 3_000,
        "value": "So far",
    }
    assert field(TextField("note", "Note", max_length=3, text="So far"))["value"] == "So "
    assert "value" not in field(TextField("note", "Note"))


def test_what_was_written_comes_back_as_it_was() -> None:
    (action,) = card(TextField("note", "Note"))["actions"]
    sent = invoke(action, note="- *not* me,\nmaybe")
    assert fields_of(sent["data"]) == {"note": "- *not* me,\nmaybe"}


# --- what comes back


@pytest.mark.parametrize("malformed", [None, 3, True, ["yes"], {"value": "yes"}])
def test_what_is_no_text_is_nothing(malformed: object) -> None:
    assert fields_of({"form": "settings.save", "value": "r1", "mail": malformed}) == {"mail": ""}


def test_what_else_comes_back_is_no_field() -> None:
    data = {"action": "a", "form": "f", "value": "v", "msteams": {"type": "task/fetch"}}
    assert fields_of(data) == {}


@pytest.mark.parametrize("name", ["action", "form", "value", "msteams", "", " "])
def test_no_field_takes_the_place_of_what_else_comes_back(name: str) -> None:
    made = card(TextField(name, "Note"))
    sent = invoke(made["actions"][0], **{inputs(made)[0]["id"]: "Words"})
    assert submitted(sent) == ("settings.save", "r1")
    assert fields_of(sent["data"]) == {"field 0": "Words"}


def test_fields_of_one_name_are_told_apart() -> None:
    made = card(TextField("field 2", "One"), TextField("note", "Two"), TextField("note", "Three"))
    assert [element["id"] for element in inputs(made)] == ["field 2", "note", "#field 2"]


# --- a form that comes back to be mended


def test_an_error_is_in_words_above_its_field_and_never_colour_alone() -> None:
    made = card(scale(3), TextField("note", "Note"), errors={"note": "Please be brief."})
    assert kinds(made)[-2:] == ["TextBlock", "Input.Text"]
    error = made["body"][-2]
    assert (error["text"], error["color"]) == ("Please be brief.", "Attention")


def test_what_was_filled_in_is_shown_again_in_place_of_what_was_set() -> None:
    made = card(
        scale(3, chosen="1"),
        TextField("note", "Note", text="So far"),
        values={"item": "2", "note": ""},
    )
    choice, text = inputs(made)
    assert choice["value"] == "2"
    assert "value" not in text


# --- any form


@settings(max_examples=60, deadline=None)
@given(forms)
def test_any_form_is_a_card(made: Form) -> None:
    shown = form_card(made, errors={field.name: "Wrong." for field in made.fields})
    assert check(shown) == []
    assert problems(shown) == []
