from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.availability import (
    Availability,
    Away,
    away,
    first_free,
    known_region,
    next_working_morning,
    public_holidays,
)

PERSON = Availability(
    zone="Europe/London",
    region="GB-ENG",
    working_days=frozenset(range(5)),
    quiet_from=time(18, 30),
    quiet_until=time(8, 30),
)
LONDON = ZoneInfo("Europe/London")
A_WEEK = timedelta(days=7)
# 2026: Monday 23 November is an ordinary working day in all four nations.
NATIONS = ("GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR")


def local(day: date, at: time, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November 2026, in London."""
    return local(date(2026, 11, day), time(hour, minute))


# --- why somebody isn't written to ---------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(8, 29, 59), Away.QUIET_HOURS),
        (time(8, 30), None),
        (time(18, 29, 59), None),
        (time(18, 30), Away.QUIET_HOURS),
        (time(23, 59), Away.QUIET_HOURS),
        (time(0, 0), Away.QUIET_HOURS),
    ],
)
def test_quiet_hours_cross_midnight_and_leave_out_their_end(
    at: time, expected: Away | None
) -> None:
    assert away(PERSON, local(date(2026, 11, 23), at)) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [(time(11, 59), None), (time(12), Away.QUIET_HOURS), (time(13), None)],
)
def test_quiet_hours_may_lie_within_a_day(at: time, expected: Away | None) -> None:
    lunch = replace(PERSON, quiet_from=time(12), quiet_until=time(13))
    assert away(lunch, local(date(2026, 11, 23), at)) is expected


@pytest.mark.parametrize("both", [time(0), time(8, 30), time(23, 59)])
def test_quiet_hours_that_end_where_they_start_are_none(both: time) -> None:
    never_quiet = replace(PERSON, quiet_from=both, quiet_until=both)
    day = on(23, 0)
    assert all(away(never_quiet, day + timedelta(minutes=n)) is None for n in range(24 * 60))


def test_days_that_somebody_does_not_work_are_days_off() -> None:
    part_time = replace(PERSON, working_days=frozenset({0, 2}))
    reasons = [away(part_time, on(23 + n, 10)) for n in range(7)]
    off = Away.DAY_OFF
    assert reasons == [None, off, None, off, off, off, off]


def test_the_day_is_the_one_where_the_person_lives() -> None:
    friday_evening_in_london = on(27, 14)
    in_samoa = replace(PERSON, zone="Pacific/Apia", region="WS")
    assert away(PERSON, friday_evening_in_london) is None
    assert away(in_samoa, friday_evening_in_london) is Away.DAY_OFF


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2026, 1, 1), NATIONS),
        (date(2026, 1, 2), ("GB-SCT",)),
        (date(2026, 3, 17), ("GB-NIR",)),
        (date(2026, 4, 3), NATIONS),
        (date(2026, 4, 6), ("GB-ENG", "GB-WLS", "GB-NIR")),
        (date(2027, 7, 12), ("GB-NIR",)),
        (date(2026, 11, 30), ("GB-SCT",)),
        (date(2026, 12, 25), NATIONS),
    ],
)
@pytest.mark.parametrize("nation", NATIONS)
def test_the_four_nations_have_their_own_holidays(
    nation: str, day: date, off: tuple[str, ...]
) -> None:
    reason = away(replace(PERSON, region=nation), local(day, time(10)))
    assert reason is (Away.HOLIDAY if nation in off else None)
    # Our table, the product and the package agree.
    package = holidays.country_holidays("GB", subdiv=nation.removeprefix("GB-"), years=day.year)
    assert (day in package) is (nation in off)


@pytest.mark.parametrize("region", [*NATIONS, "GB", "IE", "DE-BY", "US-CA"])
def test_holidays_are_known_for_countries_and_their_parts(region: str) -> None:
    assert known_region(region)
    assert date(2030, 12, 25) in public_holidays(region)


@pytest.mark.parametrize("region", ["Atlantis", "GB-XYZ", "England", "??"])
def test_a_region_without_holidays_is_not_known(region: str) -> None:
    assert not known_region(region)


# --- pauses --------------------------------------------------------------------------------


def test_a_pause_covers_its_first_and_its_last_day() -> None:
    paused = replace(PERSON, paused_from=date(2026, 11, 24), paused_until=date(2026, 11, 26))
    reasons = [away(paused, on(day, 10)) for day in range(23, 28)]
    assert reasons == [None, Away.PAUSED, Away.PAUSED, Away.PAUSED, None]


def test_a_pause_without_an_end_never_ends() -> None:
    paused = replace(PERSON, paused_from=date(2026, 11, 24))
    assert away(paused, on(23, 10)) is None
    assert away(paused, on(24, 10)) is Away.PAUSED
    assert away(paused, local(date(2046, 11, 26), time(10))) is Away.PAUSED


def test_a_last_day_without_a_first_is_no_pause() -> None:
    assert away(replace(PERSON, paused_until=date(2026, 12, 24)), on(23, 10)) is None


def test_a_pause_is_named_before_a_day_off_and_a_day_off_before_quiet_hours() -> None:
    saturday_night = on(28, 23)
    assert away(PERSON, saturday_night) is Away.DAY_OFF
    paused = replace(PERSON, paused_from=date(2026, 11, 1))
    assert away(paused, saturday_night) is Away.PAUSED


# --- the first free instant ----------------------------------------------------------------


def test_free_time_is_taken_at_once() -> None:
    start = on(23, 10, 7) + timedelta(seconds=3)
    assert first_free(PERSON, start, start + A_WEEK) == start


def test_a_night_ends_when_quiet_hours_do() -> None:
    assert first_free(PERSON, on(23, 22), on(24, 12)) == on(24, 8, 30)
    assert first_free(PERSON, on(24, 3), on(24, 12)) == on(24, 8, 30)


def test_a_weekend_and_a_holiday_are_stepped_over() -> None:
    in_scotland = replace(PERSON, region="GB-SCT")
    friday_night = on(27, 20)
    assert first_free(PERSON, friday_night, friday_night + A_WEEK) == on(30, 8, 30)
    st_andrews_is_over = local(date(2026, 12, 1), time(8, 30))
    assert first_free(in_scotland, friday_night, friday_night + A_WEEK) == st_andrews_is_over


def test_without_free_time_the_first_reason_is_given() -> None:
    assert first_free(PERSON, on(27, 20), on(29, 12)) is Away.QUIET_HOURS
    assert first_free(PERSON, on(28, 10), on(29, 12)) is Away.DAY_OFF
    paused = replace(PERSON, paused_from=date(2026, 11, 1))
    assert first_free(paused, on(23, 10), on(24, 10)) is Away.PAUSED


def test_free_time_that_begins_at_the_end_comes_too_late() -> None:
    ends = on(24, 8, 30)
    assert first_free(PERSON, on(23, 22), ends) is Away.QUIET_HOURS
    assert first_free(PERSON, on(23, 22), ends + timedelta(seconds=1)) == ends


def test_somebody_who_never_works_is_never_free() -> None:
    retired = replace(PERSON, working_days=frozenset())
    assert first_free(retired, on(1, 10), on(30, 10)) is Away.DAY_OFF


def test_quiet_hours_that_end_in_a_gap_end_with_it() -> None:
    night_worker = replace(
        PERSON, working_days=frozenset(range(7)), quiet_from=time(20), quiet_until=time(1, 30)
    )
    night = datetime(2026, 3, 28, 23, tzinfo=UTC)
    free = first_free(night_worker, night, night + timedelta(hours=6))
    assert free == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_quiet_hours_that_end_twice_end_the_first_time() -> None:
    night_worker = replace(
        PERSON, working_days=frozenset(range(7)), quiet_from=time(20), quiet_until=time(1, 30)
    )
    night = datetime(2026, 10, 24, 22, tzinfo=UTC)
    free = first_free(night_worker, night, night + timedelta(hours=6))
    assert free == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_repeated_hour_is_quiet_the_second_time_too() -> None:
    night_worker = replace(
        PERSON, working_days=frozenset(range(7)), quiet_from=time(20), quiet_until=time(1, 30)
    )
    second_ten_past_one = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    free = first_free(night_worker, second_ten_past_one, second_ten_past_one + A_WEEK)
    assert free == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


ZONES = (
    "Europe/London",
    "Africa/Cairo",
    "America/Santiago",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
# Nights on which a clock changes somewhere, holidays, and ordinary days.
NIGHTS = st.sampled_from(
    [
        "2026-03-28",
        "2026-04-04",
        "2026-04-23",
        "2026-09-05",
        "2026-10-03",
        "2026-10-24",
        "2026-10-29",
        "2026-10-31",
        "2026-11-27",
        "2026-12-24",
    ]
)
STARTS = st.builds(
    lambda night, minutes: (datetime.fromisoformat(night) + timedelta(minutes=minutes)).replace(
        tzinfo=UTC
    ),
    NIGHTS,
    st.integers(-600, 2400),
)
PAUSES = st.one_of(st.none(), st.dates(date(2026, 3, 25), date(2026, 12, 28)))
PEOPLE = st.builds(
    Availability,
    zone=st.sampled_from(ZONES),
    region=st.sampled_from(NATIONS),
    working_days=st.frozensets(st.integers(0, 6), min_size=4),
    # Whole hours: quiet hours that begin amid a repeated hour have a free spell within them.
    quiet_from=st.builds(time, st.integers(0, 23)),
    quiet_until=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
    paused_from=PAUSES,
    paused_until=PAUSES,
)


@given(person=PEOPLE, start=STARTS, hours=st.integers(1, 60))
@settings(max_examples=150)
def test_what_is_found_is_free_and_nothing_earlier_is(
    person: Availability, start: datetime, hours: int
) -> None:
    end = start + timedelta(hours=hours)
    found = first_free(person, start, end)
    if isinstance(found, Away):
        assert found is away(person, start)
        before = end
    else:
        assert start <= found < end
        assert away(person, found) is None
        before = found
    minutes = range(-(-(before - start) // timedelta(minutes=1)))
    assert all(away(person, start + timedelta(minutes=n)) is not None for n in minutes)


# --- the next working day ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "then"),
    [
        (on(24, 9), on(25, 10)),
        (on(24, 23), on(25, 10)),
        (on(27, 16), on(30, 10)),  # a Friday
    ],
)
def test_the_next_working_day_begins_in_the_morning_and_not_first_thing(
    at: datetime, then: datetime
) -> None:
    assert next_working_morning(PERSON, at) == then


def test_a_break_puts_the_next_working_day_off() -> None:
    paused = replace(PERSON, paused_from=date(2026, 11, 24), paused_until=date(2026, 11, 26))
    assert next_working_morning(paused, on(24, 9)) == on(27, 10)
    assert next_working_morning(replace(paused, paused_until=None), on(24, 9)) is None


def test_whoever_is_quiet_until_later_has_a_later_morning() -> None:
    assert next_working_morning(replace(PERSON, quiet_until=time(11)), on(24, 9)) == on(25, 11)
