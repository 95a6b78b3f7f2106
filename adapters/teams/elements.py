"""The parts of a message as the elements of a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.teams.buttons import Action, rows_of
from adapters.teams.charts import chart_element, chart_title
from adapters.teams.entries import entry
from adapters.teams.limits import ACTIONS, Json
from adapters.teams.markdown import heading, plain
from bot.message import Buttons, Chart, FinePrint, Heading, Items, Paragraph, Part
from bot.text import is_blank


def elements_of(parts: Iterable[Part], action: Action, most: int = ACTIONS) -> list[Json]:
    """Parts as elements, as many as there are, with at most `most` buttons as actions."""
    parts = list(parts)
    rows = rows_of((part for part in parts if isinstance(part, Buttons)), action, most)
    return [element for part in parts for element in _elements(part, rows)]


def fine_print(text: str) -> list[Json]:
    """Small, quiet text."""
    return plain(text, size="Small", isSubtle=True)


def _elements(part: Part, rows: Iterator[list[Json]]) -> list[Json]:
    match part:
        case Heading(text):
            return [] if is_blank(text) else [heading(text)]
        case Paragraph(text):
            return plain(text)
        case FinePrint(text):
            return fine_print(text)
        case Items(items):
            return [element for item in items for element in entry(item)]
        case Buttons():
            return next(rows)
        case Chart():
            return _chart(part)


def _chart(chart: Chart) -> list[Json]:
    """The picture between its title and its words, or these alone."""
    title, picture = chart_title(chart.title), chart_element(chart)
    if picture is None:
        return [*title, *plain(chart.text)]
    return [*title, picture, *fine_print(chart.text)]
