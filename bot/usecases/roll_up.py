"""All groups of somebody who leads several: one line for each question, from published rows alone.

It names no group and puts none in order: a range that all their results lie in, and how many have
one. Whoever reads it may read each of these results by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.bands import Band
from bot.domain.library import PulseItem
from bot.message import Buttons, Heading, Item, Items, Paragraph, Part
from bot.ports import Texts
from bot.store import publications
from bot.store.database import Session
from bot.store.tables import Block, Round
from bot.usecases.actions.page import action_buttons
from bot.usecases.actions.scope import ALL
from bot.usecases.band_words import labels_in_words, range_in_words
from bot.usecases.core import Core
from bot.usecases.published import band_of
from bot.usecases.questions import questions_of

# One result has nothing to be put together with.
FEWEST_RESULTS = 2


async def roll_up_parts(
    core: Core, session: Session, texts: Texts, asked: Round, led: Sequence[Block]
) -> list[Part]:
    """What the groups' results of a round span; nothing if that would be one result or none."""
    own_words = {item.id: item for item in texts.pulse_items}
    rows = await publications.of_round(session, asked.id, [block.id for block in led])
    bands: dict[str, list[Band]] = {}
    for row in rows:
        if row.outcome == "published":
            bands.setdefault(row.question_id, []).append(band_of(row))
    entries = tuple(
        _entry(texts, own_words[item.id], bands[item.id], len(led))
        for item in questions_of(core, asked)
        if len(bands.get(item.id, ())) >= FEWEST_RESULTS
    )
    if not entries:
        return []
    return [
        Heading(texts.say("roll_up.title")),
        Paragraph(texts.say("roll_up.intro")),
        Items(entries),
        Buttons(action_buttons(texts, ALL)),
    ]


def _entry(texts: Texts, item: PulseItem, bands: Collection[Band], groups: int) -> Item:
    low = min(band.mean_low for band in bands)
    high = max(band.mean_high for band in bands)
    said = texts.say(
        "roll_up.line",
        band=range_in_words(texts, item, low, high),
        labels=labels_in_words(texts, item.scale, low, high),
        shown=len(bands),
        groups=groups,
    )
    return Item(item.text, said)
