from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.playground.crowd import Reader
from adapters.playground.store import PostedMessage
from bot.message import Button, Buttons, Choice, ChoiceField, Message, TextField

PRIMARY = Button("Yes", "yes", style="primary")
PLAIN = Button("One", "one")
QUIET = Button("Not now", "later", style="quiet")
SCALE = ChoiceField("q", "How?", tuple(Choice(str(n), str(n)) for n in range(11)))


def posted(*buttons: Button, author: str = "bot", revision: int = 0) -> PostedMessage:
    body = Message("Hello", (Buttons(buttons),))
    return PostedMessage("1", "dm:ada", author, datetime(2026, 3, 2, tzinfo=UTC), body, revision)


def readers(number: int) -> list[Reader]:
    return [Reader.of("seed", f"person {each}", "1") for each in range(number)]


def taps(message: PostedMessage) -> list[Button | None]:
    return [reader.button(message) for reader in readers(1_000)]


def test_the_same_seed_gives_the_same_answers() -> None:
    one = [reader.fill(SCALE) for reader in readers(50)]
    again = [reader.fill(SCALE) for reader in readers(50)]

    assert one == again
    assert len(set(one)) > 3


def test_most_people_press_what_stands_out() -> None:
    pressed = taps(posted(PRIMARY, PLAIN, QUIET))

    assert 800 < pressed.count(PRIMARY) < 900


def test_without_a_button_that_stands_out_some_people_put_it_off() -> None:
    pressed = taps(posted(PLAIN, Button("Two", "two"), QUIET))

    assert 50 < pressed.count(QUIET) < 150
    assert 350 < pressed.count(PLAIN) < 550


def test_nobody_stops_being_asked_by_chance_so_that_there_are_summaries_after_a_quarter() -> None:
    stop = Button("Stop asking me", "pulse.consent", "no", "quiet")
    pressed = taps(posted(PRIMARY, PLAIN, QUIET, stop))

    assert stop not in pressed
    assert {PRIMARY, PLAIN, QUIET} == set(pressed)


def test_nobody_says_by_chance_what_will_happen_in_their_team() -> None:
    say = Button("Say what will happen", "action.new", "housing")

    assert set(taps(posted(PLAIN, say))) == {PLAIN}


@pytest.mark.parametrize(
    "message",
    [posted(QUIET), posted(PLAIN, revision=1), posted(PRIMARY, author="ada")],
    ids=["only quiet buttons", "answered before", "a person's own line"],
)
def test_there_is_nothing_to_answer(message: PostedMessage) -> None:
    assert set(taps(message)) == {None}


def test_what_is_filled_in_already_stays_as_it_is() -> None:
    (reader,) = readers(1)
    setting = ChoiceField("s", "How often?", SCALE.choices, chosen="7")

    assert reader.fill(setting) == "7"
    assert reader.fill(TextField("t", "Say", text="kept")) == "kept"


def test_words_are_written_only_where_a_form_insists() -> None:
    (reader,) = readers(1)

    assert reader.fill(TextField("t", "Say")) == ""
    assert reader.fill(TextField("t", "Say", required=True)) != ""
