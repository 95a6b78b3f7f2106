"""Whether a card is one by the official schema, and its charts by Microsoft's documentation.

Teams' own elements aren't in the schema of Adaptive Cards 1.5, and neither is `msteams`. What they
may hold is written down here, from "Charts in Adaptive Cards" and the types of Teams' own library;
in the schema's eyes a chart is what stands in for it where charts aren't known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from jsonschema import Draft6Validator

from adapters.teams.limits import Json

_SCHEMA: Final = Draft6Validator(
    json.loads(Path(__file__).with_name("adaptive-card-1.5.json").read_text(encoding="utf-8"))
)
_CHARTS: Final = frozenset({"Chart.Line", "Chart.VerticalBar.Grouped"})
_IN_A_CHART: Final = frozenset(
    {"type", "title", "showTitle", "yAxisTitle", "yMin", "yMax", "data", "fallback"}
)


def problems(card: Json) -> list[str]:
    """What is wrong with a card; none if all is well."""
    return [*_by_documentation(card), *_by_schema(card)]


def _by_schema(card: Json) -> Iterator[str]:
    """Each element in a card by itself: of a whole card, the schema only says that it isn't one."""
    frame = {name: value for name, value in card.items() if name not in {"msteams", "body"}}
    if not _is_card(json.dumps(frame)):
        yield f"card: {json.dumps(frame)[:300]}"
    for number, element in enumerate(card["body"]):
        alone = {"type": "AdaptiveCard", "body": [element.get("fallback", element)]}
        if not _is_card(json.dumps(alone)):
            yield f"body[{number}]: {json.dumps(alone)[:300]}"


@cache
def _is_card(card: str) -> bool:
    """Kept, since it takes long and cards say the same again and again."""
    return _SCHEMA.is_valid(json.loads(card))


def _by_documentation(card: Json) -> Iterator[str]:
    if card["msteams"] != {"width": "Full"}:
        yield f"msteams: {card['msteams']}"
    for number, element in enumerate(card["body"]):
        if not element["type"].startswith("Chart."):
            continue
        if element["type"] not in _CHARTS:
            yield f"body[{number}]: {element['type']} isn't a chart"
        yield from (f"body[{number}]: no {name}" for name in element.keys() - _IN_A_CHART)
        for series in element["data"]:
            if series.keys() != {"legend", "values"}:
                yield f"body[{number}].data: {sorted(series)}"
            if any(point.keys() != {"x", "y"} for point in series["values"]):
                yield f"body[{number}].data.values: {series['values']}"
            if not all(isinstance(point["x"], str) for point in series["values"]):
                yield f"body[{number}].data.values: a category isn't words"
