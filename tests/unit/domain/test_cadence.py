from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import Slot, due, next_due, next_local, to_instant, turn
from bot.domain.programme import Cadence

LONDON = ZoneInfo("Europe/London")
CAIRO = ZoneInfo("Africa/Cairo")
SANTIAGO = ZoneInfo("America/Santiago")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKING_DAYS = (0, 1, 2, 3, 4)
MONDAY = 0


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def wall(text: str) -> datetime:
    """What clocks on the wall show: a time without a zone."""
    return datetime.fromisoformat(text)


# --- local times become instants -----------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        (LONDON, wall("2026-01-05 10:00"), utc(2026, 1, 5, 10)),
        (LONDON, wall("2026-07-06 10:00"), utc(2026, 7, 6, 9)),
        (CAIRO, wall("2026-07-06 10:00"), utc(2026, 7, 6, 7)),
        (LORD_HOWE, wall("2026-07-06 10:00"), utc(2026, 7, 5, 23, 30)),
    ],
)
def test_an_ordinary_local_time_is_the_instant_that_clocks_on_the_wall_show(
    zone: ZoneInfo, local: datetime, instant: datetime
) -> None:
    assert to_instant(local, zone) == instant


@pytest.mark.parametrize(
    ("zone", "in_the_gap", "first_instant_after"),
    [
        (LONDON, wall("2026-03-29 01:00"), utc(2026, 3, 29, 1, 0)),
        (LONDON, wall("2026-03-29 01:30"), utc(2026, 3, 29, 1, 0)),
        (LONDON, wall("2026-03-29 01:59:59"), utc(2026, 3, 29, 1, 0)),
        (CAIRO, wall("2026-04-24 00:00"), utc(2026, 4, 23, 22, 0)),
        (CAIRO, wall("2026-04-24 00:45"), utc(2026, 4, 23, 22, 0)),
        (SANTIAGO, wall("2026-09-06 00:30"), utc(2026, 9, 6, 4, 0)),
        (LORD_HOWE, wall("2026-10-04 02:00"), utc(2026, 10, 3, 15, 30)),
        (LORD_HOWE, wall("2026-10-04 02:29"), utc(2026, 10, 3, 15, 30)),
        (APIA, wall("2011-12-30 00:00"), utc(2011, 12, 30, 10, 0)),
        (APIA, wall("2011-12-30 09:00"), utc(2011, 12, 30, 10, 0)),
        (APIA, wall("2011-12-30 23:59"), utc(2011, 12, 30, 10, 0)),
    ],
)
def test_a_time_in_the_gap_goes_out_at_the_first_instant_after_it(
    zone: ZoneInfo, in_the_gap: datetime, first_instant_after: datetime
) -> None:
    instant = to_instant(in_the_gap, zone)
    assert instant == first_instant_after
    # A second earlier, the zone still had its old offset: nothing after the gap comes sooner.
    a_second_before = instant - timedelta(seconds=1)
    assert a_second_before.astimezone(zone).utcoffset() != instant.astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("zone", "last_before", "first_after"),
    [
        (LONDON, wall("2026-03-29 00:59:59"), wall("2026-03-29 02:00")),
        (CAIRO, wall("2026-04-23 23:59:59"), wall("2026-04-24 01:00")),
        (LORD_HOWE, wall("2026-10-04 01:59:59"), wall("2026-10-04 02:30")),
        (APIA, wall("2011-12-29 23:59:59"), wall("2011-12-31 00:00")),
    ],
)
def test_the_seconds_on_either_side_of_a_gap_follow_each_other(
    zone: ZoneInfo, last_before: datetime, first_after: datetime
) -> None:
    assert to_instant(first_after, zone) - to_instant(last_before, zone) == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "twice", "first_time"),
    [
        (LONDON, wall("2026-10-25 01:00"), utc(2026, 10, 25, 0, 0)),
        (LONDON, wall("2026-10-25 01:30"), utc(2026, 10, 25, 0, 30)),
        (CAIRO, wall("2026-10-29 23:30"), utc(2026, 10, 29, 20, 30)),
        (SANTIAGO, wall("2026-04-04 23:30"), utc(2026, 4, 5, 2, 30)),
        (LORD_HOWE, wall("2026-04-05 01:45"), utc(2026, 4, 4, 14, 45)),
    ],
)
def test_a_time_that_happens_twice_goes_out_the_first_time(
    zone: ZoneInfo, twice: datetime, first_time: datetime
) -> None:
    assert to_instant(twice, zone) == first_time
    # It really happens twice: the second of the two shows the same time on the wall.
    assert twice.replace(tzinfo=zone, fold=1).astimezone(UTC) > first_time


# --- what is due in a window ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "at", "from_", "until", "day"),
    [
        (LONDON, time(1, 30), utc(2026, 3, 28, 12), utc(2026, 3, 29, 12), date(2026, 3, 29)),
        (LONDON, time(1, 30), utc(2026, 10, 24, 12), utc(2026, 10, 25, 12), date(2026, 10, 25)),
        (CAIRO, time(0, 30), utc(2026, 4, 23, 12), utc(2026, 4, 24, 12), date(2026, 4, 24)),
        (SANTIAGO, time(0, 30), utc(2026, 9, 5, 12), utc(2026, 9, 6, 12), date(2026, 9, 6)),
        (LORD_HOWE, time(2, 15), utc(2026, 10, 3, 3), utc(2026, 10, 4, 3), date(2026, 10, 4)),
    ],
)
def test_a_night_on_which_clocks_change_has_one_slot_like_any_other(
    zone: ZoneInfo, at: time, from_: datetime, until: datetime, day: date
) -> None:
    slots = due(Cadence(EVERY_DAY, at), zone, from_, until)
    assert [slot.local for slot in slots] == [datetime.combine(day, at)]


