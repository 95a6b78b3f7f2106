"""The values that the library of prompts is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Commitment(StrEnum):
    """The six commitments of "Leading with kindness" (Carnegie UK, 2021), pages 15-16."""

    LISTENING = "listening"
    UNDERSTANDING = "understanding"
    PERMISSIVE = "permissive"
    SYSTEMIC = "systemic"
    REFLECTIVE = "reflective"
    LEARNING = "learning"


class Theme(StrEnum):
    """The six themes of the same report, pages 9-14."""

    HOLISTIC_WELLBEING = "holistic_wellbeing"
    CARING_ABOUT_STAFF = "caring_about_staff"
    TURNING_OFF_TARGETS = "turning_off_targets"
    WORKING_TOGETHER = "working_together"
    RECALCULATING_RISK = "recalculating_risk"
    PERSON_CENTRED_TECHNOLOGY = "person_centred_technology"


@dataclass(frozen=True, slots=True)
class CheckInChoice:
    """One of the answers to a check-in. `reply` is shown once, to the person alone."""

    id: str
    label: str
    emoji: str
    reply: str


@dataclass(frozen=True, slots=True)
class CheckInOpening:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckIns:
    choices: tuple[CheckInChoice, ...]
    openings: tuple[CheckInOpening, ...]


@dataclass(frozen=True, slots=True)
class Reflection:
    id: str
    commitment: Commitment
    theme: Theme
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole-number answers from `low` to `high`; `labels[i]` says what `low + i` means.

    Points without words have an empty label: only the ends are named on the 0-10 scales.
    """

    low: int
    high: int
    labels: tuple[str, ...]

    @property
    def span(self) -> int:
        return self.high - self.low

    @property
    def values(self) -> range:
        return range(self.low, self.high + 1)


@dataclass(frozen=True, slots=True)
class PulseItem:
    """One question of a pulse. `short` names it in charts and lists (at most 40 characters)."""

    id: str
    text: str
    short: str
    scale: Scale
    source: str
    commitment: Commitment | None = None
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """Somewhere to turn: who, when, how. `url` may be `https:`, `tel:` or `sms:`."""

    name: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ResourceList:
    """Where to turn in one region. Numbers change, so every list has an owner and a review date."""

    region: str
    resources: tuple[Resource, ...]
    source: str
    owner: str
    reviewed_on: date
    review_by: date

    def with_own(self, own: tuple[Resource, ...]) -> ResourceList:
        """The list with an organisation's own right after its first: the emergency number."""
        if not own:
            return self
        first, *rest = self.resources
        return replace(self, resources=(first, *own, *rest))


@dataclass(frozen=True, slots=True)
class OwnResources:
    """What an organisation itself offers, such as occupational health: everywhere, by region.

    `place` is where that is written, for whoever has to mend it.
    """

    place: str
    everywhere: tuple[Resource, ...]
    regions: Mapping[str, tuple[Resource, ...]]
    owner: str
    review_by: date

    def within(self, region: str) -> tuple[Resource, ...]:
        """Those for somebody in this region (`GB-SCT`): everybody's, its country's, its own."""
        places = dict.fromkeys((region.partition("-")[0], region))
        return (*self.everywhere, *(each for at in places for each in self.regions.get(at, ())))
