"""Queries of planning: the watermark, occurrences, and their deliveries by the hundred thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column as TableColumn
from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Integer,
    String,
    Subquery,
    and_,
    case,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from bot.domain.availability import Availability, Away
from bot.domain.delivery import DeliveryState, Next, Priority
from bot.store.audiences import WORKING_TIME
from bot.store.database import Session, insert
from bot.store.deliveries import DELIVERIES, PEOPLE, first_due
from bot.store.scratch import made, scratch_table
from bot.store.tables import Delivery, Occurrence, Watermark, Workspace
from bot.store.workspaces import by_preference

Decide = Callable[[Availability], Next]

# How many working times are decided, and kept in memory, at once.
AT_ONCE = 1000

# What was decided for each working time, which many people share.
_DECIDED = scratch_table(
    "decided",
    *(TableColumn(name, PEOPLE.c[name].type, primary_key=True) for name in WORKING_TIME),
    TableColumn("state", String, nullable=False),
    TableColumn("reason", String, nullable=False),
    TableColumn("due_at", DELIVERIES.c.due_at.type, nullable=False),
)


async def watermark(session: Session) -> datetime | None:
    found = await session.get(Watermark, 1)
    return found.planned_until if found else None


async def move_watermark(session: Session, until: datetime) -> None:
    await session.merge(Watermark(planned_until=until))


async def insert_occurrence(session: Session, occurrence: Occurrence) -> Occurrence:
    """Insert an occurrence unless it exists. Returns the one that is there."""
    statement = insert(session, Occurrence).values(occurrence.model_dump())
    inserted = await session.scalar(
        statement.on_conflict_do_nothing().returning(col(Occurrence.id))
    )
    if inserted is not None:
        return occurrence
    query = select(Occurrence).where(
        col(Occurrence.programme_id) == occurrence.programme_id,
        col(Occurrence.zone) == occurrence.zone,
        col(Occurrence.local_at) == occurrence.local_at,
    )
    return (await session.execute(query)).scalar_one()


# --- deliveries ----------------------------------------------------------------------------


async def insert_delivery(session: Session, delivery: Delivery) -> None:
    """Insert one delivery, unless somebody else has just done so."""
    await session.execute(
        insert(session, Delivery).values(delivery.model_dump()).on_conflict_do_nothing()
    )


async def insert_deliveries(
    session: Session,
    occurrence: Occurrence,
    recipients: Subquery,
    priority: Priority,
    decide: Decide,
) -> int:
    """Insert a delivery for each recipient who has none yet. Returns how many were inserted.

    `recipients` has the columns that `audiences.recipients` names. Each working time among them is
    decided once; the rows themselves never leave the database.
    """
    if not await session.scalar(select(exists(select(literal(1)).select_from(recipients)))):
        return 0  # nobody: most programmes have no audience in most zones
    async with made(session, _DECIDED):
        await _decide_each(session, occurrence.zone, recipients, decide)
        return await _insert_all(session, occurrence, recipients, priority)


async def _decide_each(session: Session, zone: str, recipients: Subquery, decide: Decide) -> None:
    query = select(*(recipients.c[name] for name in WORKING_TIME)).distinct()
    connection = await session.connection()
    async with connection.stream(query) as found:
        async for batch in found.mappings().partitions(AT_ONCE):
            rows = [{**row, **_decision(decide(_availability(zone, **row)))} for row in batch]
            await connection.execute(_DECIDED.insert(), rows)


def _availability(zone: str, *, working_days: str, **rest: Any) -> Availability:
    return Availability(zone=zone, working_days=frozenset(map(int, working_days)), **rest)


def _decision(first: Next) -> dict[str, object]:
    return {"state": first.state, "reason": first.reason, "due_at": first.due_at}


async def _insert_all(
    session: Session, occurrence: Occurrence, recipients: Subquery, priority: Priority
) -> int:
    values: dict[str, ColumnElement[Any]] = {
        "id": _RandomId(),
        "occurrence_id": literal(occurrence.id, String),
        "workspace_id": recipients.c.workspace_id,
        "recipient": recipients.c.recipient,
        "person_id": recipients.c.person_id,
        "team_id": recipients.c.team_id,
        "turn": literal(0, Integer),
        "due_at": _DECIDED.c.due_at,
        "expires_at": literal(occurrence.expires_at, DELIVERIES.c.expires_at.type),
        "state": _DECIDED.c.state,
        "reason": _DECIDED.c.reason,
        "epoch": literal(0, Integer),
        "priority": literal(int(priority), Integer),
        "losses": literal(0, Integer),
    }
    rows = (
        select(*values.values())
        .where(*(recipients.c[name] == _DECIDED.c[name] for name in WORKING_TIME))
        # Of somebody's accounts the one that they chose, or else always the same one. Where it is
        # of no use, sending tries the next. The indexes grow in order.
        .order_by(
            recipients.c.recipient,
            recipients.c.is_second_choice,
            *by_preference(recipients.c.workspace_id),
        )
    )
    statement = insert(session, Delivery).from_select(list(values), rows)
    statement = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return await _count(session, statement)


class _RandomId(FunctionElement[str]):
    """An id that says nothing, from the database's own secure source: see `core.random_id`."""

    type = String()
    inherit_cache = True


@compiles(_RandomId, "sqlite")
def _of_sqlite(*_: object, **__: object) -> str:
    return "lower(hex(randomblob(16)))"


@compiles(_RandomId, "postgresql")
def _of_postgresql(*_: object, **__: object) -> str:
    return "replace(gen_random_uuid()::text, '-', '')"


# --- a clock that goes back ----------------------------------------------------------------


async def forget_skipped(session: Session, now: datetime) -> datetime | None:
    """Forget the occurrences that were skipped and would be in time. When the first was due."""
    statement = (
        delete(Occurrence)
        .where(col(Occurrence.was_skipped), col(Occurrence.expires_at) > now)
        .returning(col(Occurrence.due_at))
        .execution_options(synchronize_session=False)
    )
    return min((await session.execute(statement)).scalars(), default=None)


async def decide_again(session: Session, now: datetime) -> int:
    """Have everything that has reached nobody, and is in time, looked at when it is due.

    What was left by hand, or for a reason that time doesn't change, stays as it is; what may have
    been sent does so too. A "not now" keeps its own time.
    """
    state, reason = col(Delivery.state), col(Delivery.reason)
    statement = (
        update(Delivery)
        .where(
            col(Delivery.expires_at) > now,
            or_(
                and_(state == DeliveryState.EXPIRED, reason == ""),
                and_(state == DeliveryState.SKIPPED, reason.in_(tuple(Away))),
                and_(state == DeliveryState.PLANNED, col(Delivery.turn) == 0),
            ),
        )
        .values(
            state=DeliveryState.PLANNED,
            reason="",
            due_at=case((col(Delivery.turn) == 0, first_due()), else_=col(Delivery.due_at)),
        )
        .execution_options(synchronize_session=False)
    )
    return await _count(session, statement)


async def wait_no_longer(session: Session, than: datetime) -> None:
    """Look up what is in doubt, and write to every workspace, by this instant at the latest."""
    await session.execute(
        update(Delivery)
        .where(col(Delivery.state) == DeliveryState.UNKNOWN, col(Delivery.due_at) > than)
        .values(due_at=than)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Workspace)
        .where(col(Workspace.rested_at) > than)
        .values(rested_at=than)
        .execution_options(synchronize_session=False)
    )


async def _count(session: Session, statement: Any) -> int:
    """Execute it. Returns how many rows it changed."""
    done = cast("CursorResult[Any]", await session.execute(statement))
    return done.rowcount
