"""When a person may be written to: their working days, holidays, quiet hours and pauses."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.cadence import to_instant

NOT_FIRST_THING = time(10)
LOOKS_AHEAD_DAYS = 30


class Away(StrEnum):
    """Why somebody isn't written to at some instant."""

    PAUSED = "paused"
    HOLIDAY = "holiday"
    DAY_OFF = "day_off"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True, slots=True)
class Availability:
    """One person's (or channel's) working time.

    zone            a zone by name, such as `Europe/London`
    region          ISO 3166: a country (`IE`) or a part of one (`GB-SCT`), for public holidays
    working_days    weekday numbers, Monday is 0
    quiet_from/_until  local times; the span may cross midnight, and is empty when both are equal
    paused_from/_until  local dates, both included; leave is a pause
    """

    zone: str
    region: str
    working_days: frozenset[int]
    quiet_from: time
    quiet_until: time
    paused_from: date | None = None
    paused_until: date | None = None


def away(person: Availability, at: datetime) -> Away | None:
    """Why this person isn't written to at an instant, or None if they may be."""
    local = at.astimezone(ZoneInfo(person.zone))
    whole_day = _away_all_day(person, local.date())
    if whole_day is not None:
        return whole_day
    return Away.QUIET_HOURS if _is_quiet(person, local.time()) else None


def first_free(person: Availability, start: datetime, end: datetime) -> datetime | Away:
    """The first instant in [start, end) at which the person may be written to, else why not.

    Quiet hours that begin inside an hour that daylight saving repeats last until their end.
    """
    reason = away(person, start)
    at = start
    while (why := away(person, at)) is not None:
        at = _next_change(person, at, why)
        if at >= end:
            return reason or why
    return at


def next_working_morning(person: Availability, at: datetime) -> datetime | None:
    """When to write to somebody on their next working day, not first thing; None if it is far."""
    zone = ZoneInfo(person.zone)
    today = at.astimezone(zone).date()
    for days in range(1, LOOKS_AHEAD_DAYS + 1):
        morning = to_instant(datetime.combine(today + timedelta(days), NOT_FIRST_THING), zone)
        free = first_free(person, morning, morning + timedelta(hours=10))
        if not isinstance(free, Away):
            return free
    return None


def working_time_after(
    person: Availability, start: datetime, length: timedelta, end: datetime
) -> datetime:
    """When so much of somebody's working time has gone by since `start`; `end` at the latest."""
    at, left = start, length
    while at < end:
        free = first_free(person, at, end)
        if isinstance(free, Away):
            break
        until = _free_until(person, free)
        if free + left <= until:
            return min(free + left, end)
        left -= until - free
        at = until
    return end


def _free_until(person: Availability, at: datetime) -> datetime:
    """When the quiet hours or the day after an instant at which somebody is free begin."""
    zone = ZoneInfo(person.zone)
    local = at.astimezone(zone).replace(tzinfo=None)
    ends = datetime.combine(local.date() + timedelta(days=1), time.min)
    if person.quiet_from != person.quiet_until:
        quiet = datetime.combine(local.date(), person.quiet_from)
        ends = min(ends, quiet) if quiet > local else ends
    return max(to_instant(ends, zone), at + timedelta(minutes=1))


def _next_change(person: Availability, at: datetime, why: Away) -> datetime:
    """The next instant at which this reason may have ended."""
    zone = ZoneInfo(person.zone)
    local = at.astimezone(zone).replace(tzinfo=None)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time.min)
    if why is Away.QUIET_HOURS:
        ends = datetime.combine(local.date(), person.quiet_until)
        tomorrow = ends if ends > local else ends + timedelta(days=1)
    # In a repeated hour a wall-clock time can lie before the instant it was reached from.
    return max(to_instant(tomorrow, zone), at + timedelta(minutes=1))


def _away_all_day(person: Availability, day: date) -> Away | None:
    if is_paused(person, day):
        return Away.PAUSED
    if day.weekday() not in person.working_days:
        return Away.DAY_OFF
    return Away.HOLIDAY if day in public_holidays(person.region) else None


def is_paused(person: Availability, day: date) -> bool:
    """Whether a pause holds on a day."""
    if person.paused_from is None or day < person.paused_from:
        return False
    return person.paused_until is None or day <= person.paused_until


def _is_quiet(person: Availability, at: time) -> bool:
    start, end = person.quiet_from, person.quiet_until
    if start <= end:
        return start <= at < end
    return at >= start or at < end


@lru_cache(maxsize=512)
def public_holidays(region: str) -> Container[date]:
    """Public holidays of a region (python-holidays), grown year by year as they are asked for."""
    import holidays  # noqa: PLC0415 - half a second that `wellbeing --help` shouldn't pay

    country, _, part = region.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


def known_region(region: str) -> bool:
    """Whether public holidays are known for a region: a country's code, or a part's after it."""
    country, dash, part = region.partition("-")
    parts = _countries().get(country)
    return parts is not None and (not dash or part in parts)


@cache
def _zones() -> frozenset[str]:
    """Every zone's name; listing them reads a directory tree, so once is enough."""
    return frozenset(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def known_zone(zone: str) -> bool:
    """Whether there is a time zone by this name, such as `Europe/London`."""
    return zone in _zones()


@cache
def _countries() -> dict[str, frozenset[str]]:
    """Country → its parts, by ISO 3166 code."""
    import holidays  # noqa: PLC0415 - as above

    found = holidays.list_supported_countries(include_aliases=False)
    return {country: frozenset(parts) for country, parts in found.items()}
