"""What the summaries have shown, as rows to take along: published rows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.errors import NotFound
from bot.ports import Texts
from bot.store import accounts, publications
from bot.store.tables import Block, Publication, Round
from bot.usecases.core import Core
from bot.usecases.people import teams_led
from bot.usecases.published import band_of


@dataclass(frozen=True, slots=True)
class Exported:
    """A question of a round in a group, as its summary has shown it.

    outcome          `published`, `too_few`, `rests` or `unpublished`, without a cause
    low, high        the ends of the band that the mean lies in; None if there is none
    answered_from, answered_to  the band of how many answered; `answered_to` is None for "or more"
    """

    group: str
    day: date
    question: str
    outcome: str
    low: Fraction | None = None
    high: Fraction | None = None
    answered_from: int | None = None
    answered_to: int | None = None


async def exported(core: Core, leader: str | None, since: date | None = None) -> list[Exported]:
    """What was shown of the groups that somebody leads, by their address, or of all (None).

    Group by group in the order of their names, the oldest round first, questions as they were
    asked. A group counts as led in the rounds in which it held a team that they lead today.

    Raises NotFound if nobody has that address, or they lead no group.
    """
    async with core.database.reading() as session:
        texts, team_ids = core.library.texts("en"), None
        if leader is not None:
            person = await accounts.person_by_email(session, leader.strip().lower())
            if person is None:
                raise NotFound(f"Nobody on the roster has the address {leader}.")
            texts, team_ids = core.library.texts(person.language), await teams_led(session, person)
            if not team_ids:
                raise NotFound(f"{leader} leads no group, so there are no summaries of theirs.")
        found = await publications.all_published(session, since, team_ids)
    return _rows(texts, found)


def _rows(texts: Texts, found: Iterable[tuple[Publication, Round, Block]]) -> list[Exported]:
    questions = {item.id: item.text for item in texts.pulse_items}
    return [
        _row(row, asked, block, questions.get(row.question_id, row.question_id))
        for row, asked, block in sorted(found, key=_place)
    ]


def _place(found: tuple[Publication, Round, Block]) -> tuple[str, str, date, str, int]:
    """By names and days, and never by what came out."""
    row, asked, block = found
    asked_as = asked.question_ids.index(row.question_id)
    return block.name, block.id, asked.local_date, asked.id, asked_as


def _row(row: Publication, asked: Round, block: Block, question: str) -> Exported:
    if row.outcome != "published":
        return Exported(block.name, asked.local_date, question, row.outcome)
    band = band_of(row)
    return Exported(
        group=block.name,
        day=asked.local_date,
        question=question,
        outcome=row.outcome,
        low=band.mean_low,
        high=band.mean_high,
        answered_from=band.n_low,
        answered_to=band.n_high,
    )
