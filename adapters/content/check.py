"""Checks that go beyond one file: between languages, against the rules, against the calendar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from adapters.content.library import FALLBACK, PromptLibrary
from adapters.content.phrases import place_of
from adapters.content.reviews import reviews
from adapters.content.texts import ANYWHERE, LanguageTexts
from bot.domain.gate import GateRules
from bot.domain.library import Commitment, Theme
from bot.domain.programme import Programme, ProgrammeKind

# Words that judge, diagnose, press or rank. Safe messaging: nspa and Samaritans guidelines.
UNKIND = re.compile(
    r"\b(commit(ted)? suicide|diagnos\w+|disorder|symptom\w*|streaks?|leaderboards?|score[sd]?"
    r"|must|you haven't|overdue|reminder)\b",
    re.IGNORECASE,
)
# Saying that a thing is not a score is what we want to say.
ALLOWED = re.compile(r"isn't a score", re.IGNORECASE)


def check_library(library: PromptLibrary, today: date) -> list[str]:
    """One sentence for each problem, and for each review that is overdue; none if all is well."""
    overdue = [
        f"{each.finding(today)} {each.request}"
        for each in reviews(library)
        if each.is_overdue(today)
    ]
    return check_texts(library) + overdue


def check_texts(library: PromptLibrary) -> list[str]:
    """The same without the calendar."""
    english = library.languages[FALLBACK]
    problems: list[str] = []
    for texts in library.languages.values():
        problems += _unique(texts)
        problems += _like_english(texts, english)
        problems += _complete(texts)
        problems += _kind(texts)
    for programme in library.programmes:
        problems += _spaced(programme, len(english.pulse_items))
    return problems


def _unique(texts: LanguageTexts) -> Iterator[str]:
    for name, ids in _ids(texts).items():
        for twice in (id_ for id_, times in Counter(ids).items() if times > 1):
            yield f"{texts.language}/{name}: the id {twice} is there twice."


def _ids(texts: LanguageTexts) -> dict[str, list[str]]:
    return {
        "check_ins.yaml (choices)": [choice.id for choice in texts.check_ins.choices],
        "check_ins.yaml (openings)": [opening.id for opening in texts.check_ins.openings],
        "reflections.yaml": [reflection.id for reflection in texts.reflections],
        "pulse_items.yaml": [item.id for item in texts.pulse_items],
    }


def _like_english(texts: LanguageTexts, english: LanguageTexts) -> Iterator[str]:
    """Every language says the same things, with the same placeholders, in the same order."""
    for name, ids in _ids(texts).items():
        if ids != _ids(english)[name]:
            yield f"{texts.language}/{name}: the ids, or their order, aren't those of English."
    for key in sorted(english.phrases.keys ^ texts.phrases.keys):
        yield f"{texts.language}/{place_of(key)} is missing here or unknown in English."
    for key in sorted(english.phrases.keys & texts.phrases.keys):
        if texts.phrases.placeholders(key) != english.phrases.placeholders(key):
            yield f"{texts.language}/{place_of(key)} has other placeholders than English."


def _complete(texts: LanguageTexts) -> Iterator[str]:
    """Every commitment and theme has its reflections; everybody has somewhere to turn."""
    for commitment in Commitment:
        if sum(r.commitment is commitment for r in texts.reflections) == 0:
            yield f"{texts.language}/reflections.yaml: none is on {commitment}."
    for theme in Theme:
        if sum(r.theme is theme for r in texts.reflections) == 0:
            yield f"{texts.language}/reflections.yaml: none is on {theme}."
    if ANYWHERE not in texts.resource_lists:
        yield f"{texts.language}/resources: {ANYWHERE}.yaml is missing."


def _kind(texts: LanguageTexts) -> Iterator[str]:
    for place, text in _all_texts(texts):
        if found := UNKIND.search(ALLOWED.sub("", text)):
            yield f"{texts.language}/{place}: '{found[0]}' isn't a word for this bot."


def _all_texts(texts: LanguageTexts) -> Iterator[tuple[str, str]]:
    for choice in texts.check_ins.choices:
        yield f"check_ins.yaml: {choice.id}", choice.reply
    for opening in texts.check_ins.openings:
        yield f"check_ins.yaml: {opening.id}", opening.text
    for reflection in texts.reflections:
        yield f"reflections.yaml: {reflection.id}", reflection.text
    for key in texts.phrases.keys:
        yield place_of(key), texts.phrases.sentence(key)


def _spaced(programme: Programme, items: int) -> Iterator[str]:
    """A pulse needs enough questions to leave each alone for long enough."""
    if programme.kind is not ProgrammeKind.PULSE:
        return
    spacing = timedelta(weeks=GateRules().spacing_weeks)
    rounds = spacing // timedelta(weeks=1) * len(programme.cadence.weekdays)
    if items < rounds * programme.questions:
        yield (
            f"programmes.yaml: {programme.id} asks {programme.questions} questions a round and "
            f"needs {rounds * programme.questions} to ask none twice in {spacing.days // 7} weeks; "
            f"pulse_items.yaml has {items}."
        )
