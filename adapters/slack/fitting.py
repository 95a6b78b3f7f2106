"""Makes blocks fit where there are too many: first by putting neighbours together, then by the end.

What goes is marked by an ellipsis, and the way out stays: the last rows of buttons and the fine
print under them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Final

from adapters.slack.lengths import length, units
from adapters.slack.limits import ACTIONS, CONTEXT, TEXT, Json, weight
from bot.text import ELLIPSIS

_LONGEST_WAY_OUT: Final = 4
# What blocks may weigh that are put together.
_HEAVY: Final = 20_000
_WAY_OUT: Final = frozenset({"actions", "context"})


def fit(blocks: list[Json], most: int, room: int, measure: Callable[[object], int]) -> list[Json]:
    """The blocks, so that there are no more than `most` and they don't measure more than `room`."""
    if len(blocks) > most:
        blocks = _merged(blocks)
    if len(blocks) <= most and _size(blocks, measure) <= room:
        return blocks
    end = _way_out(blocks, room // 2, measure)[-(most - 1) :] if most > 1 else []
    marker = left_out()
    free = room - _size([marker, *end], measure)
    start = _beginning(blocks[: len(blocks) - len(end)], most - 1 - len(end), free, measure)
    while start and start[-1]["type"] == "header":
        start.pop()
    return [*start, marker, *end]


def left_out() -> Json:
    """Says that there was more."""
    text = {"type": "plain_text", "text": ELLIPSIS, "emoji": True}
    return {"type": "section", "text": text}


def _size(blocks: list[Json], measure: Callable[[object], int]) -> int:
    return sum(map(measure, blocks))


def _beginning(
    blocks: list[Json], most: int, room: int, measure: Callable[[object], int]
) -> list[Json]:
    """As many blocks from the start as fit."""
    taken: list[Json] = []
    for block in blocks[:most]:
        room -= measure(block)
        if room < 0:
            break
        taken.append(block)
    return taken


def _way_out(blocks: list[Json], room: int, measure: Callable[[object], int]) -> list[Json]:
    """The buttons and the fine print at the end, as many as fit."""
    last = list(takewhile(lambda block: block["type"] in _WAY_OUT, reversed(blocks)))
    return _beginning(last, _LONGEST_WAY_OUT, room, measure)[::-1]


def _merged(blocks: list[Json]) -> list[Json]:
    merged: list[Json] = []
    for block in blocks:
        together = _together(merged[-1], block) if merged else None
        if together is None:
            merged.append(block)
        else:
            merged[-1] = together
    return merged


def _together(first: Json, second: Json) -> Json | None:
    """Two neighbours as one block; None if they are of different kinds, or too much together."""
    kind = first["type"]
    if kind != second["type"] or weight(first) + weight(second) > _HEAVY:
        return None
    if kind == "section":
        return _one_section(first, second)
    most = {"actions": ACTIONS, "context": CONTEXT}.get(kind, 0)
    elements = [*first.get("elements", ()), *second.get("elements", ())]
    return {**first, "elements": elements} if len(elements) <= most else None


def _one_section(first: Json, second: Json) -> Json | None:
    """Two paragraphs in one section."""
    above, below = first["text"], second["text"]
    words = f"{above['text']}\n\n{below['text']}"
    as_both = {**above, "text": words}
    measure = length if above["type"] == "plain_text" else units
    if as_both != {**below, "text": words} or measure(words) > TEXT:
        return None
    return {**first, "text": as_both}
