"""All that is said in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adapters.content.files import read_file
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
    """Read one language's folder. Raises ContentError."""
    resources: dict[str, ResourceList] = {}
    for path in sorted((folder / "resources").glob("*.yaml")):
        resources |= _resource_lists(path.stem, read_file(path, ResourcesFile))
    return LanguageTexts(
        language=folder.name,
        phrases=Phrases.read(folder / "messages.yaml"),
        check_ins=_check_ins(read_file(folder / "check_ins.yaml", CheckInsFile)),
        reflections=_reflections(read_file(folder / "reflections.yaml", ReflectionsFile)),
        pulse_items=_pulse_items(read_file(folder / "pulse_items.yaml", PulseItemsFile)),
        resource_lists=resources,
    )


def _check_ins(file: CheckInsFile) -> CheckIns:
    return CheckIns(
        choices=tuple(CheckInChoice(c.id, c.label, c.emoji, c.reply) for c in file.choices),
        openings=tuple(CheckInOpening(o.id, o.text) for o in file.openings),
    )


def _reflections(file: ReflectionsFile) -> tuple[Reflection, ...]:
    return tuple(Reflection(r.id, r.commitment, r.theme, r.text) for r in file.reflections)


def _pulse_items(file: PulseItemsFile) -> tuple[PulseItem, ...]:
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


def _resource_lists(country: str, file: ResourcesFile) -> dict[str, ResourceList]:
    """The country's list, and one for each region: the emergency line comes first in all."""
    first, *rest = file.resources
    own = {country: [first, *rest]}
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
