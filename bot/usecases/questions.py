"""The questions of a round: what the side that collects and the side that tallies both know."""

from __future__ import annotations

from bot.domain.library import PulseItem
from bot.store.tables import Round
from bot.usecases.core import Core


def questions_of(core: Core, asked: Round) -> list[PulseItem]:
    """The questions of a round, in the order in which they are in the box.

    Without those that have been taken out of the prompts since.
    """
    by_id = {item.id: item for item in core.library.texts("en").pulse_items}
    return [by_id[question_id] for question_id in asked.question_ids if question_id in by_id]
