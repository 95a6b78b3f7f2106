"""Which prompt is next: pure, repeating nothing within its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from bot.domain.library import PulseItem

T = TypeVar("T")


def pick(items: Sequence[T], turn: int) -> T:
    """The item whose turn it is."""
    return items[turn % len(items)]


def choose_questions(
    items: Sequence[PulseItem],
    *,
    turn: int,
    how_many: int,
    last_asked: Mapping[str, date],
    on: date,
    spacing: timedelta,
) -> list[PulseItem]:
    """The questions of a round: the next in turn which weren't asked within `spacing`.

    Fewer, or none, if so few are far enough back: asking the same question sooner is what lets an
    attacker subtract one round from another.
    """
    start = turn * how_many
    in_turn = [pick(items, start + offset) for offset in range(len(items))]
    rested = [item for item in in_turn if on - last_asked.get(item.id, date.min) >= spacing]
    return rested[:how_many]
