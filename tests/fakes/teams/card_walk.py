"""Going through an Adaptive Card: its elements, inputs and actions, in the order of the card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.teams.json_types import Json

# What isn't shown, or is a bot's own.
SKIPPED: Final = {"fallback", "data", "requires", "msteams"}


def elements_of(value: Any) -> Iterator[Json]:
    """Every object with a type, the outer ones first."""
    if isinstance(value, list):
        for each in value:
            yield from elements_of(each)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for name, inner in value.items():
            if name not in SKIPPED:
                yield from elements_of(inner)


def actions_of(card: Json) -> list[Json]:
    return [each for each in elements_of(card) if each["type"].startswith("Action.")]


def inputs_of(card: Json) -> list[Json]:
    return [each for each in elements_of(card) if each["type"].startswith("Input.")]
