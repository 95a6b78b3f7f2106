"""All that is said in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adapters.content.files import Reading, read_file
from adapters.content.phrases import Phrases
from adapters.content.schema import (
    CheckInsFile,
    PulseItemsFile,
    ReflectionsFile,
    ResourceEntry,
    ResourcesFile,
)
from bot.domain.library import (
    CheckInChoice,
    CheckInOpening,
    CheckIns,
    Commitment,
    PulseItem,
    Reflection,
    Resource,
    ResourceList,
    Scale,
)
from bot.errors import ContentError

ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """One language's folder. Implements `bot.ports.Texts`."""

    language: str
    phrases: Phrases
    check_ins: CheckIns
    reflections: Sequence[Reflection]
    pulse_items: Sequence[PulseItem]
    resource_lists: dict[str, ResourceList]

    def say(self, key: str, /, **values: object) -> str:
        return self.phrases.say(key, **values)

    def commitment(self, commitment: Commitment) -> str:
        return self.say(f"commitment.{commitment}")

    def resources(self, region: str) -> ResourceList:
        country = region.partition("-")[0]
        lists = self.resource_lists
        return lists.get(region) or lists.get(country) or lists[ANYWHERE]

    def day(self, day: date) -> str:
        return self.say(
            "date.day",
            weekday=self.say("date.weekdays").split()[day.weekday()],
            day=day.day,
            month=self.say("date.months").split()[day.month - 1],
        )


def read_texts(folder: Path) -> LanguageTexts:
    """Read one language's folder. Raises ContentError with the problems of all its files."""
    reading = Reading()
    phrases = reading.read(folder, Phrases.read)
    check_ins = reading.read(folder / "check_ins.yaml", _check_ins)
    reflections = reading.read(folder / "reflections.yaml", _reflections)
    pulse_items = reading.read(folder / "pulse_items.yaml", _pulse_items)
    resources: dict[str, ResourceList] = {}
    for path in sorted((folder / "resources").glob("*.yaml")):
        resources |= reading.read(path, _resource_lists) or {}
    if (
        reading.problems
        or phrases is None
        or check_ins is None
        or reflections is None
        or pulse_items is None
    ):
        raise ContentError(reading.problems)
    return LanguageTexts(folder.name, phrases, check_ins, reflections, pulse_items, resources)


def _check_ins(path: Path) -> CheckIns:
    file = read_file(path, CheckInsFile)
    return CheckIns(
        choices=tuple(CheckInChoice(c.id, c.label, c.emoji, c.reply) for c in file.choices),
        openings=tuple(CheckInOpening(o.id, o.text) for o in file.openings),
    )


def _reflections(path: Path) -> tuple[Reflection, ...]:
    file = read_file(path, ReflectionsFile)
    return tuple(Reflection(r.id, r.commitment, r.theme, r.text) for r in file.reflections)


def _pulse_items(path: Path) -> tuple[PulseItem, ...]:
    file = read_file(path, PulseItemsFile)
    scales = {name: Scale(s.low, s.high, tuple(s.labels)) for name, s in file.scales.items()}
    return tuple(
        PulseItem(
            id=item.id,
            text=item.text,
            short=item.short,
            scale=scales[item.scale],
            source=item.source,
            commitment=item.commitment,
            higher_is_better=item.higher_is_better,
        )
        for item in file.items
    )


def _resource_lists(path: Path) -> dict[str, ResourceList]:
    """The country's list, and one for each region: the emergency line comes first in all."""
    file = read_file(path, ResourcesFile)
    first, *rest = file.resources
    own = {path.stem: [first, *rest]}
    own |= {region: [first, *entries, *rest] for region, entries in file.regions.items()}
    return {region: _resource_list(region, entries, file) for region, entries in own.items()}


def _resource_list(
    region: str, entries: Sequence[ResourceEntry], file: ResourcesFile
) -> ResourceList:
    return ResourceList(
        region=region,
        resources=tuple(Resource(entry.name, entry.text, entry.url) for entry in entries),
        source=file.source,
        owner=file.owner,
        reviewed_on=file.reviewed_on,
        review_by=file.review_by,
    )
