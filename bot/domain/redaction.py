"""Taking out of a text what tells who is meant, or how to reach them.

Addresses, links and handles go with the whole word that they are in, telephone numbers with what
is between their digits, and names of people on the roster wherever they are whole words. A name
that is a common word as well (Will, Grace, May) is taken out too: better too much, and whoever
wrote it sees what is left before it is sealed. What it can't find is what somebody wrote around:
nicknames, places, a way of writing.

It is one pass over the text, in time that grows with its length and not with the number of names,
and does nothing to a text that it has been over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# Shorter parts of a name, such as "Li", count only within the full name.
SHORTEST_PART: Final = 3
# Names of more parts than that are known by their first ones.
MOST_PARTS: Final = 6
# Fewer digits than that are a year, a room or a sum.
FEWEST_DIGITS: Final = 7

Span = tuple[int, int]

_CHUNK = re.compile(r"\S+")
_AT: Final = "@\uff20"
_EDGES: Final = ".,;:!?()\"'\u2018\u2019\u201c\u201d"
_DOMAIN = re.compile(
    r"[^\W_]\.(?:com|org|net|edu|gov|info|biz|io|app|dev|me|co|uk|eu|us|ie|de|fr|nl|es|it|scot|wales)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_BETWEEN_DIGITS: Final = r"[\s().\-\u2010-\u2015/\uff0d]{0,3}"
_PHONE = re.compile(rf"[+(\uff0b]{{0,3}}\d(?:{_BETWEEN_DIGITS}\d){{{FEWEST_DIGITS - 1},}}")
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_JOINS = re.compile(r"[\s.'\u2018\u2019\-\u2010-\u2015]{1,2}")
_WITHIN_A_NAME: Final = re.compile(r"['\u2018\u2019\-\u2010-\u2015]")
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names as they are looked for: single words, and words in a row. Printing shows none."""

    words: frozenset[str]
    rows: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        words: set[str] = set()
        rows: set[tuple[str, ...]] = set()
        for name in names:
            rows.add(_row(name))
            for part in name.split():
                rows.add(_row(part))  # Anne-Marie, O'Brien
                words.add("".join(_row(_WITHIN_A_NAME.sub("", part))))
        words |= {word for row in rows for word in row}
        return cls(
            frozenset(word for word in words if len(word) >= SHORTEST_PART),
            frozenset(row for row in rows if len(row) > 1),
        )

    def __repr__(self) -> str:
        return f"Names({len(self.words)})"


def redact(text: str, names: Names, mark: str) -> str:
    """The text with a mark in the place of each thing that was taken out.

    The mark has neither letters nor digits, or it would be taken for something itself.
    """
    spans = sorted([*_addresses(text), *_phones(text), *_names(text, names)])
    kept: list[str] = []
    done = 0
    for start, end in _together(spans):
        kept += [text[done:start], mark]
        done = end
    return "".join([*kept, text[done:]])


def _together(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that overlap or touch, as one; they come in order."""
    current: Span | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current


def _addresses(text: str) -> Iterator[Span]:
    """Words with an address, a link or a handle in them, without the punctuation around them."""
    for found in _CHUNK.finditer(text):
        chunk = found.group()
        if _is_address(chunk):
            start = len(chunk) - len(chunk.lstrip(_EDGES))
            end = len(chunk.rstrip(_EDGES))
            yield found.start() + start, found.start() + end


def _is_address(chunk: str) -> bool:
    if any(at in chunk for at in _AT):
        return any(character.isalnum() for character in chunk)
    core = chunk.strip(_EDGES).casefold()
    return "://" in core or "www." in core or _DOMAIN.search(chunk) is not None


def _phones(text: str) -> Iterator[Span]:
    return (found.span() for found in _PHONE.finditer(text))


def _names(text: str, names: Names) -> Iterator[Span]:
    words = [(found.span(), _plain(found.group())) for found in _WORD.finditer(text)]
    for place, (span, word) in enumerate(words):
        if word in names.words:
            yield span
        row = [word]
        for before, after in pairwise(words[place : place + MOST_PARTS]):
            if not _JOINS.fullmatch(text, before[0][1], after[0][0]):
                break
            row.append(after[1])
            if tuple(row) in names.rows:
                yield span[0], after[0][1]


def _row(name: str) -> tuple[str, ...]:
    return tuple(_plain(word) for word in _WORD.findall(name))[:MOST_PARTS]


def _plain(word: str) -> str:
    """A word without its case and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each)).translate(_LETTERS)
