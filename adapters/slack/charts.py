"""A chart as Slack's own block, where it can say what the chart says."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from adapters.slack.lengths import shorten
from adapters.slack.limits import AXIS_LABEL, CHART_LABEL, CHART_TITLE, Json
from bot.message import Chart
from bot.text import is_blank, one_line

# A range has no block of its own: its ends are bars side by side.
_KINDS: Final = {"bar": "bar", "line": "line", "range": "bar"}


def chart_block(chart: Chart) -> Json | None:
    """The chart as a `data_visualization` block; None if Slack can't draw it truthfully.

    The block knows no gaps, and tells categories and series apart by their shortened names.
    """
    categories = _names(chart.categories)
    names = _names(series.name for series in chart.series)
    values = [series.values for series in chart.series]
    if categories is None or names is None or is_blank(chart.title) or not _is_whole(values):
        return None
    axis: Json = {"categories": categories}
    if not is_blank(chart.value_label):
        axis["y_label"] = shorten(one_line(chart.value_label), AXIS_LABEL)
    series = [
        {"name": name, "data": _points(categories, row)}
        for name, row in zip(names, values, strict=True)
    ]
    return {
        "type": "data_visualization",
        "title": shorten(one_line(chart.title), CHART_TITLE),
        "chart": {"type": _KINDS[chart.kind], "series": series, "axis_config": axis},
    }


def _names(names: Iterable[str]) -> list[str] | None:
    shown = [shorten(one_line(name), CHART_LABEL) for name in names]
    return shown if len(set(shown)) == len(shown) and not any(map(is_blank, shown)) else None


def _is_whole(rows: list[tuple[float | None, ...]]) -> bool:
    return all(value is not None and math.isfinite(value) for row in rows for value in row)


def _points(categories: list[str], row: tuple[float | None, ...]) -> list[Json]:
    return [{"label": label, "value": value} for label, value in zip(categories, row, strict=True)]
