from __future__ import annotations

from bot.domain.support import TRANSITIONS, Event, RequestState
from tests.support.states_drawing import PAGE, drawing, drawn_in


def test_the_page_draws_the_states_as_the_code_has_them() -> None:
    assert drawn_in(PAGE.read_text(encoding="utf-8")) == drawing(), (
        "the drawing in docs/support.md is another: run python -m tests.support.states_drawing"
    )


def test_every_state_and_event_is_in_the_drawing() -> None:
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(RequestState)
    for name in (*RequestState, *Event):
        assert name in drawing()


def test_the_page_says_what_each_state_and_event_means() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in (*RequestState, *Event):
        assert f"| `{name}` |" in page, name
