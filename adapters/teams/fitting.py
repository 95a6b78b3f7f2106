"""Makes elements fit into a card where they are too much.

Pictures go first, since their words stay; then the longest texts are shortened, the longest first;
then the end goes. What goes is marked by an ellipsis. The way out stays: every button, and the fine
print at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from adapters.teams.limits import Json, weight
from adapters.teams.markdown import plain, shorten
from bot.text import ELLIPSIS

# To how many characters the longest texts are shortened, step by step.
_LENGTHS: Final = (4_000, 2_000, 1_000, 500, 250)
_PICTURES: Final = ("Chart.", "Container")
_BUTTONS: Final = frozenset({"ActionSet", "ColumnSet"})
_BETWEEN: Final = len(", ")


def fit(body: list[Json], room: int) -> list[Json]:
    """The elements, so that they don't weigh more than `room` bytes."""
    for lighter in _lighter(body):
        if weight(lighter) <= room:
            return lighter
        body = lighter
    return _with_an_end(body, room)


def left_out() -> list[Json]:
    """Says that there was more."""
    return plain(ELLIPSIS)


def _lighter(body: list[Json]) -> Iterator[list[Json]]:
    """The elements, again and again, each time with less in them."""
    yield body
    # Of a chart its title stays, and its words.
    body = [element for element in body if not element["type"].startswith(_PICTURES)]
    yield body
    for most in _LENGTHS:
        body = [_shortened(element, most) for element in body]
        yield body


def _shortened(element: Json, most: int) -> Json:
    """The element with less text; names and headings are short, and may be links."""
    if element["type"] == "RichTextBlock":
        inlines = [{**run, "text": shorten(run["text"], most)} for run in element["inlines"]]
        return {**element, "inlines": inlines}
    if element["type"] == "TextBlock" and "weight" not in element:
        return {**element, "text": shorten(element["text"], most)}
    return element


def _with_an_end(body: list[Json], room: int) -> list[Json]:
    """The way out, and as many elements from the start as there is room for."""
    room -= weight(left_out())
    kept: set[int] = set()
    for number in _way_out(body):
        cost = weight(body[number]) + _BETWEEN
        if cost <= room:
            room -= cost
            kept.add(number)
    start = 0
    while start < len(body):
        cost = 0 if start in kept else weight(body[start]) + _BETWEEN
        if cost > room:
            break
        room -= cost
        start += 1
    while start and body[start - 1].get("style") == "heading":
        start -= 1
    end = [body[number] for number in sorted(kept) if number >= start]
    return [*body[:start], *left_out(), *end]


def _way_out(body: list[Json]) -> Iterator[int]:
    """Where the buttons are, the last first, and the fine print at the end."""
    numbers = range(len(body) - 1, -1, -1)
    yield from takewhile(lambda number: _is_fine_print(body[number]), numbers)
    yield from (number for number in numbers if body[number]["type"] in _BUTTONS)


def _is_fine_print(element: Json) -> bool:
    return "isSubtle" in element or any("isSubtle" in run for run in element.get("inlines", ()))
