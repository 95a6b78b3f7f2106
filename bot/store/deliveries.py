"""Queries on deliveries: what is due, who has it in hand, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlmodel import col

from bot.domain.delivery import DeliveryState, Next, Priority
from bot.store.database import Session
from bot.store.tables import METADATA, Delivery, Occurrence, Workspace

DELIVERIES: Table = METADATA.tables["delivery"]
PEOPLE: Table = METADATA.tables["person"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that somebody is about to send, or looks up, and the epoch that is theirs."""

    delivery_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of a claim.

    was_lost  it hasn't arrived although it should have
    welcomed  whom it welcomes, and their local day, if it is a welcome that was sent
    """

    claim: Claim
    next: Next
    message_id: str | None = None
    was_lost: bool = False
    welcomed: tuple[str, date] | None = None


# --- sending -------------------------------------------------------------------------------


async def claim(session: Session, workspace_id: str, now: datetime, limit: int) -> list[Claim]:
    """Claim deliveries of a workspace that are due: the most urgent, of these the longest due."""
    asked = {"workspace": workspace_id, "now": now, "most": limit}
    ids = list((await session.execute(_MOST_URGENT, asked)).scalars())
    if not ids:
        return []
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(ids), col(Delivery.state) == DeliveryState.PLANNED)
        .values(state=DeliveryState.CLAIMED, epoch=col(Delivery.epoch) + 1)
        .returning(col(Delivery.id), col(Delivery.epoch))
        .execution_options(synchronize_session=False)
    )
    epochs = {row[0]: row[1] for row in await session.execute(statement)}
    return [Claim(found, epochs[found]) for found in ids if found in epochs]


def _due(priority: Priority) -> Select[str, int, datetime]:
    """One range of the index: what is planned for later isn't looked at, however much it is."""
    return (
        select(col(Delivery.id), col(Delivery.priority), col(Delivery.due_at))
        .where(
            col(Delivery.workspace_id) == bindparam("workspace"),
            col(Delivery.state) == DeliveryState.PLANNED,
            col(Delivery.priority) == priority,
            col(Delivery.due_at) <= bindparam("now", type_=DELIVERIES.c.due_at.type),
        )
        # Nothing further: a whole cohort is due at one instant, and would be sorted each time.
        .order_by(col(Delivery.due_at))
        .limit(bindparam("most", type_=Integer))
    )


_DUE = union_all(
    *(select(_due(priority).subquery()) for priority in Priority),
).subquery()
_MOST_URGENT = (
    select(_DUE.c.id)
    .order_by(_DUE.c.priority, _DUE.c.due_at, _DUE.c.id)
    .limit(bindparam("most", type_=Integer))
)


