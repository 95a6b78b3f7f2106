"""How long a text is to Slack, and how it is shortened.

Lengths are counted the dear way, so that they hold however Slack counts: an emoji as the two units
of UTF-16, and `&`, `<` and `>` as the entities that they become.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from bot.text import ELLIPSIS, place_to_cut

_ENTITIES: Final = {"&": 5, "<": 4, ">": 4}


def units(text: str) -> int:
    """How many units of UTF-16 a text has."""
    return len(text) + sum(character > "\uffff" for character in text)


def length(text: str) -> int:
    """How long a text is that Slack is still to escape."""
    return sum(map(_cost, text))


def shorten(text: str, most: int) -> str:
    """The text, or as many of its words as fit, and an ellipsis."""
    if length(text) <= most:
        return text
    return text[: _end(text, most - 1)].rstrip() + ELLIPSIS


def cut(text: str, most: int) -> str:
    """As much of a text as fits, with nothing added: for what must come back as it was."""
    return text[: _fitting(text, most)]


def split(text: str, most: int) -> list[str]:
    """The text in pieces that fit, cut between words where that is possible."""
    pieces = []
    while length(text) > most:
        end = _end(text, most)
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text]


def _cost(character: str) -> int:
    return _ENTITIES.get(character) or (2 if character > "\uffff" else 1)


def _fitting(text: str, most: int) -> int:
    """How many characters of a text fit."""
    for index, so_far in enumerate(accumulate(map(_cost, text))):
        if so_far > most:
            return index
    return len(text)


def _end(text: str, most: int) -> int:
    """Where to cut a text that is too long."""
    return place_to_cut(text, _fitting(text, most))
