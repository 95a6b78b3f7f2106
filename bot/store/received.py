"""Queries on what somebody has in their chat: a delivery that went to them, and "not now"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.domain.delivery import DeliveryState
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence

SNOOZED = 1  # the first turn that a "not now" makes


async def delivery(
    session: Session, delivery_id: str, person_id: str
) -> tuple[Delivery, Occurrence] | None:
    """A delivery that went to this person, and its occurrence."""
    wanted = {"delivery_id": delivery_id, "person_id": person_id}
    row = (await session.execute(_DELIVERY_TO, wanted)).first()
    return (row[0], row[1]) if row else None


_DELIVERY_TO = (
    select(Delivery, Occurrence)
    .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
    .where(
        col(Delivery.id) == bindparam("delivery_id"),
        col(Delivery.person_id) == bindparam("person_id"),
    )
)


@dataclass(frozen=True, slots=True)
class Received:
    """What somebody has in their chat, and whether "not now" has put the same off."""

    occurrence_id: str
    recipient: str
    due_at: datetime
    is_put_off: bool


async def message(session: Session, delivery_id: str, person_id: str) -> Received | None:
    """A delivery that went to this person."""
    wanted = {"delivery_id": delivery_id, "person_id": person_id}
    row = (await session.execute(_RECEIVED, wanted)).first()
    return Received(*row) if row else None


_PUT_OFF = aliased(Delivery)
# Made once: it is part of every tap on a check-in.
_RECEIVED = select(
    col(Delivery.occurrence_id),
    col(Delivery.recipient),
    col(Delivery.due_at),
    exists(
        select(literal(1)).where(
            col(_PUT_OFF.occurrence_id) == col(Delivery.occurrence_id),
            col(_PUT_OFF.recipient) == col(Delivery.recipient),
            col(_PUT_OFF.turn) >= SNOOZED,
            col(_PUT_OFF.state) == DeliveryState.PLANNED,
        )
    ),
).where(
    col(Delivery.id) == bindparam("delivery_id"),
    col(Delivery.person_id) == bindparam("person_id"),
)
_FORGET_SNOOZES = (
    delete(Delivery)
    .where(
        col(Delivery.occurrence_id) == bindparam("occurrence_id"),
        col(Delivery.recipient) == bindparam("recipient"),
        col(Delivery.turn) >= SNOOZED,
        col(Delivery.state) == DeliveryState.PLANNED,
    )
    .execution_options(synchronize_session=False)
)


async def latest_turn(session: Session, delivery: Delivery) -> Delivery:
    """The last that "not now" has made of a message; the message itself if there was none."""
    query = (
        select(Delivery)
        .where(
            col(Delivery.occurrence_id) == delivery.occurrence_id,
            col(Delivery.recipient) == delivery.recipient,
        )
        .order_by(col(Delivery.turn).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one()


async def forget_snoozes(session: Session, occurrence_id: str, recipient: str) -> None:
    """Drop what "not now" had put off, since the person has come back to it by themselves."""
    of_whom = {"occurrence_id": occurrence_id, "recipient": recipient}
    await session.execute(_FORGET_SNOOZES, of_whom)