async def claimed(
    session: Session, claims: Sequence[Claim]
) -> list[tuple[Claim, Delivery, Occurrence]]:
    """The deliveries of those claims that still stand, in the order of the claims."""
    query = (
        select(Delivery, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(
            col(Delivery.id).in_([claim.delivery_id for claim in claims]),
            col(Delivery.state) == DeliveryState.CLAIMED,
        )
    )
    found = {row[0].id: (row[0], row[1]) for row in await session.execute(query)}
    return [
        (claim, *found[claim.delivery_id])
        for claim in claims
        if claim.delivery_id in found and found[claim.delivery_id][0].epoch == claim.epoch
    ]


async def standing(session: Session, claims: Iterable[Claim]) -> set[Claim]:
    """Those claims that still stand."""
    query = select(col(Delivery.id), col(Delivery.epoch)).where(
        col(Delivery.id).in_([claim.delivery_id for claim in claims]),
        col(Delivery.state) == DeliveryState.CLAIMED,
    )
    return {Claim(*row) for row in await session.execute(query)} & set(claims)


async def settle(session: Session, results: Sequence[Result]) -> None:
    """Record what became of claims. One that no longer stands is left as it is."""
    if not results:
        return
    statement = (
        update(DELIVERIES)
        .where(
            DELIVERIES.c.id == bindparam("of"),
            DELIVERIES.c.epoch == bindparam("claimed_at"),
            or_(
                DELIVERIES.c.state == DeliveryState.CLAIMED,
                DELIVERIES.c.state == DeliveryState.UNKNOWN,
            ),
        )
        .values(
            state=bindparam("state"),
            reason=bindparam("reason"),
            due_at=func.coalesce(
                bindparam("due_at", type_=DELIVERIES.c.due_at.type), DELIVERIES.c.due_at
            ),
            message_id=func.coalesce(
                bindparam("message_id", type_=DELIVERIES.c.message_id.type), DELIVERIES.c.message_id
            ),
            workspace_id=func.coalesce(
                bindparam("elsewhere", type_=DELIVERIES.c.workspace_id.type),
                DELIVERIES.c.workspace_id,
            ),
            losses=DELIVERIES.c.losses + bindparam("lost"),
        )
    )
    values = [
        {
            "of": result.claim.delivery_id,
            "claimed_at": result.claim.epoch,
            "state": result.next.state,
            "reason": result.next.reason,
            "due_at": result.next.due_at,
            "message_id": result.message_id,
            "elsewhere": result.next.workspace_id,
            "lost": int(result.was_lost),
        }
        for result in results
    ]
    connection = await session.connection()
    await connection.execute(statement, values)
    if welcomes := [_welcome(result) for result in results if result.welcomed is not None]:
        await connection.execute(_WELCOME, welcomes)


def _welcome(result: Result) -> dict[str, object]:
    person_id, day = result.welcomed or ("", None)
    claim = result.claim
    return {"who": person_id, "day": day, "by": claim.delivery_id, "claimed_at": claim.epoch}


# In the transaction that says that a welcome was sent, and only if it does: nobody is left
# between, neither welcomed nor waiting for it.
_WELCOME = (
    update(PEOPLE)
    .where(
        PEOPLE.c.id == bindparam("who"),
        exists().where(
            DELIVERIES.c.id == bindparam("by"),
            DELIVERIES.c.epoch == bindparam("claimed_at"),
            DELIVERIES.c.state == DeliveryState.SENT,
        ),
    )
    .values(welcomed_on=bindparam("day", type_=PEOPLE.c.welcomed_on.type))
)


async def begin(session: Session, claims: Sequence[Claim], ask_at: datetime) -> bool:
    """Have claims count as unknown from now on, until their outcome is recorded: they go out now.

    Whoever comes after a crash knows by it what may have been sent, at `ask_at`. False if a claim
    no longer stands: then none of them may go out.
    """
    statement = (
        update(DELIVERIES)
        .where(
            tuple_(DELIVERIES.c.id, DELIVERIES.c.epoch).in_(
                [(claim.delivery_id, claim.epoch) for claim in claims]
            ),
            DELIVERIES.c.state == DeliveryState.CLAIMED,
        )
        .values(state=DeliveryState.UNKNOWN, due_at=ask_at)
        .returning(DELIVERIES.c.id)
    )
    return len((await session.execute(statement)).all()) == len(claims)


async def hand_back(session: Session, claims: Iterable[Claim]) -> None:
    """Let somebody else have what was claimed and not begun."""
    back = Next(DeliveryState.PLANNED)
    await settle(session, [Result(claim, back) for claim in claims])


async def take_over(session: Session, workspace_id: str, left: Next) -> int:
    """Do to the claims that nobody holds any more what `left` says: call it as the only worker.

    Returns how many there were. None of them stands any longer.
    """
    statement = (
        update(Delivery)
        .where(
            col(Delivery.workspace_id) == workspace_id,
            col(Delivery.state) == DeliveryState.CLAIMED,
        )
        .values(
            state=left.state,
            epoch=col(Delivery.epoch) + 1,
            due_at=col(Delivery.due_at) if left.due_at is None else left.due_at,
        )
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(statement)).all())


async def unknown(
    session: Session, workspace_id: str, now: datetime, limit: int
) -> list[tuple[Claim, Delivery, Occurrence]]:
    """Deliveries of a workspace that may have arrived, and that it is time to ask for."""
    query = (
        select(Delivery, Occurrence)
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(
            col(Delivery.workspace_id) == workspace_id,
            col(Delivery.state) == DeliveryState.UNKNOWN,
            col(Delivery.due_at) <= now,
        )
        .order_by(col(Delivery.priority), col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
    )
    rows = await session.execute(query)
    return [(Claim(row[0].id, row[0].epoch), row[0], row[1]) for row in rows]


# --- what is to do -------------------------------------------------------------------------

TO_DO = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.UNKNOWN)


async def workspaces_due(session: Session, now: datetime) -> list[str]:
    """The workspaces in which something is due, was left in hand, or can be asked for."""
    return list((await session.execute(_WORKSPACES_DUE, {"now": now})).scalars())


def _is_due(state: DeliveryState, priority: Priority) -> ColumnElement[bool]:
    """One range of the index."""
    return exists(
        select(literal(1)).where(
            col(Delivery.workspace_id) == col(Workspace.id),
            col(Delivery.state) == state,
            col(Delivery.priority) == priority,
            col(Delivery.due_at) <= bindparam("now", type_=DELIVERIES.c.due_at.type),
        )
    )


# Made once: a tick asks for it, and putting it together takes longer than the answer.
_WORKSPACES_DUE = (
    select(col(Workspace.id))
    .where(or_(*(_is_due(state, priority) for state in TO_DO for priority in Priority)))
    .order_by(col(Workspace.id))
)


def first_due() -> ScalarSelect[datetime]:
    """When a delivery's occurrence was due, whatever has put the delivery off since."""
    return (
        select(col(Occurrence.due_at))
        .where(col(Occurrence.id) == col(Delivery.occurrence_id))
        .scalar_subquery()
    )


async def next_due(session: Session, after: datetime) -> datetime | None:
    """When the next delivery that is waiting is due."""
    query = select(func.min(col(Delivery.due_at))).where(
        col(Delivery.state).in_((DeliveryState.PLANNED, DeliveryState.UNKNOWN)),
        col(Delivery.due_at) > after,
    )
    found: datetime | None = (await session.execute(query)).scalar_one()
    return found
