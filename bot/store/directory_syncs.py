"""Queries on readings of directories: which is due, which is under way, what was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlmodel import col

from bot.store.database import Session, insert
from bot.store.tables import DirectorySync, Workspace

# What a platform told while nobody listened is found by asking.
USUALLY_AFTER: Final = timedelta(hours=6)
# After a first, second and third try in a row that came to nothing.
AGAIN_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


async def ask(session: Session, workspace_id: str | None = None) -> None:
    """Have a workspace, or each, read again at once, also one that is being read just now."""
    statement = update(DirectorySync).values(due_at=None)
    if workspace_id is not None:
        statement = statement.where(col(DirectorySync.workspace_id) == workspace_id)
    await session.execute(statement.execution_options(synchronize_session=False))


async def due(session: Session, platform: str, now: datetime) -> list[str]:
    """The workspaces of a platform that are to be read now, by id."""
    query = (
        select(col(Workspace.id))
        .outerjoin(DirectorySync, col(DirectorySync.workspace_id) == col(Workspace.id))
        .where(
            col(Workspace.platform) == platform,
            or_(col(DirectorySync.due_at).is_(None), col(DirectorySync.due_at) <= now),
        )
    )
    return sorted((await session.execute(query)).scalars())


async def begin(session: Session, workspace_id: str, now: datetime) -> datetime:
    """Record a try, as if it had failed already: so one that ends in whatever way is made again.

    Returns when that would be.
    """
    found = await session.get(DirectorySync, workspace_id)
    tries = found.tries + 1 if found else 1
    again_after = [*AGAIN_AFTER, USUALLY_AFTER][min(tries, len(AGAIN_AFTER) + 1) - 1]
    row = DirectorySync(workspace_id=workspace_id, due_at=now + again_after, tries=tries)
    await session.execute(
        insert(session, DirectorySync)
        .values(row.model_dump())
        .on_conflict_do_update(
            index_elements=["workspace_id"], set_={"due_at": row.due_at, "tries": tries}
        )
        .execution_options(synchronize_session=False)
    )
    return now + again_after


async def end(
    session: Session, workspace_id: str, began: datetime, now: datetime, problems: Sequence[str]
) -> None:
    """Record that what was read is ours. `began` is what `begin` returned.

    If somebody has asked meanwhile, what they know of may be missing: it stays due.
    """
    await note(session, workspace_id, now, problems)
    mine = update(DirectorySync).where(col(DirectorySync.workspace_id) == workspace_id)
    for statement in (
        mine.values(tries=0),
        mine.where(col(DirectorySync.due_at) == began).values(due_at=now + USUALLY_AFTER),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


async def note(session: Session, workspace_id: str, now: datetime, problems: Sequence[str]) -> None:
    """Record what is wrong with an answer."""
    await session.execute(
        update(DirectorySync)
        .where(col(DirectorySync.workspace_id) == workspace_id)
        .values(read_at=now, problems=list(problems))
        .execution_options(synchronize_session=False)
    )


async def synced(session: Session) -> list[DirectorySync]:
    """How reading each workspace went, by workspace."""
    found = (await session.execute(select(DirectorySync))).scalars().all()
    return sorted(found, key=lambda each: each.workspace_id)
