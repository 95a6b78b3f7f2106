"""Counting opened answers, by block and question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.library import PulseItem
from bot.domain.sealed_answer import OpenedAnswer
from bot.errors import SealedAnswerError

# (block id, question id) → how often each value of the question's scale was given
Tally = dict[tuple[str, str], list[int]]


def count(
    answers: Iterable[OpenedAnswer], blocks: Mapping[int, str], items: Sequence[PulseItem]
) -> Tally:
    """Count the answers of a round. `blocks` says which block a place in the box stands for.

    Raises SealedAnswerError if a box holds what the collecting side never seals.
    """
    tally: Tally = {}
    for answer in answers:
        block_id = blocks.get(answer.block)
        if block_id is None:
            raise SealedAnswerError("a box names a block that the round doesn't have")
        for item, value in zip(items, answer.answers, strict=False):
            if value is not None:
                counts = tally.setdefault((block_id, item.id), [0] * (item.scale.span + 1))
                counts[_place(item, value)] += 1
    return tally


def _place(item: PulseItem, value: int) -> int:
    if value not in item.scale.values:
        raise SealedAnswerError("a box holds a value outside its question's scale")
    return value - item.scale.low
