"""When a cadence comes due: local times become instants here, and nowhere else.

A local time that daylight saving leaves out goes out at the first instant after the gap; one that
happens twice goes out the first time only. The unique key of a firing is its local date and time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.programme import Cadence

DAY = timedelta(days=1)
# A zone may skip a whole day (Samoa, 30 December 2011), so look one day further on either side.
MARGIN = 2 * DAY
EPOCH_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One firing: its local date and time (naive, the key) and its instant (aware, UTC)."""

    instant: datetime
    local: datetime


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a naive local time: after a gap, and the first of two."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    return _end_of_gap(local.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second after the gap between two instants on either side of it."""
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def due(cadence: Cadence, zone: ZoneInfo, after: datetime, until: datetime) -> list[Slot]:
    """The firings in (after, until], in order."""
    days = _dates(
        (after - MARGIN).astimezone(zone).date(), (until + MARGIN).astimezone(zone).date()
    )
    slots = (_slot(cadence, zone, day) for day in days if day.weekday() in cadence.weekdays)
    return sorted(slot for slot in slots if after < slot.instant <= until)


def next_due(cadence: Cadence, zone: ZoneInfo, after: datetime) -> Slot:
    """The first firing strictly after an instant."""
    return due(cadence, zone, after, after + timedelta(days=8) + MARGIN)[0]


def next_local(cadence: Cadence, after: datetime) -> datetime:
    """The first local time of the cadence strictly after a naive local time."""
    days = _dates(after.date(), after.date() + timedelta(days=7))
    times = (datetime.combine(day, cadence.at) for day in days if day.weekday() in cadence.weekdays)
    return next(time for time in times if time > after)


def turn(cadence: Cadence, day: date) -> int:
    """Which firing of the cadence this day's is, counted from a fixed Monday: 0, 1, 2, ..."""
    weeks, weekday = divmod((day - EPOCH_MONDAY).days, 7)
    return weeks * len(cadence.weekdays) + sum(other < weekday for other in cadence.weekdays)


def _slot(cadence: Cadence, zone: ZoneInfo, day: date) -> Slot:
    local = datetime.combine(day, cadence.at)
    return Slot(instant=to_instant(local, zone), local=local)


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * DAY
