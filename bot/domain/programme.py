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


class Audience(StrEnum):
    NOT_WELCOMED = "not_welcomed"
    DAILY_CHECK_INS = "daily_check_ins"
    WEEKLY_CHECK_INS = "weekly_check_ins"
    REFLECTIONS = "reflections"
    PULSES = "pulses"
    LEADERS_AND_CHANNELS = "leaders_and_channels"


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


@dataclass(frozen=True, slots=True)
class Programme:
    """One line of `prompts/programmes.yaml`.

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
