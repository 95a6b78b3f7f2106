"""Queries for the person who runs the bot: how many deliveries came to what, and changing them.

Rows are counted and changed in the database, never loaded: there may be a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlmodel import col

from bot.domain.delivery import BY_HAND, DeliveryState, Priority
from bot.domain.outcomes import Choice, Tally
from bot.domain.programme import SUPPORT_ID
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence, Workspace

# The reason of what was expired because somebody called it off.
CALLED_OFF = "by_hand"
# What the support desk writes is between those whom it concerns, and so is how often it does.
_IS_SHOWN = col(Occurrence.programme_id) != SUPPORT_ID


async def tallies(session: Session, since: datetime, now: datetime) -> list[Tally]:
    """How many deliveries of the occurrences that came due since then are in which state.

    There is one of a kind for each zone, in no order.
    """
    is_due = and_(col(Delivery.state) == DeliveryState.PLANNED, col(Delivery.due_at) <= now)
    kinds = (
        col(Delivery.occurrence_id),
        col(Delivery.state),
        col(Delivery.reason),
        is_due.label("is_due"),
    )
    recent = select(col(Occurrence.id)).where(col(Occurrence.due_at) >= since, _IS_SHOWN)
    # Counted by occurrence first: joined at once, SQLite would look at every delivery there is.
    counted = (
        select(*kinds, func.count().label("number"))
        .where(col(Delivery.occurrence_id).in_(recent))
        .group_by(*kinds)
        .subquery()
    )
    query = select(
        col(Occurrence.programme_id),
        col(Occurrence.local_at),
        counted.c.state,
        counted.c.reason,
        counted.c.is_due,
        counted.c.number,
    ).join(counted, counted.c.occurrence_id == col(Occurrence.id))
    return [
        Tally(programme_id, local_at, DeliveryState(state), reason, bool(due), number)
        for programme_id, local_at, state, reason, due, number in await session.execute(query)
    ]


async def missed(session: Session, since: datetime) -> dict[tuple[str, str], int]:
    """(programme id, local time) → in how many zones it was skipped, if in any."""
    firing = (col(Occurrence.programme_id), col(Occurrence.local_at))
    query = (
        select(*firing, func.count())
        .where(col(Occurrence.due_at) >= since, _IS_SHOWN, col(Occurrence.was_skipped))
        .group_by(*firing)
    )
    return {(row[0], row[1]): row[2] for row in await session.execute(query)}


async def programmes(session: Session, since: datetime) -> list[str]:
    """The ids of the programmes that came due since then, in order."""
    query = select(col(Occurrence.programme_id)).where(col(Occurrence.due_at) >= since, _IS_SHOWN)
    ordered = query.distinct().order_by(col(Occurrence.programme_id))
    return list((await session.execute(ordered)).scalars())


async def workspaces(session: Session) -> Sequence[Workspace]:
    return (await session.execute(select(Workspace).order_by(col(Workspace.id)))).scalars().all()


async def longest_due(session: Session, workspace_id: str, now: datetime) -> datetime | None:
    """Since when the longest due of a workspace's planned deliveries has been due, if any is."""
    found: list[datetime] = []
    for priority in Priority:  # each is the first entry of one range of the index
        query = (
            select(col(Delivery.due_at))
            .where(
                col(Delivery.workspace_id) == workspace_id,
                col(Delivery.state) == DeliveryState.PLANNED,
                col(Delivery.priority) == priority,
                col(Delivery.due_at) <= now,
            )
            .order_by(col(Delivery.due_at))
            .limit(1)
        )
        found += (await session.execute(query)).scalars().all()
    return min(found, default=None)


async def retry(
    session: Session, workspace_id: str, choice: Choice, since: datetime, now: datetime
) -> int:
    """Plan what failed once more, due at once, unless it is too late. Returns how many."""
    return await _move(
        session,
        DeliveryState.PLANNED,
        [*_chosen(workspace_id, choice, since), col(Delivery.expires_at) > now],
        {"reason": "", "due_at": now, "losses": 0},
    )


async def expire(session: Session, workspace_id: str, choice: Choice, since: datetime) -> int:
    """Call off what waits or has failed. Returns how many."""
    return await _move(
        session,
        DeliveryState.EXPIRED,
        _chosen(workspace_id, choice, since),
        {"reason": CALLED_OFF},
    )


async def _move(
    session: Session,
    to: DeliveryState,
    conditions: Sequence[ColumnElement[bool]],
    values: dict[str, object],
) -> int:
    """Check and change in one statement. What a worker is claiming meanwhile isn't waited for."""
    chosen = (
        select(col(Delivery.id))
        .where(col(Delivery.state).in_(BY_HAND[to]), *conditions)
        .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite nobody else writes just now
    )
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(chosen))
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    connection = await session.connection()
    return (await connection.execute(statement)).rowcount


def _chosen(workspace_id: str, choice: Choice, since: datetime) -> list[ColumnElement[bool]]:
    firings = select(col(Occurrence.id)).where(col(Occurrence.due_at) >= since)
    if choice.programme_id is not None:
        firings = firings.where(col(Occurrence.programme_id) == choice.programme_id)
    if choice.local_at is not None:
        firings = firings.where(col(Occurrence.local_at) == choice.local_at)
    conditions = [
        col(Delivery.workspace_id) == workspace_id,
        col(Delivery.occurrence_id).in_(firings),
    ]
    if choice.reason is not None:
        conditions.append(col(Delivery.reason) == choice.reason)
    return conditions
