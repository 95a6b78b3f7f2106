from __future__ import annotations

import itertools

import pytest

from bot.domain.support import (
    ALIVE,
    ENDED,
    HELD,
    TRANSITIONS,
    WAITING,
    Event,
    RequestState,
    Shown,
    after,
    next_step,
)

S, E = RequestState, Event


def test_every_state_is_a_draft_alive_or_over() -> None:
    assert sorted([S.DRAFT, *ALIVE, *ENDED]) == sorted(S)
    assert sorted([*WAITING, *HELD]) == sorted(ALIVE)


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize("event", [E.CLOSE, E.WITHDRAW, E.EXPIRE])
def test_whatever_is_alive_can_end_in_one_step(state: RequestState, event: Event) -> None:
    assert after(state, event) in ENDED


@pytest.mark.parametrize("state", ENDED)
def test_nothing_happens_to_what_is_over(state: RequestState) -> None:
    assert not any(after(state, event) for event in Event)


@pytest.mark.parametrize("state", WAITING)
def test_whatever_waits_can_be_picked_up(state: RequestState) -> None:
    assert after(state, E.CLAIM) is S.CLAIMED


@pytest.mark.parametrize("state", HELD)
def test_what_somebody_has_cannot_be_picked_up_by_another(state: RequestState) -> None:
    assert after(state, E.CLAIM) is None
    assert after(state, E.HAND_BACK) is S.HANDED_BACK


def test_every_state_can_be_reached_and_every_event_happens_somewhere() -> None:
    reached, before = {S.DRAFT}, set[RequestState]()
    while reached != before:
        before = set(reached)
        steps = itertools.product(before, Event)
        reached |= {to for step in steps if (to := after(*step)) is not None}
    assert reached == set(S)
    assert {event for _, event in TRANSITIONS} == set(Event)


def test_a_clock_that_runs_out_ends_with_a_word_to_whoever_asked() -> None:
    state: RequestState | None = S.OPEN
    for event in (E.OFFER, E.ESCALATE, E.GIVE_UP):
        assert state is not None
        state = after(state, event)
    assert state is S.NOBODY_FREE


def test_a_name_is_shown_step_by_step() -> None:
    assert next_step(Shown.PSEUDONYM) is Shown.FIRST_NAME
    assert next_step(Shown.FIRST_NAME) is Shown.NAME_AND_TEAM
    assert next_step(Shown.NAME_AND_TEAM) is None
