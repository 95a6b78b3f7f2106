from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.availability import Away
from bot.domain.delivery import DeliveryState, SkipReason
from bot.domain.outcomes import (
    REASONS,
    Changed,
    Tally,
    blurred,
    blurred_if_few,
    duration_in_words,
    exact,
    in_words,
    outcomes,
)

PULSE, TEN = "pulse", "2026-11-23T10:00"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1, "fewer than 5"),
        (4, "fewer than 5"),
        (5, "5 to 7"),
        (8, "8 to 15"),
        (29, "16 to 29"),
        (30, "30 or more"),
        (4000, "30 or more"),
    ],
)
def test_a_blurred_count_says_its_band(number: int, words: str) -> None:
    assert str(blurred(number)) == words


def test_an_exact_count_is_easy_to_read() -> None:
    assert str(exact(1234)) == "1,234"


def test_only_few_are_blurred_where_many_may_be_counted() -> None:
    assert str(blurred_if_few(4)) == "fewer than 5"
    assert str(blurred_if_few(5)) == "5"


def test_a_count_is_false_when_there_is_none() -> None:
    assert not exact(0)
    assert not blurred(0)
    assert blurred(1)
    assert blurred(1000)


def progress(sent: int, waiting: int, *, discreet: bool) -> int | None:
    tallies = [
        Tally(PULSE, TEN, DeliveryState.SENT, "", is_due=False, number=sent),
        Tally(PULSE, TEN, DeliveryState.PLANNED, "", is_due=True, number=waiting),
    ]
    (one,) = outcomes(tallies, [PULSE] if discreet else [])
    return one.progress


def test_all_done_is_said_only_when_all_is_done() -> None:
    assert progress(9_999, 1, discreet=False) == 99
    assert progress(10_000, 0, discreet=False) == 100
    assert progress(9_999, 1, discreet=True) == 90
    assert progress(3, 0, discreet=True) == 100


def test_the_progress_of_a_pulse_is_the_same_for_all_in_a_tenth() -> None:
    assert {progress(sent, 100 - sent, discreet=True) for sent in range(30, 40)} == {30}


def test_the_progress_of_few_is_not_said() -> None:
    assert progress(14, 15, discreet=True) is None
    assert progress(14, 16, discreet=True) == 40


def test_zones_are_added_up_before_anything_is_blurred() -> None:
    of_each_zone = [
        Tally(PULSE, TEN, DeliveryState.SENT, "", is_due=False, number=3) for _ in range(3)
    ]
    (one,) = outcomes(of_each_zone, [PULSE])
    assert str(one.sent) == "8 to 15"


def test_every_reason_that_a_rule_gives_has_words() -> None:
    for reason in (*SkipReason, *Away):
        assert reason.value in REASONS
    assert in_words("something_new") == "something new"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min 0 s"),
        (3 * 60 + 20, "3 min 20 s"),
        (2 * 3600 + 5 * 60, "2 h 5 min"),
        (86_400, "1 day"),
        (3 * 86_400, "3 days"),
    ],
)
def test_durations_are_said_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration_in_words(timedelta(seconds=seconds)) == words


def test_what_was_changed_is_said_by_programme() -> None:
    changed = Changed((("check-in-weekly", exact(1200)), (PULSE, blurred(3))))
    assert changed
    assert str(changed) == "check-in-weekly (1,200), pulse (fewer than 5)"
    assert not Changed(())