def test_a_day_that_a_zone_leaves_out_still_has_its_slot() -> None:
    slots = due(Cadence(EVERY_DAY, time(9)), APIA, utc(2011, 12, 29), utc(2011, 12, 31))
    assert slots == [
        Slot(utc(2011, 12, 29, 19), wall("2011-12-29 09:00")),
        Slot(utc(2011, 12, 30, 10), wall("2011-12-30 09:00")),
        Slot(utc(2011, 12, 30, 19), wall("2011-12-31 09:00")),
    ]


def test_a_window_leaves_out_its_start_and_takes_in_its_end() -> None:
    daily = Cadence(EVERY_DAY, time(10))
    first, second = utc(2026, 1, 5, 10), utc(2026, 1, 6, 10)
    assert [slot.instant for slot in due(daily, LONDON, first, second)] == [second]
    assert due(daily, LONDON, first, second - timedelta(seconds=1)) == []
    assert due(daily, LONDON, first, first) == []


def test_slots_come_in_the_order_of_their_instants() -> None:
    slots = due(Cadence(WORKING_DAYS, time(9)), CAIRO, utc(2026, 1, 1), utc(2026, 3, 1))
    assert len(slots) == 42
    assert all(one.instant < other.instant for one, other in pairwise(slots))


def test_only_the_weekdays_of_the_cadence_come_due() -> None:
    slots = due(Cadence((1, 4), time(9)), SANTIAGO, utc(2026, 1, 1), utc(2026, 12, 31))
    assert {slot.local.weekday() for slot in slots} == {1, 4}


ZONES = st.sampled_from(
    [
        "Europe/London",
        "Africa/Cairo",
        "America/Santiago",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "America/St_Johns",
        "America/Havana",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Etc/GMT+12",
        "UTC",
    ]
).map(ZoneInfo)
CADENCES = st.builds(
    Cadence,
    st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days))),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59])),
)
# The changes of 2026, and the day that Samoa left out.
STARTS = st.one_of(
    st.datetimes(wall("2026-01-01"), wall("2026-12-31")),
    st.datetimes(wall("2011-12-25"), wall("2012-01-02")),
).map(lambda naive: naive.replace(tzinfo=UTC))
GAPS = st.timedeltas(timedelta(seconds=1), timedelta(days=5))


@given(zone=ZONES, cadence=CADENCES, start=STARTS, gaps=st.lists(GAPS, min_size=1, max_size=6))
def test_splitting_a_window_neither_loses_nor_repeats_a_slot(
    zone: ZoneInfo, cadence: Cadence, start: datetime, gaps: list[timedelta]
) -> None:
    ends = [start]
    for gap in gaps:
        ends.append(ends[-1] + gap)
    in_pieces = [slot for one, other in pairwise(ends) for slot in due(cadence, zone, one, other)]
    assert in_pieces == due(cadence, zone, start, ends[-1])
    assert len({slot.local for slot in in_pieces}) == len(in_pieces)


@given(zone=ZONES, cadence=CADENCES, start=STARTS)
def test_every_day_of_the_cadence_has_one_slot_near_its_local_time(
    zone: ZoneInfo, cadence: Cadence, start: datetime
) -> None:
    until = start + timedelta(days=21)
    listed = {slot.local.date() for slot in due(cadence, zone, start, until)}
    inside = (start + timedelta(days=2), until - timedelta(days=2))
    first, last = (instant.astimezone(zone).date() for instant in inside)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert listed.issuperset(day for day in days if day.weekday() in cadence.weekdays)


@given(zone=ZONES, cadence=CADENCES, start=STARTS)
def test_the_next_slot_is_the_first_of_all_that_follow(
    zone: ZoneInfo, cadence: Cadence, start: datetime
) -> None:
    upcoming = next_due(cadence, zone, start)
    assert upcoming.instant > start
    assert upcoming == due(cadence, zone, start, upcoming.instant)[0]


def test_a_slot_is_not_its_own_next() -> None:
    weekly = Cadence((MONDAY,), time(10))
    monday = next_due(weekly, LONDON, utc(2026, 11, 20))
    assert monday.instant == utc(2026, 11, 23, 10)
    assert next_due(weekly, LONDON, monday.instant).instant == utc(2026, 11, 30, 10)


# --- the next local time -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (wall("2026-11-24 10:00"), wall("2026-11-26 16:00")),
        (wall("2026-11-26 15:59"), wall("2026-11-26 16:00")),
        (wall("2026-11-26 16:00"), wall("2026-12-03 16:00")),
        (wall("2026-12-28 09:00"), wall("2026-12-31 16:00")),
    ],
)
def test_the_next_local_time_is_strictly_later(after: datetime, expected: datetime) -> None:
    assert next_local(Cadence((3,), time(16)), after) == expected


# --- which turn it is ----------------------------------------------------------------------


def test_turns_are_counted_from_a_fixed_monday() -> None:
    week = [date(1970, 1, 5) + timedelta(days=n) for n in range(5)]
    assert [turn(Cadence(WORKING_DAYS, time(9)), day) for day in week] == [0, 1, 2, 3, 4]
    assert turn(Cadence((MONDAY,), time(9)), date(1970, 1, 12)) == 1


@pytest.mark.parametrize("weekdays", [(MONDAY,), (6,), (1, 4), WORKING_DAYS, EVERY_DAY])
def test_turns_go_up_by_one_through_weeks_and_years(weekdays: tuple[int, ...]) -> None:
    cadence = Cadence(weekdays, time(9))
    days = [date(2023, 12, 1) + timedelta(days=n) for n in range(3 * 366)]
    turns = [turn(cadence, day) for day in days if day.weekday() in weekdays]
    assert turns == list(range(turns[0], turns[0] + len(turns)))
