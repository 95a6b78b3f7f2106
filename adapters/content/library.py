"""The whole library: programmes, and one set of texts for each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.content.files import Reading, read_file
from adapters.content.resources import own_resources
from adapters.content.schema import ProgrammeEntry, ProgrammesFile, duration
from adapters.content.texts import LanguageTexts, read_texts
from bot.domain.programme import Cadence, Programme, Weekday
from bot.errors import ContentError

FALLBACK = "en"
# Folders with the name of a language, such as `cy` or `pt-BR`, hold one.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class PromptLibrary:
    """Implements `bot.ports.Library`."""

    programmes: Sequence[Programme]
    languages: dict[str, LanguageTexts]

    def texts(self, language: str) -> LanguageTexts:
        return self.languages.get(language) or self.languages[FALLBACK]


def load_library(folder: Path, own: Path | None = None) -> PromptLibrary:
    """Read everything under the prompts folder, and an organisation's own places to turn.

    Raises ContentError with every problem found.
    """
    reading = Reading()
    found = [reading.read(path, read_texts) for path in _language_folders(folder)]
    programmes = reading.read(folder / "programmes.yaml", read_programmes)
    added = reading.read(own, own_resources) if own else None
    languages = {texts.language: texts for texts in found if texts is not None}
    if not reading.problems:
        reading.problems += _without_english(folder, languages)
    if reading.problems or programmes is None:
        raise ContentError(reading.problems)
    english = languages[FALLBACK].crisis_lists
    return PromptLibrary(
        programmes,
        {
            language: replace(
                texts,
                crisis_lists=tuple(dict.fromkeys((*texts.crisis_lists, *english))),
                own_resources=added,
            )
            for language, texts in languages.items()
        },
    )


def _without_english(folder: Path, languages: Mapping[str, LanguageTexts]) -> Iterator[str]:
    """Every other language falls back on it."""
    if FALLBACK not in languages:
        yield f"{folder}: there must be texts in English, in {folder / FALLBACK}."
    elif not languages[FALLBACK].crisis_lists:
        yield f"{folder / FALLBACK / 'crisis_words.yaml'}: this file is missing."


def read_programmes(path: Path) -> tuple[Programme, ...]:
    """Raises ContentError."""
    file = read_file(path, ProgrammesFile)
    return tuple(_programme(entry) for entry in file.programmes)


def _programme(entry: ProgrammeEntry) -> Programme:
    closes = entry.closes
    return Programme(
        id=entry.id,
        kind=entry.kind,
        audience=entry.audience,
        cadence=Cadence(_numbers(entry.days), entry.at),
        late=duration(entry.late),
        closes=Cadence(_numbers([closes.day]), closes.at) if closes else None,
        questions=entry.questions,
    )


def _numbers(days: Sequence[Weekday]) -> tuple[int, ...]:
    return tuple(sorted({day.number for day in days}))


def _language_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ContentError([f"{folder}: there is no prompts folder here."])
    return sorted(path for path in folder.iterdir() if LANGUAGE.fullmatch(path.name))
