"""Reading what people see, as one text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.workspace import Workspace


def text_of(blocks: list[Json]) -> str:
    """Everything that can be read in blocks, a line for each text."""
    return "\n".join(_texts(blocks))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        if value.get("type") == "data_visualization":
            yield from _chart(value)
        else:
            yield from _object(value)


def _object(value: Json) -> Iterator[str]:
    for name, inner in value.items():
        if name in {"text", "alt_text"} and isinstance(inner, str):
            yield inner
        elif isinstance(inner, (dict, list)):
            yield from _texts(inner)


def _chart(block: Json) -> Iterator[str]:
    """A chart's title, and then a line for each series or segment."""
    yield str(block.get("title", ""))
    chart = block.get("chart", {})
    for series in chart.get("series", []):
        points = ", ".join(f"{each['label']}: {each['value']}" for each in series["data"])
        yield f"{series['name']}: {points}"
    for segment in chart.get("segments", []):
        yield f"{segment['label']}: {segment['value']}"


def everything_said(workspaces: Iterable[Workspace]) -> str:
    """What an owner's export would have: texts, blocks with their values, and metadata."""
    kept = [each for workspace in workspaces for each in workspace.kept]
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in kept)
