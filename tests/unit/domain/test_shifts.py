from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.availability import Availability
from bot.domain.shifts import Shift, on_shift

PERSON = Availability(
    zone="Europe/London",
    region="GB-ENG",
    working_days=frozenset({0, 1, 2, 3}),
    quiet_from=time(18, 30),
    quiet_until=time(8, 30),
)
TUESDAY, FRIDAY, SATURDAY, CHRISTMAS = 24, 27, 28, 25


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shift", "day", "hours"),
    [
        (Shift.WORKING_HOURS, TUESDAY, range(9, 19)),
        (Shift.MORNINGS, TUESDAY, range(8, 12)),
        (Shift.AFTERNOONS, TUESDAY, range(12, 17)),
        (Shift.EVENINGS, TUESDAY, range(17, 21)),
        (Shift.WEEKENDS, SATURDAY, range(9, 21)),
        (Shift.WEEKENDS, TUESDAY, range(0)),
        (Shift.MORNINGS, FRIDAY, range(0)),
        (Shift.EVENINGS, SATURDAY, range(0)),
    ],
)
def test_somebody_is_there_when_they_said(shift: Shift, day: int, hours: range) -> None:
    there = [hour for hour in range(24) if on_shift(PERSON, [shift], at(day, hour))]
    assert there == list(hours)


def test_several_shifts_add_up_and_none_is_never() -> None:
    both = [Shift.MORNINGS, Shift.EVENINGS]
    assert [on_shift(PERSON, both, at(TUESDAY, hour)) for hour in (9, 14, 18)] == [
        True,
        False,
        True,
    ]
    assert not on_shift(PERSON, [], at(TUESDAY, 10))


def test_breaks_and_public_holidays_are_theirs() -> None:
    away = replace(PERSON, paused_from=date(2026, 11, 24), paused_until=date(2026, 11, 24))
    assert not on_shift(away, [Shift.MORNINGS], at(TUESDAY, 10))
    friday = replace(PERSON, working_days=frozenset(range(5)))
    assert not on_shift(friday, list(Shift), at(CHRISTMAS, 10, month=12))
