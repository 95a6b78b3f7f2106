"""A chart as a picture in a card, where it can say what the chart says."""

from __future__ import annotations

import math
from collections.abc import Iterable

from adapters.teams.limits import CHART_LABEL, CHART_TITLE, Json
from adapters.teams.markdown import inert, marked, shorten
from adapters.teams.ranges import range_element
from bot.message import Chart, Series
from bot.text import is_blank, one_line

_KINDS = {"bar": "Chart.VerticalBar.Grouped", "line": "Chart.Line"}


def chart_element(chart: Chart) -> Json | None:
    """The chart, with its numbers as a table where charts aren't known; None if it has gaps.

    Nothing tells a gap from a line that was drawn through it, and names that look the same once
    they are shortened would be one.
    """
    categories = _names(chart.categories)
    legends = _names(series.name for series in chart.series)
    if categories is None or legends is None or is_blank(chart.title) or not _is_whole(chart):
        return None
    if chart.kind == "range":
        return range_element(chart, categories)
    data = [
        {"legend": legend, "values": _points(categories, series)}
        for legend, series in zip(legends, chart.series, strict=True)
    ]
    axis = shorten(one_line(chart.value_label), CHART_LABEL)
    return {
        "type": _KINDS[chart.kind],
        "title": shorten(one_line(chart.title), CHART_TITLE),
        "showTitle": False,  # not every client shows it: it stands above, as a text
        **({} if is_blank(axis) else {"yAxisTitle": axis}),
        "yMin": chart.low,
        "yMax": chart.high,
        "data": data,
        "fallback": _table(chart, categories, legends),
    }


def chart_title(title: str) -> list[Json]:
    """What stands over a chart, drawn or not."""
    return [] if is_blank(title) else [marked(inert(title, CHART_TITLE))]


def _names(names: Iterable[str]) -> list[str] | None:
    shown = [shorten(one_line(name), CHART_LABEL) for name in names]
    return shown if len(set(shown)) == len(shown) and not any(map(is_blank, shown)) else None


def _is_whole(chart: Chart) -> bool:
    values = [value for series in chart.series for value in series.values]
    return chart.low < chart.high and all(
        value is not None and math.isfinite(value) for value in (chart.low, chart.high, *values)
    )


def _points(categories: list[str], series: Series) -> list[Json]:
    return [{"x": x, "y": y} for x, y in zip(categories, series.values, strict=True)]


def _table(chart: Chart, categories: list[str], legends: list[str]) -> Json:
    """Every number in words: a line for each category, with what each series says of it."""
    rows = zip(*(series.values for series in chart.series), strict=True)
    facts = [
        {"title": inert(category), "value": inert(_row(legends, row))}
        for category, row in zip(categories, rows, strict=True)
    ]
    return {"type": "FactSet", "facts": facts}


def _row(legends: list[str], row: tuple[float | None, ...]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in zip(legends, row, strict=True))
