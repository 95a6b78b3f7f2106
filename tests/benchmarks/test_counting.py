"""The counting finds each thing that can go wrong, and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.faults.counting import ON_ITS_WAY, Arrived, Due, Planned, what_went_wrong

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ANNE, BEN = ("2026-11-23T09:30", "person:anne"), ("2026-11-23T09:30", "person:ben")
DUE = Due([ANNE, BEN])
ROWS = [
    Planned("a", ANNE, "C-anne", MORNING + timedelta(hours=4), "sent"),
    Planned("b", BEN, "C-ben", MORNING + timedelta(hours=4), "sent"),
]
MESSAGES = [Arrived("a", "C-anne", MORNING), Arrived("b", "C-ben", MORNING)]


def test_nothing_is_wrong_where_each_has_one_message_and_the_table_says_so() -> None:
    wrong = what_went_wrong(DUE, ROWS, MESSAGES)

    assert not wrong
    assert set(wrong.counts.values()) == {0}


def test_who_has_no_message_was_missed_whatever_the_table_says() -> None:
    wrong = what_went_wrong(DUE, ROWS, MESSAGES[:1])

    assert wrong.missed == [BEN]
    assert wrong.misrecorded == ["b"]


def test_who_was_never_planned_was_missed() -> None:
    assert what_went_wrong(DUE, ROWS[:1], MESSAGES[:1]).missed == [BEN]


@pytest.mark.parametrize("state", ["failed", "skipped", "expired"])
def test_who_was_given_up_was_missed(state: str) -> None:
    rows = [ROWS[0], replace(ROWS[1], state=state)]

    assert what_went_wrong(DUE, rows, MESSAGES[:1]).missed == [BEN]


def test_only_where_time_was_short_may_a_message_be_left_as_too_late() -> None:
    rows = [ROWS[0], replace(ROWS[1], state="expired")]

    assert not what_went_wrong(Due([ANNE, BEN], may_expire=[BEN]), rows, MESSAGES[:1])


def test_the_same_message_twice_is_found() -> None:
    assert what_went_wrong(DUE, ROWS, [*MESSAGES, MESSAGES[1]]).twice == [BEN]


def test_two_messages_for_one_firing_are_found_though_their_keys_differ() -> None:
    rows = [*ROWS, replace(ROWS[1], key="c")]

    wrong = what_went_wrong(DUE, rows, [*MESSAGES, Arrived("c", "C-ben", MORNING)])

    assert wrong.twice == [BEN]


@pytest.mark.parametrize(("after", "late"), [(timedelta(0), []), (ON_ITS_WAY * 1.1, ["b"])])
def test_what_arrives_after_its_time_is_late(after: timedelta, late: list[str]) -> None:
    message = Arrived("b", "C-ben", ROWS[1].expires_at + after)

    assert what_went_wrong(DUE, ROWS, [MESSAGES[0], message]).late == late


def test_a_message_that_the_table_does_not_know_of_is_found() -> None:
    stray = Arrived("x", "C-ben", MORNING)

    assert what_went_wrong(DUE, ROWS, [*MESSAGES, stray]).misrecorded == ["x"]


def test_a_message_in_somebody_elses_conversation_is_found() -> None:
    astray = Arrived("b", "C-anne", MORNING)

    assert what_went_wrong(DUE, ROWS, [MESSAGES[0], astray]).misrecorded


def test_a_message_that_arrived_and_is_called_failed_is_found() -> None:
    rows = [ROWS[0], replace(ROWS[1], state="failed")]

    wrong = what_went_wrong(DUE, rows, MESSAGES)

    assert (wrong.missed, wrong.misrecorded) == ([], ["b"])


@pytest.mark.parametrize("state", ["planned", "claimed", "unknown"])
def test_what_has_no_outcome_is_unfinished(state: str) -> None:
    rows = [ROWS[0], replace(ROWS[1], state=state)]

    assert what_went_wrong(DUE, rows, MESSAGES[:1]).unfinished == ["b"]
