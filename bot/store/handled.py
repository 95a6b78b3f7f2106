"""Queries on what has been handled once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlmodel import col

from bot.store.database import Session, insert
from bot.store.tables import Handled

# So much is deleted at once: nobody waits for a large cleaning-up.
AT_ONCE: Final = 500


async def note(session: Session, event_id: str, at: datetime) -> bool:
    """Note that something is handled. False if it was noted before."""
    statement = insert(session, Handled).values(id=event_id, at=at)
    noted = await session.scalar(statement.on_conflict_do_nothing().returning(col(Handled.id)))
    return noted is not None


async def cross_out(session: Session, event_id: str) -> datetime | None:
    """Have something not noted any more. Returns when it was noted, or None if it wasn't."""
    statement = delete(Handled).where(col(Handled.id) == event_id).returning(col(Handled.at))
    found: datetime | None = await session.scalar(
        statement.execution_options(synchronize_session=False)
    )
    return found


async def until(session: Session, prefix: str, instant: datetime) -> list[str]:
    """What begins so and was noted by an instant, the oldest first."""
    query = select(col(Handled.id)).where(
        col(Handled.id).startswith(prefix, autoescape=True), col(Handled.at) <= instant
    )
    return list((await session.execute(query.order_by(col(Handled.at)))).scalars())


async def forget(session: Session, before: datetime) -> None:
    """Forget what is older. What somebody else is forgetting at this moment is left to them."""
    old = (
        select(col(Handled.id))
        .where(col(Handled.at) < before)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        delete(Handled).where(col(Handled.id).in_(old)).execution_options(synchronize_session=False)
    )
