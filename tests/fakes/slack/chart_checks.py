"""The rules of the block `data_visualization`."""

from __future__ import annotations

import math
from typing import Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.problems import Problems

TITLE, AXIS_LABEL, LABEL = 50, 50, 20
SERIES, SEGMENTS, POINTS = 6, 6, 20
ALONG_AN_AXIS: Final = frozenset({"bar", "area", "line"})


def check_chart(problems: Problems, block: Json, where: str) -> None:
    problems.text(block.get("title"), f"{where}/title", TITLE)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        problems.add("must provide an object", f"{where}/chart")
    elif chart.get("type") == "pie":
        _pie(problems, chart, f"{where}/chart")
    elif chart.get("type") in ALONG_AN_AXIS:
        _along_an_axis(problems, chart, f"{where}/chart")
    else:
        problems.add("must be one of ['area', 'bar', 'line', 'pie']", f"{where}/chart/type")


def _pie(problems: Problems, chart: Json, where: str) -> None:
    for index, segment in enumerate(problems.count(chart.get("segments"), where, SEGMENTS)):
        at = f"{where}/segments/{index}"
        problems.text(segment.get("label"), f"{at}/label", LABEL)
        if not _is_number(segment.get("value")) or segment["value"] <= 0:
            problems.add("must be a positive number", f"{at}/value")


def _along_an_axis(problems: Problems, chart: Json, where: str) -> None:
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        problems.add("missing required field: axis_config", where)
        return
    at = f"{where}/axis_config/categories"
    categories = problems.count(axis.get("categories"), at, POINTS)
    for index, category in enumerate(categories):
        problems.text(category, f"{at}/{index}", LABEL)
    problems.unique("categories", map(str, categories), at)
    for name in ("x_label", "y_label"):
        problems.optional_text(axis, name, f"{where}/axis_config", AXIS_LABEL)
    _series(problems, chart, categories, f"{where}/series")


def _series(problems: Problems, chart: Json, categories: list[str], where: str) -> None:
    all_of_them = problems.count(chart.get("series"), where, SERIES)
    problems.unique("name", (str(series.get("name")) for series in all_of_them), where)
    for index, series in enumerate(all_of_them):
        problems.text(series.get("name"), f"{where}/{index}/name", LABEL)
        data = series.get("data") or []
        if [point.get("label") for point in data] != categories:
            problems.add("labels must match the categories", f"{where}/{index}/data")
        if not all(_is_number(point.get("value")) for point in data):
            problems.add("must be a number", f"{where}/{index}/data")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
