"""Finding something to press in a card."""

from __future__ import annotations

from typing import Final

from tests.fakes.teams.card_walk import actions_of
from tests.fakes.teams.json_types import Json

PRESSED: Final = ("Action.Execute", "Action.Submit")


def find(card: Json, what: str, data: Json | None = None) -> Json | None:
    """An action by its title or its verb, and by some of its data if that is given too."""
    for action in pressable(card):
        held = action.get("data") or {}
        fits = all(held.get(name) == value for name, value in (data or {}).items())
        if fits and what in {action.get("title"), action.get("verb"), held.get("verb")}:
            return action
    return None


def pressable(card: Json) -> list[Json]:
    return [
        action
        for action in actions_of(card)
        if action["type"] in PRESSED and action.get("isEnabled", True)
    ]


def opens_dialog(action: Json) -> bool:
    msteams = (action.get("data") or {}).get("msteams") or {}
    return action["type"] == "Action.Submit" and msteams.get("type") == "task/fetch"
