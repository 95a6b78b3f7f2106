"""When a volunteer is there for others, in words that they choose: no rota to fill in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.availability import Availability, away, is_paused, public_holidays

WEEKEND: Final = frozenset({5, 6})


class Shift(StrEnum):
    WORKING_HOURS = "working_hours"
    MORNINGS = "mornings"
    AFTERNOONS = "afternoons"
    EVENINGS = "evenings"
    WEEKENDS = "weekends"


# Local times, from and until.
TIMES: Final = {
    Shift.MORNINGS: (time(8), time(12)),
    Shift.AFTERNOONS: (time(12), time(17)),
    Shift.EVENINGS: (time(17), time(21)),
    Shift.WEEKENDS: (time(9), time(21)),
}


def on_shift(person: Availability, shifts: Collection[Shift], at: datetime) -> bool:
    """Whether somebody is there for others at an instant. Breaks and public holidays are theirs."""
    local = at.astimezone(ZoneInfo(person.zone))
    if is_paused(person, local.date()) or local.date() in public_holidays(person.region):
        return False
    return any(_is_in(person, shift, at, local) for shift in shifts)


def _is_in(person: Availability, shift: Shift, at: datetime, local: datetime) -> bool:
    if shift is Shift.WORKING_HOURS:
        return away(person, at) is None
    start, end = TIMES[shift]
    return _is_day_of(person, shift, local.date()) and start <= local.time() < end


def _is_day_of(person: Availability, shift: Shift, day: date) -> bool:
    days = WEEKEND if shift is Shift.WEEKENDS else person.working_days
    return day.weekday() in days
