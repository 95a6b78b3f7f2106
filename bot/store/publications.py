"""Queries on what was published over many rounds: rows of `publication`, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.store.database import Session
from bot.store.rounds import COUNTED
from bot.store.tables import Block, Publication, Round, RoundTeam


async def of_round(
    session: Session, round_id: str, block_ids: Collection[str]
) -> Sequence[Publication]:
    """What came out of a round for these blocks, in no order."""
    query = select(Publication).where(
        col(Publication.round_id) == round_id, col(Publication.block_id).in_(block_ids)
    )
    return (await session.execute(query)).scalars().all()


async def over_time(
    session: Session,
    block_id: str,
    question_ids: Collection[str],
    until: datetime,
    most: int,
) -> Sequence[tuple[Publication, Round]]:
    """What came out of a block's last rounds of each question, the oldest first.

    Of rounds that closed by `until`, up to `most` of each question. A block is the same teams as
    long as it is: other teams are another block.
    """
    age = func.row_number().over(
        partition_by=col(Publication.question_id),
        order_by=(col(Round.closes_at).desc(), col(Round.id)),
    )
    aged = (
        select(Publication, age.label("age"))
        .join(Round, col(Round.id) == col(Publication.round_id))
        .where(
            col(Publication.block_id) == block_id,
            col(Publication.question_id).in_(question_ids),
            col(Round.state).in_(COUNTED),
            col(Round.closes_at) <= until,
        )
        .subquery()
    )
    row = aliased(Publication, aged)
    query = (
        select(row, Round)
        .join(Round, col(Round.id) == aged.c.round_id)
        .where(aged.c.age <= most)
        .order_by(col(Round.closes_at), col(Round.id).desc())
    )
    return [(found[0], found[1]) for found in await session.execute(query)]


async def all_published(
    session: Session, since: date | None = None, team_ids: Collection[str] | None = None
) -> Sequence[tuple[Publication, Round, Block]]:
    """All that came out of rounds, of every block or of those that held one of these teams."""
    query = (
        select(Publication, Round, Block)
        .join(Round, col(Round.id) == col(Publication.round_id))
        .join(Block, col(Block.id) == col(Publication.block_id))
        .where(col(Round.state).in_(COUNTED))
    )
    if since is not None:
        query = query.where(col(Round.local_date) >= since)
    if team_ids is not None:
        query = query.where(_held_one_of(team_ids))
    return [(found[0], found[1], found[2]) for found in await session.execute(query)]


def _held_one_of(team_ids: Collection[str]) -> ColumnElement[bool]:
    """Whether a publication's block held one of these teams when its round opened."""
    return exists().where(
        col(RoundTeam.round_id) == col(Publication.round_id),
        col(RoundTeam.block_id) == col(Publication.block_id),
        col(RoundTeam.team_id).in_(team_ids),
    )
