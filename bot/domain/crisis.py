"""Whether what somebody wrote may tell of a crisis: phrases as people type them, on whole words.

Words are found, never understood. Some who need help aren't found, and most of those found are
well. So all that may come of it is a card for whoever wrote.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

Words = tuple[str, ...]

# Apostrophes in all their shapes, accents once they stand alone, and what nobody sees.
_DROPPED: Final = re.compile(
    "['`\u00b4\u2018\u2019\u02bc\uff07\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]"
)
_REPEATED: Final = re.compile(r"([^\W\d_])\1+")
_WORD: Final = re.compile(r"[^\W_]+")
_NOTHING: Final[Words] = ("",)


def plain_words(text: str) -> Words:
    """Words as they are compared: "I DON'T   want -- to!" is `i dont want to`.

    A letter counts once however often it is repeated: doubled letters are the commonest slip.
    """
    # Some platforms leave escapes such as `&nbsp;` in what people type.
    unescaped = unicodedata.normalize("NFKD", html.unescape(text))
    return tuple(_WORD.findall(_REPEATED.sub(r"\1", _DROPPED.sub("", unescaped.casefold()))))


class CrisisWords:
    """The phrases of one language, made ready once. Looking takes time in line with the text.

    phrases    tell of a crisis wherever they stand
    alone      do so only if nothing else was written, such as "kms", which may be kilometres
    harmless   what a phrase is part of when nothing is meant by it, such as "die laughing"
    spellings  how the other three write something → other ways in which people do
    """

    def __init__(
        self,
        phrases: Iterable[str],
        alone: Iterable[str] = (),
        harmless: Iterable[str] = (),
        spellings: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self._spellings = _Table(
            {
                plain_words(way): plain_words(written)
                for written, ways in (spellings or {}).items()
                for way in ways
            }
        )
        self._phrases = _Table({self._spelt(phrase): _NOTHING for phrase in phrases})
        self._harmless = _Table({self._spelt(phrase): _NOTHING for phrase in harmless})
        self._alone = frozenset(self._spelt(phrase) for phrase in alone)

    def are_in(self, text: str) -> bool:
        words = self._spelt(text)
        if words in self._alone:
            return True
        left = self._harmless.replaced(words)
        return any(self._phrases.at(left, place) for place in range(len(left)))

    def _spelt(self, text: str) -> Words:
        return self._spellings.replaced(plain_words(text))


@dataclass(frozen=True, slots=True)
class CrisisList:
    """A language's words. How people write changes, so a list has an owner and a review date."""

    language: str
    words: CrisisWords
    source: str
    owner: str
    reviewed_on: date
    review_by: date


class _Table:
    """Phrases, each with what stands in its place; looked up by their first word."""

    def __init__(self, phrases: Mapping[Words, Words]) -> None:
        self._by_first: dict[str, list[tuple[Words, Words]]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append((phrase, phrases[phrase]))

    def at(self, words: Sequence[str], place: int) -> tuple[Words, Words] | None:
        """The longest phrase that begins at this word, and what stands in its place."""
        for phrase, instead in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return phrase, instead
        return None

    def replaced(self, words: Sequence[str]) -> Words:
        """The words with what stands in the place of each phrase, from left to right."""
        found: list[str] = []
        place = 0
        while place < len(words):
            if (match := self.at(words, place)) is not None:
                phrase, instead = match
                found += instead
                place += len(phrase)
            else:
                found.append(words[place])
                place += 1
        return tuple(found)
