from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.availability import Availability, away, working_time_after
from bot.domain.support import Urgency
from bot.domain.support_clock import LOOKS_AHEAD, Step, next_step_at, step_at

LONDON = Availability(
    zone="Europe/London",
    region="GB-ENG",
    working_days=frozenset(range(5)),
    quiet_from=time(18, 30),
    quiet_until=time(8, 30),
)
FAR = datetime(2027, 6, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "steps"),
    [
        # Tuesday morning: within the day.
        ("2026-11-24T10:00", ["2026-11-24T10:30", "2026-11-24T11:00", "2026-11-24T12:00"]),
        # In the evening: half an hour is left, the rest is in the morning.
        ("2026-11-24T18:00", ["2026-11-24T18:30", "2026-11-25T09:00", "2026-11-25T10:00"]),
        # At night: the clock starts in the morning.
        ("2026-11-24T23:00", ["2026-11-25T09:00", "2026-11-25T09:30", "2026-11-25T10:30"]),
        # On Friday evening: over the weekend.
        ("2026-11-27T18:15", ["2026-11-30T08:45", "2026-11-30T09:15", "2026-11-30T10:15"]),
        # On Christmas Eve: over two holidays, a weekend and the day that is off for one of them.
        ("2026-12-24T18:15", ["2026-12-29T08:45", "2026-12-29T09:15", "2026-12-29T10:15"]),
    ],
)
def test_today_is_counted_in_working_hours(since: str, steps: list[str]) -> None:
    found = [step_at(LONDON, at(since), Urgency.TODAY, step) for step in Step]
    assert found == [at(step) for step in steps]


@pytest.mark.parametrize(
    ("since", "steps"),
    [
        ("2026-11-24T10:00", ["2026-11-24T14:00", "2026-11-25T10:00", "2026-11-26T10:00"]),
        ("2026-11-27T17:00", ["2026-11-30T11:00", "2026-11-30T17:00", "2026-12-01T17:00"]),
    ],
)
def test_sometime_is_counted_in_hours_and_working_days(since: str, steps: list[str]) -> None:
    found = [step_at(LONDON, at(since), Urgency.SOMETIME, step) for step in Step]
    assert found == [at(step) for step in steps]


def test_a_break_does_not_stop_the_clock_of_whoever_asks_during_it() -> None:
    on_leave = replace(LONDON, paused_from=date(2026, 11, 1), paused_until=None)
    since = at("2026-11-24T10:00")
    assert step_at(on_leave, since, Urgency.TODAY, Step.ESCALATE) == at("2026-11-24T11:00")


def test_the_steps_come_one_after_the_other_and_end() -> None:
    since, done, found = at("2026-11-24T10:00"), None, []
    while (following := next_step_at(LONDON, since, Urgency.TODAY, done)) is not None:
        done = following[0]
        found.append(following)
    assert [step for step, _ in found] == list(Step)
    assert [when for _, when in found] == sorted(when for _, when in found)


@given(
    since=st.integers(0, 365 * 24 * 60),
    minutes=st.integers(0, 3000),
    zone=st.sampled_from(["Europe/London", "America/St_Johns", "Pacific/Auckland", "Asia/Kolkata"]),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    quiet=st.sampled_from([(18, 8), (22, 7), (0, 0), (1, 5)]),
)
def test_so_much_working_time_has_gone_by_and_no_more(
    since: int, minutes: int, zone: str, days: frozenset[int], quiet: tuple[int, int]
) -> None:
    person = Availability(zone, "GB", days, time(quiet[0]), time(quiet[1]))
    start, length = at("2026-01-01") + timedelta(minutes=since), timedelta(minutes=minutes)
    end = working_time_after(person, start, length, start + LOOKS_AHEAD)
    counted, now = 0, start
    while now < end:  # each rule begins and ends on a whole minute
        counted += away(person, now) is None
        now += timedelta(minutes=1)
    assert counted == minutes or end == start + LOOKS_AHEAD


@pytest.mark.parametrize("urgency", [Urgency.TODAY, Urgency.SOMETIME])
def test_even_somebody_without_working_time_is_not_left_waiting_for_ever(urgency: Urgency) -> None:
    never = replace(LONDON, working_days=frozenset())
    since = at("2026-11-24T10:00")
    for step in Step:
        assert step_at(never, since, urgency, step) <= since + LOOKS_AHEAD
