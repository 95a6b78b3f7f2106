"""Queries on the clock's watermark, occurrences and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from bot.domain.delivery import DeliveryState, Next
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence, Watermark

ROWS_A_STATEMENT = 1000
SNOOZED = 1  # the first turn that a "not now" makes


async def watermark(session: Session) -> datetime | None:
    found = await session.get(Watermark, 1)
    return found.planned_until if found else None


async def move_watermark(session: Session, until: datetime) -> None:
    await session.merge(Watermark(planned_until=until))


async def insert_occurrence(session: Session, occurrence: Occurrence) -> bool:
    """Insert an occurrence unless it exists. True if this call made it."""
    statement = (
        insert(Occurrence)
        .values(occurrence.model_dump())
        .on_conflict_do_nothing()
        .returning(col(Occurrence.id))
    )
    return (await session.execute(statement)).first() is not None


async def insert_deliveries(session: Session, rows: Sequence[Delivery]) -> None:
    """Insert deliveries, leaving out those that exist."""
    values = (row.model_dump() for row in rows)
    while batch := list(islice(values, ROWS_A_STATEMENT)):
        await session.execute(insert(Delivery).on_conflict_do_nothing(), batch)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that somebody is about to send, and the epoch of their claim."""

    delivery_id: str
    epoch: int


async def claim(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Claim]:
    """Claim the deliveries of a workspace that are due, the longest due first."""
    due = (
        select(col(Delivery.id))
        .where(
            col(Delivery.state) == DeliveryState.PLANNED,
            col(Delivery.workspace_id) == workspace_id,
            col(Delivery.due_at) <= now,
        )
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
    )
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(due))
        .values(state=DeliveryState.CLAIMED, epoch=col(Delivery.epoch) + 1)
        .returning(col(Delivery.id), col(Delivery.epoch), col(Delivery.due_at))
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(statement)).all()
    ordered = sorted(rows, key=lambda row: (row[2], row[0]))
    return [Claim(delivery_id=row[0], epoch=row[1]) for row in ordered]


async def claimed(session: Session, claim: Claim) -> tuple[Delivery, Occurrence] | None:
    """The claimed delivery and its occurrence, or None if the claim no longer stands."""
    query = (
        select(Delivery, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(
            col(Delivery.id) == claim.delivery_id,
            col(Delivery.state) == DeliveryState.CLAIMED,
            col(Delivery.epoch) == claim.epoch,
        )
    )
    row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None


async def settle(
    session: Session, claim: Claim, outcome: Next, message_id: str | None = None
) -> bool:
    """Record the outcome of a claim. False if the claim no longer stands."""
    values: dict[str, Any] = {"state": outcome.state, "reason": outcome.reason}
    if outcome.due_at is not None:
        values["due_at"] = outcome.due_at
    if message_id is not None:
        values["message_id"] = message_id
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == claim.delivery_id, col(Delivery.epoch) == claim.epoch)
        .values(**values)
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


async def doubt_claims(session: Session, workspace_id: str) -> int:
    """What nobody holds any more may have been sent, or not: call it as the only worker there."""
    statement = (
        update(Delivery)
        .where(
            col(Delivery.state) == DeliveryState.CLAIMED,
            col(Delivery.workspace_id) == workspace_id,
        )
        .values(state=DeliveryState.UNKNOWN, epoch=col(Delivery.epoch) + 1)
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(statement)).all())


async def unknown(session: Session) -> list[tuple[Delivery, Occurrence]]:
    """Deliveries that may have been sent, with what they are about."""
    query = (
        select(Delivery, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(col(Delivery.state) == DeliveryState.UNKNOWN)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def delivery(
    session: Session, delivery_id: str, person_id: str
) -> tuple[Delivery, Occurrence] | None:
    """A delivery that went to this person, and its occurrence."""
    query = (
        select(Delivery, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(col(Delivery.id) == delivery_id, col(Delivery.person_id) == person_id)
    )
    row = (await session.execute(query)).first()
    return (row[0], row[1]) if row else None


async def next_turn(session: Session, delivery: Delivery) -> Delivery | None:
    """What an earlier "not now" to this very message has made."""
    query = select(Delivery).where(
        col(Delivery.occurrence_id) == delivery.occurrence_id,
        col(Delivery.recipient) == delivery.recipient,
        col(Delivery.turn) == delivery.turn + 1,
    )
    return (await session.execute(query)).scalars().first()


async def forget_snoozes(session: Session, occurrence_id: str, recipient: str) -> None:
    """Drop what "not now" had put off, since the person has come back to it by themselves."""
    await session.execute(
        delete(Delivery)
        .where(
            col(Delivery.occurrence_id) == occurrence_id,
            col(Delivery.recipient) == recipient,
            col(Delivery.turn) >= SNOOZED,
            col(Delivery.state) == DeliveryState.PLANNED,
        )
        .execution_options(synchronize_session=False)
    )


async def workspaces_due(session: Session, now: datetime) -> list[str]:
    """The workspaces in which something is due, or was left in hand."""
    query = (
        select(col(Delivery.workspace_id))
        .where(
            col(Delivery.state).in_((DeliveryState.PLANNED, DeliveryState.CLAIMED)),
            col(Delivery.due_at) <= now,
        )
        .distinct()
    )
    return list((await session.execute(query)).scalars())


async def next_due(session: Session, after: datetime) -> datetime | None:
    """When the next planned delivery is due."""
    query = select(func.min(col(Delivery.due_at))).where(
        col(Delivery.state) == DeliveryState.PLANNED, col(Delivery.due_at) > after
    )
    found: datetime | None = (await session.execute(query)).scalar_one()
    return found
