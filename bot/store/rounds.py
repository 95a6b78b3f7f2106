"""Queries on rounds, the gate's ledger and what was published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.store.database import Session, insert
from bot.store.tables import (
    LedgerEntry,
    LedgerMember,
    Publication,
    Round,
    RoundBlock,
    RoundTeam,
)

# Open, being counted, counted (published or not), cleaned up.
OPEN, CLOSING, CLOSED, FINISHED = "open", "closing", "closed", "finished"
COUNTED = (CLOSED, FINISHED)


async def round_by_id(session: Session, round_id: str) -> Round | None:
    return await session.get(Round, round_id)


async def round_to_change(session: Session, round_id: str) -> Round | None:
    """The same, and nobody else changes it before this transaction has ended."""
    return await session.get(Round, round_id, with_for_update=True)


async def move_on(session: Session, round_id: str, before: Collection[str], after: str) -> bool:
    """Change a round's state from one of `before`. False if somebody else has taken it further."""
    statement = (
        update(Round)
        .where(col(Round.id) == round_id, col(Round.state).in_(before))
        .values(state=after)
        .returning(col(Round.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def round_on(session: Session, programme_id: str, local_date: date) -> Round | None:
    query = select(Round).where(
        col(Round.programme_id) == programme_id, col(Round.local_date) == local_date
    )
    return (await session.execute(query)).scalars().first()


async def to_close(session: Session, now: datetime) -> Sequence[Round]:
    """Rounds whose time is over and that haven't been counted."""
    query = (
        select(Round)
        .where(col(Round.state).in_((OPEN, CLOSING)), col(Round.closes_at) <= now)
        .order_by(col(Round.closes_at), col(Round.id))
    )
    return (await session.execute(query)).scalars().all()


async def to_finish(session: Session) -> Sequence[Round]:
    """Rounds that have closed and whose keys and inbox may still exist."""
    query = select(Round).where(col(Round.state) == CLOSED).order_by(col(Round.id))
    return (await session.execute(query)).scalars().all()


async def live(session: Session) -> set[str]:
    """The rounds whose keys and inbox are still needed, or still to be destroyed in order."""
    query = select(col(Round.id)).where(col(Round.state) != FINISHED)
    return set((await session.execute(query)).scalars())


async def uncounted(session: Session) -> set[str]:
    """The rounds whose keys are still needed, to take answers or to count them."""
    query = select(col(Round.id)).where(col(Round.state).in_((OPEN, CLOSING)))
    return set((await session.execute(query)).scalars())


async def open_rounds(session: Session, now: datetime) -> Sequence[Round]:
    query = select(Round).where(col(Round.state) == OPEN, col(Round.closes_at) > now)
    return (await session.execute(query)).scalars().all()


async def latest(session: Session, opened_since: datetime) -> Round | None:
    """The round that opened last since an instant."""
    query = (
        select(Round)
        .where(col(Round.opens_at) >= opened_since)
        .order_by(col(Round.opens_at).desc(), col(Round.id))
        .limit(1)
    )
    return (await session.execute(query)).scalars().first()


async def latest_counted(session: Session) -> Round | None:
    """The round that was counted last."""
    query = (
        select(Round)
        .where(col(Round.state).in_(COUNTED))
        .order_by(col(Round.closes_at).desc(), col(Round.id))
        .limit(1)
    )
    return (await session.execute(query)).scalars().first()


async def next_close(session: Session, after: datetime) -> datetime | None:
    query = select(func.min(col(Round.closes_at))).where(
        col(Round.state) == OPEN, col(Round.closes_at) > after
    )
    found: datetime | None = (await session.execute(query)).scalar_one()
    return found


async def last_asked(session: Session) -> dict[str, date]:
    """Question id → the day on which it was last asked."""
    found: dict[str, date] = {}
    for asked in (await session.execute(select(Round).order_by(col(Round.local_date)))).scalars():
        found.update(dict.fromkeys(asked.question_ids, asked.local_date))
    return found


# --- the ledger ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Released:
    """A set that was counted, and where and when."""

    block_id: str
    opened_on: date
    members: frozenset[str]


async def released(session: Session, question_id: str, since: date) -> list[Released]:
    """The sets counted for a question since a day, the oldest first."""
    query = (
        select(
            col(LedgerEntry.id),
            col(LedgerEntry.block_id),
            col(LedgerEntry.opened_on),
            col(LedgerMember.ledger_id),
        )
        .join(LedgerMember, col(LedgerMember.entry_id) == col(LedgerEntry.id))
        .where(col(LedgerEntry.question_id) == question_id, col(LedgerEntry.opened_on) >= since)
        .order_by(col(LedgerEntry.opened_on), col(LedgerEntry.id))
    )
    sets: dict[str, tuple[str, date, set[str]]] = {}
    for entry_id, block_id, opened_on, member in await session.execute(query):
        sets.setdefault(entry_id, (block_id, opened_on, set()))[2].add(member)
    return [Released(block, day, frozenset(members)) for block, day, members in sets.values()]


async def enter(session: Session, entry: LedgerEntry, members: Iterable[str]) -> None:
    """Enter a counted set. Members go in sorted: their order says nothing."""
    session.add(entry)
    await session.flush()
    rows = [{"entry_id": entry.id, "ledger_id": member} for member in sorted(members)]
    await session.execute(insert(session, LedgerMember), rows)


async def forget_ledger(session: Session, before: date) -> None:
    """Drop what lies beyond the horizon."""
    await session.execute(delete(LedgerEntry).where(col(LedgerEntry.opened_on) < before))


@dataclass(frozen=True, slots=True)
class Counted:
    """A question for which somebody is counted, in which block, and at which place in the box."""

    question_id: str
    block_id: str
    position: int


async def counted_for(session: Session, round_id: str, ledger_id: str) -> list[Counted]:
    """The questions of a round for which one person is counted."""
    query = (
        select(col(LedgerEntry.question_id), col(LedgerEntry.block_id), col(RoundBlock.position))
        .join(LedgerMember, col(LedgerMember.entry_id) == col(LedgerEntry.id))
        .join(
            RoundBlock,
            (col(RoundBlock.round_id) == col(LedgerEntry.round_id))
            & (col(RoundBlock.block_id) == col(LedgerEntry.block_id)),
        )
        .where(col(LedgerEntry.round_id) == round_id, col(LedgerMember.ledger_id) == ledger_id)
    )
    return [Counted(*row) for row in await session.execute(query)]


async def counted_sizes(session: Session, round_id: str) -> dict[tuple[str, str], int]:
    """(block, question) → how many people are counted in a round."""
    query = (
        select(col(LedgerEntry.block_id), col(LedgerEntry.question_id), func.count())
        .join(LedgerMember, col(LedgerMember.entry_id) == col(LedgerEntry.id))
        .where(col(LedgerEntry.round_id) == round_id)
        .group_by(col(LedgerEntry.block_id), col(LedgerEntry.question_id))
    )
    return {(row[0], row[1]): row[2] for row in await session.execute(query)}


async def counted_people(session: Session, round_id: str) -> int:
    """How many different people are counted in a round at all."""
    query = (
        select(func.count(func.distinct(col(LedgerMember.ledger_id))))
        .join(LedgerEntry, col(LedgerMember.entry_id) == col(LedgerEntry.id))
        .where(col(LedgerEntry.round_id) == round_id)
    )
    return int((await session.execute(query)).scalar_one())


async def team_blocks(session: Session, round_id: str) -> dict[str, str]:
    """Team → the block that it was in when a round opened."""
    query = select(col(RoundTeam.team_id), col(RoundTeam.block_id))
    rows = await session.execute(query.where(col(RoundTeam.round_id) == round_id))
    return {row[0]: row[1] for row in rows}


async def block_positions(session: Session, round_id: str) -> dict[int, str]:
    """Place in the box → block."""
    query = (
        select(RoundBlock)
        .where(col(RoundBlock.round_id) == round_id)
        .order_by(col(RoundBlock.position))
    )
    return {row.position: row.block_id for row in (await session.execute(query)).scalars()}


# --- what was published --------------------------------------------------------------------


async def publish(session: Session, rows: Sequence[Publication]) -> None:
    """Record what comes out of a round: once, by constraint."""
    if rows:
        await session.execute(
            insert(session, Publication).on_conflict_do_nothing(),
            [row.model_dump() for row in rows],
        )


async def publications(session: Session, round_id: str, block_id: str) -> Sequence[Publication]:
    query = select(Publication).where(
        col(Publication.round_id) == round_id, col(Publication.block_id) == block_id
    )
    return (await session.execute(query)).scalars().all()


async def last_published(
    session: Session, question_ids: Collection[str], before: datetime, block_id: str | None = None
) -> Sequence[Publication]:
    """What was last published before an instant, for each block (or one block) and question."""
    age = func.row_number().over(
        partition_by=(col(Publication.block_id), col(Publication.question_id)),
        order_by=(col(Round.closes_at).desc(), col(Round.id)),
    )
    query = (
        select(Publication, age.label("age"))
        .join(Round, col(Round.id) == col(Publication.round_id))
        .where(
            col(Publication.question_id).in_(question_ids),
            col(Publication.outcome) == "published",
            col(Round.closes_at) < before,
        )
    )
    if block_id is not None:
        query = query.where(col(Publication.block_id) == block_id)
    aged = query.subquery()
    newest = select(aliased(Publication, aged)).where(aged.c.age == 1)
    return (await session.execute(newest)).scalars().all()
