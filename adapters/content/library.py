"""The whole library: programmes, and one set of texts for each language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.content.files import read_file
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


def load_library(folder: Path) -> PromptLibrary:
    """Read everything under the prompts folder. Raises ContentError with every problem found."""
    problems: list[str] = []
    languages: dict[str, LanguageTexts] = {}
    for path in _language_folders(folder):
        try:
            languages[path.name] = read_texts(path)
        except ContentError as error:
            problems += error.problems
    try:
        programmes = read_programmes(folder / "programmes.yaml")
    except ContentError as error:
        raise ContentError(problems + error.problems) from None
    if FALLBACK not in languages and not problems:
        problems.append(f"{folder}: there must be texts in English, in {folder / FALLBACK}.")
    if problems:
        raise ContentError(problems)
    return PromptLibrary(programmes, languages)


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
