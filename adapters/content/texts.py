"""All that is said in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adapters.content.files import Reading, read_file
from adapters.content.phrases import Phrases
from adapters.content.resources import resource_lists
from adapters.content.schema import (
    CheckInsFile,
    CrisisWordsFile,
    PulseItemsFile,
    ReflectionsFile,
)
from bot.domain.crisis import CrisisList, CrisisWords
from bot.domain.library import (
    CheckInChoice,
    CheckInOpening,
    CheckIns,
    Commitment,
    OwnResources,
    PulseItem,
    Reflection,
    ResourceList,
    Scale,
)
from bot.errors import ContentError

ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """One language's folder. Implements `bot.ports.Texts`.

    `crisis_lists` are its own, if it has one, and English's: people mix languages.
    """

    language: str
    phrases: Phrases
    check_ins: CheckIns
    reflections: Sequence[Reflection]
    pulse_items: Sequence[PulseItem]
    resource_lists: dict[str, ResourceList]
    crisis_lists: Sequence[CrisisList]
    own_resources: OwnResources | None = None

    def say(self, key: str, /, **values: object) -> str:
        return self.phrases.say(key, **values)

    def commitment(self, commitment: Commitment) -> str:
        return self.say(f"commitment.{commitment}")

    def resources(self, region: str) -> ResourceList:
        country = region.partition("-")[0]
        lists = self.resource_lists
        found = lists.get(region) or lists.get(country) or lists[ANYWHERE]
        return found.with_own(self.own_resources.within(region)) if self.own_resources else found

    def tells_of_crisis(self, text: str) -> bool:
        return any(each.words.are_in(text) for each in self.crisis_lists)

    def day(self, day: date) -> str:
        return self.say(
            "date.day",
            weekday=self.say("date.weekdays").split()[day.weekday()],
            day=day.day,
            month=self.say("date.months").split()[day.month - 1],
        )

    def short_day(self, day: date) -> str:
        month = self.say("date.short_months").split()[day.month - 1]
        return self.say("date.short_day", day=day.day, month=month, year=day.year)


def read_texts(folder: Path) -> LanguageTexts:
    """Read one language's folder. Raises ContentError with the problems of all its files."""
    reading = Reading()
    phrases = reading.read(folder, Phrases.read)
    check_ins = reading.read(folder / "check_ins.yaml", _check_ins)
    reflections = reading.read(folder / "reflections.yaml", _reflections)
    pulse_items = reading.read(folder / "pulse_items.yaml", _pulse_items)
    resources: dict[str, ResourceList] = {}
    for path in sorted((folder / "resources").glob("*.yaml")):
        resources |= reading.read(path, resource_lists) or {}
    words = folder / "crisis_words.yaml"
    crisis = reading.read(words, _crisis_words) if words.exists() else None
    if (
        reading.problems
        or phrases is None
        or check_ins is None
        or reflections is None
        or pulse_items is None
    ):
        raise ContentError(reading.problems)
    return LanguageTexts(
        folder.name,
        phrases,
        check_ins,
        reflections,
        pulse_items,
        resources,
        (crisis,) if crisis else (),
    )


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


def _crisis_words(path: Path) -> CrisisList:
    file = read_file(path, CrisisWordsFile)
    return CrisisList(
        language=path.parent.name,
        words=CrisisWords(file.phrases, file.alone, file.harmless, file.spellings),
        source=file.source,
        owner=file.owner,
        reviewed_on=file.reviewed_on,
        review_by=file.review_by,
    )
