"""Finding something to press on a surface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.json_types import Json


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Everything on a surface that somebody may press or choose in, each with its block."""
    for block in blocks:
        inside: list[Any] = [*(block.get("elements") or []), block.get("accessory")]
        for element in inside:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find(blocks: list[Json], what: str, value: str | None = None) -> tuple[Json, Json] | None:
    """An element by its action or its label, and by its value if that is given too.

    `pulse.answer` finds the action id `pulse.answer|3`.
    """
    for block, element in elements_of(blocks):
        if value is not None and element.get("value") != value:
            continue
        action = str(element["action_id"])
        if what in {action, action.split("|", maxsplit=1)[0], label_of(element)}:
            return block, element
    return None


def label_of(element: Json) -> str:
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", ""))
