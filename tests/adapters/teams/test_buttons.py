from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.buttons import tapped
from adapters.teams.cards import message_card, notice_card
from adapters.teams.limits import Json, check
from bot.message import Button, Buttons, Message, Part
from tests.adapters.teams.reading import actions, invoke, kinds, words
from tests.support.lookalikes import lookalike

ANSWERS = Buttons(tuple(Button(f"Answer {n}", "check_in.answer", f"d1:{n}") for n in range(5)))
WAYS_OUT = Buttons(
    (
        Button("Not now", "delivery.snooze", "d1", "quiet"),
        Button("Skip", "check_in.answer", "d1:skip", "quiet"),
        Button("Talk to someone", "resources.open", style="quiet"),
    )
)


def card(*parts: Part, dialogs: tuple[str, ...] = ()) -> Json:
    made = message_card(Message("Summary", parts), dialogs=dialogs)
    assert check(made) == []
    return made


def row(*labels: str, style: Any = "plain") -> Buttons:
    return Buttons(tuple(Button(label, "do.it", label, style) for label in labels))


def as_actions(made: Json) -> list[str]:
    sets = (element["actions"] for element in made["body"] if element["type"] == "ActionSet")
    return [action["title"] for each in sets for action in each]


def as_cells(made: Json) -> list[str]:
    sets = (element["columns"] for element in made["body"] if element["type"] == "ColumnSet")
    return [cell["selectAction"]["title"] for each in sets for cell in each]


def test_a_button_runs_its_action_and_sends_its_value() -> None:
    (action,) = actions(card(Buttons((Button("Yes", "welcome.answer", "yes", "primary"),))))
    assert action == {
        "type": "Action.Execute",
        "title": "Yes",
        "verb": "welcome.answer",
        "data": {"value": "yes"},
        "style": "positive",
    }


def test_only_a_primary_button_stands_out() -> None:
    made = card(row("One"), row("Two", style="quiet"))
    assert not any("style" in action for action in actions(made))


def test_a_button_that_a_dialog_answers_asks_for_it() -> None:
    part = Buttons((Button("Answer", "pulse.form", "r1"), Button("Not now", "delivery.snooze")))
    form, other = actions(card(part, dialogs=("pulse.form",)))
    assert form["type"] == "Action.Submit"
    assert form["data"] == {
        "action": "pulse.form",
        "value": "r1",
        "msteams": {"type": "task/fetch"},
    }
    assert other["type"] == "Action.Execute"


def test_within_a_dialog_every_button_is_submitted() -> None:
    made = notice_card(Message("Summary", (Buttons((Button("Undo", "undo", "1"),)),)), "Title")
    assert check(made) == []
    (action,) = actions(made)
    assert (action["type"], action["data"]) == ("Action.Submit", {"action": "undo", "value": "1"})


@pytest.mark.parametrize("dialogs", [(), ("a|b", "settings.open")])
def test_what_is_tapped_comes_back_as_it_was(dialogs: tuple[str, ...]) -> None:
    part = Buttons((Button("A", "settings.open"), Button("B", "a|b", "-"), Button("C", "c", "d:e")))
    sent = [tapped(invoke(action)) for action in actions(card(part, dialogs=dialogs))]
    assert sent == [("settings.open", ""), ("a|b", "-"), ("c", "d:e")]


@given(st.text(st.characters(categories=["L", "N", "P"]), max_size=50))
def test_every_value_comes_back(value: str) -> None:
    (action,) = actions(card(Buttons((Button("A", "do.it", value),))))
    assert tapped(invoke(action)) == ("do.it", value)


@pytest.mark.parametrize(
    "forged",
    [
        *({}, {"action": "do.it"}, {"action": {"verb": 3, "data": "x"}}, {"data": None}),
        *({"data": {"action": ["do.it"], "value": {}}}, {"action": {"data": {"value": 7}}}),
    ],
)
def test_what_nobody_could_tap_is_no_action(forged: Json) -> None:
    assert tapped(forged) == ("", "")


# --- at most six actions


def test_a_check_in_has_its_answers_as_actions_and_its_ways_out_as_cells() -> None:
    made = card(ANSWERS, WAYS_OUT)
    assert as_actions(made) == [f"Answer {n}" for n in range(5)]
    assert as_cells(made) == ["Not now", "Skip", "Talk to someone"]


def test_a_cell_does_what_the_button_would_do() -> None:
    sent = [tapped(invoke(action)) for action in actions(card(ANSWERS, WAYS_OUT))]
    assert sent[5:] == [
        ("delivery.snooze", "d1"),
        ("check_in.answer", "d1:skip"),
        ("resources.open", ""),
    ]


def test_a_cell_shows_its_label_and_nothing_in_it_acts() -> None:
    made = card(ANSWERS, row("*Housing*", "[x](y)", style="quiet"))
    (cells,) = (element for element in made["body"] if element["type"] == "ColumnSet")
    shown = [cell["items"][0]["text"] for cell in cells["columns"]]
    assert shown == [lookalike("*Housing*"), f"{lookalike('[x]')}(y)"]
    assert as_cells(made) == ["*Housing*", "[x](y)"]


def test_up_to_six_buttons_are_actions_all_of_them() -> None:
    assert as_actions(card(row("1", "2", "3"), row("4", "5", "6", style="quiet"))) == list("123456")


def test_rows_with_more_than_quiet_buttons_are_actions_first_and_the_order_stays() -> None:
    made = card(WAYS_OUT, row(*"1234"), row(*"abcdef"), row("Start", style="primary"))
    assert as_actions(made) == [*"1234", "Start"]
    assert as_cells(made) == ["Not now", "Skip", "Talk to someone", *"abcdef"]
    assert [tapped(invoke(action))[1] for action in actions(made)][3:] == [*"1234abcdef", "Start"]


def test_a_row_is_never_half_actions_and_half_cells() -> None:
    made = card(row(*"1234"), row(*"abcd"))
    assert (as_actions(made), as_cells(made)) == (list("1234"), list("abcd"))


# --- what a phone shows


def test_a_row_that_is_too_wide_for_a_phone_is_on_several_lines() -> None:
    made = card(row("What your manager will see", "Take my answer back", "Stop"))
    assert kinds(made) == ["ActionSet", "ActionSet"]
    assert [len(element["actions"]) for element in made["body"]] == [1, 2]
    assert [element.get("spacing") for element in made["body"]] == [None, "Small"]


def test_cells_take_more_room_than_buttons() -> None:
    made = card(ANSWERS, WAYS_OUT)
    cells = [element["columns"] for element in made["body"] if element["type"] == "ColumnSet"]
    assert [len(each) for each in cells] == [2, 1]


def test_a_label_is_shortened_and_a_button_without_one_is_left_out() -> None:
    made = card(row("word " * 30, "\u200b", "Two"))
    assert as_cells(made) == ["word " * 14 + "word…", "Two"]
    assert words(card(row(" "))) == ["…"]


def test_a_label_that_is_wider_than_a_phone_is_wrapped_in_a_cell() -> None:
    name = "Verkehrsinfrastrukturfinanzierungsgesellschaft"
    made = card(row("Short", name))
    assert (as_actions(made), as_cells(made)) == ([], ["Short", name])
    assert as_actions(card(row("x" * 36))) == ["x" * 36]
