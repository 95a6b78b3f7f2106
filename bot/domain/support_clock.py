"""When a request that nobody has picked up gets on: in the working hours of whoever asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.availability import Availability, Away, away, first_free, working_time_after
from bot.domain.cadence import to_instant
from bot.domain.support import Urgency

# A request, and the conversation that it became, is over after this: DESIGN 5.5.
LASTS: Final = timedelta(days=14)
# Who has no working time at all within this is looked after by the wall clock.
LOOKS_AHEAD: Final = timedelta(days=60)
NOON: Final = 12
# Longer is "more than a week".
MOST_DAYS: Final = 7


class Step(StrEnum):
    """What the clock does, in this order."""

    OFFER_AGAIN = "offer_again"
    ESCALATE = "escalate"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Wait:
    """Working hours, or working days: a day is the same time of the next one."""

    hours: timedelta = timedelta()
    days: int = 0


WAITS: Final = {
    Urgency.TODAY: {
        Step.OFFER_AGAIN: Wait(timedelta(minutes=30)),
        Step.ESCALATE: Wait(timedelta(hours=1)),
        Step.GIVE_UP: Wait(timedelta(hours=2)),
    },
    Urgency.SOMETIME: {
        Step.OFFER_AGAIN: Wait(timedelta(hours=4)),
        Step.ESCALATE: Wait(days=1),
        Step.GIVE_UP: Wait(days=2),
    },
}


def step_at(person: Availability, since: datetime, urgency: Urgency, step: Step) -> datetime:
    """When a step is due for somebody whose request has waited since then.

    A break doesn't stop the clock: who asks during it wants an answer.
    """
    working = replace(person, paused_from=None, paused_until=None)
    wait = WAITS[urgency][step]
    end = since + LOOKS_AHEAD
    at = working_time_after(working, since, wait.hours, end)
    for _ in range(wait.days):
        at = _next_working_day(working, at, end)
    return at


def next_step_at(
    person: Availability, since: datetime, urgency: Urgency, done: Step | None
) -> tuple[Step, datetime] | None:
    """The step after `done`, or the first, and when it is due; None after the last."""
    steps = list(Step)
    later = steps if done is None else steps[steps.index(done) + 1 :]
    return (later[0], step_at(person, since, urgency, later[0])) if later else None


def age(since: datetime, now: datetime, zone: ZoneInfo) -> tuple[str, int]:
    """How long something has waited, rounded, as the key of a text; and the number of days.

    Rounded, it doesn't tell whose it is by when they were seen at their desk.
    """
    began = since.astimezone(zone)
    days = (now.astimezone(zone).date() - began.date()).days
    if days > MOST_DAYS:
        return "long", days
    if days > 1:
        return "days", days
    if days == 1:
        return "yesterday", days
    return ("morning" if began.hour < NOON else "afternoon"), 0


def _next_working_day(person: Availability, at: datetime, end: datetime) -> datetime:
    """The same local time of somebody's next working day, or when its quiet hours are over."""
    zone = ZoneInfo(person.zone)
    local = at.astimezone(zone).replace(tzinfo=None)
    later = at
    while later < end:
        local += timedelta(days=1)
        later = to_instant(local, zone)
        if away(person, later) in {None, Away.QUIET_HOURS}:
            free = first_free(person, later, end)
            return end if isinstance(free, Away) else free
    return end
