"""Programmes: what is sent, to whom, on which cadence, and how late it may still go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum


class ProgrammeKind(StrEnum):
    WELCOME = "welcome"
    CHECK_IN = "check_in"
    REFLECTION = "reflection"
    PULSE = "pulse"
    SUMMARY = "summary"
    ANNOUNCEMENT = "announcement"
    SUPPORT = "support"


class Audience(StrEnum):
    NOT_WELCOMED = "not_welcomed"
    DAILY_CHECK_INS = "daily_check_ins"
    WEEKLY_CHECK_INS = "weekly_check_ins"
    REFLECTIONS = "reflections"
    PULSES = "pulses"
    LEADERS_AND_CHANNELS = "leaders_and_channels"
    EVERYBODY = "everybody"
    CONCERNED = "concerned"


class Weekday(StrEnum):
    """Days by name, in the order of `date.weekday()`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class Cadence:
    """These weekdays at this local time. Weekdays are numbers, Monday is 0, in order."""

    weekdays: tuple[int, ...]
    at: time


# An underscore: no id in `prompts/programmes.yaml` has one.
_ANNOUNCEMENTS = "rules_"
# Who comes back from four weeks of leave still gets it.
_ANNOUNCED_FOR = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class Programme:
    """One line of `prompts/programmes.yaml`, or the announcement of new rules.

    late     how long after its local time it may still go out; what is later is skipped
    closes   pulses only: the local weekday and time at which the round closes
    questions  pulses only: how many are asked in one round
    """

    id: str
    kind: ProgrammeKind
    audience: Audience
    cadence: Cadence
    late: timedelta
    closes: Cadence | None = None
    questions: int = 0


def announcement(rules_id: int) -> Programme:
    """The programme that announces a rule set: to everybody, once, at no set time.

    It isn't among the prompts, so that nobody can take it out. Each rule set has its own: of two
    that are raised in one minute both are announced.
    """
    return Programme(
        id=f"{_ANNOUNCEMENTS}{rules_id}",
        kind=ProgrammeKind.ANNOUNCEMENT,
        audience=Audience.EVERYBODY,
        cadence=Cadence(weekdays=(), at=time.min),
        late=_ANNOUNCED_FOR,
    )


# No id in `prompts/programmes.yaml` begins so, nor an announcement's.
SUPPORT_ID = "support_desk"


def support_desk() -> Programme:
    """The letters of the support desk: to whoever is concerned, when something happens."""
    return Programme(
        id=SUPPORT_ID,
        kind=ProgrammeKind.SUPPORT,
        audience=Audience.CONCERNED,
        cadence=Cadence(weekdays=(), at=time.min),
        late=timedelta(days=2),
    )


def is_announcement(programme_id: str) -> bool:
    return programme_id.startswith(_ANNOUNCEMENTS)
