"""Ranges on a scale, such as the bands of a pulse, drawn with plain elements.

Teams has no chart for a range. Its bars begin at 0 and end at the greatest value whatever the
scale is, and take two ends for two results; lines join questions that have nothing to do with each
other; and a stacked bar has its sum beside it, which reads as a result. Cells that are as wide as
what they stand for are true to scale on every client, also where charts aren't known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from adapters.teams.limits import SCALE, Json
from adapters.teams.markdown import inert
from bot.message import Chart

_SMALL: Final[Json] = {"size": "Small", "wrap": True}
_QUIET: Final[Json] = _SMALL | {"isSubtle": True}


def range_element(chart: Chart, categories: Iterable[str]) -> Json:
    """A bar for each category of a chart without gaps, and the ends of the scale below them."""
    lows, highs = (series.values for series in chart.series)
    items: list[Json] = []
    for category, low, high in zip(categories, lows, highs, strict=True):
        name = {"type": "TextBlock", "text": inert(category), **_SMALL}
        items += [name, _bar(_part(chart, low), _part(chart, high))]
    return {"type": "Container", "items": [*items, _ends(chart)]}


def _part(chart: Chart, value: float | None) -> int:
    """Where on the scale a value is."""
    whole = round(((value or 0) - chart.low) / (chart.high - chart.low) * SCALE)
    return min(max(whole, 0), SCALE)


def _bar(start: int, end: int) -> Json:
    start = min(start, SCALE - 1)
    end = max(end, start + 1)  # however narrow it is, it can be seen
    return {"type": "ColumnSet", "spacing": "None", "columns": [*_cells(start, end)]}


def _cells(start: int, end: int) -> Iterator[Json]:
    for width, style in ((start, "emphasis"), (end - start, "accent"), (SCALE - end, "emphasis")):
        if width:
            cell = {"type": "Column", "width": width, "style": style, "spacing": "None"}
            yield cell | {"minHeight": "12px"}


def _ends(chart: Chart) -> Json:
    low = {"type": "TextBlock", "text": f"{chart.low:g}", **_QUIET}
    high = {"type": "TextBlock", "text": f"{chart.high:g}", **_QUIET}
    cells = [
        {"type": "Column", "width": "stretch", "items": [low]},
        {"type": "Column", "width": "auto", "items": [high]},
    ]
    return {"type": "ColumnSet", "spacing": "None", "columns": cells}
