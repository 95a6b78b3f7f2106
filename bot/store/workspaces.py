"""Queries on workspaces: which are installed, and how fast each may be written to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from bot.domain.pace import Pace
from bot.store.database import Session, insert
from bot.store.tables import Account, Channel, Claim, Conversation, DirectorySync, Workspace

PLAYGROUND: Final = "playground"
# The platform of a workspace that was uninstalled: its row stays for the sake of its deliveries.
UNINSTALLED: Final = ""


# --- which there are -----------------------------------------------------------------------


async def install(session: Session, workspace: Workspace) -> None:
    """Have a workspace. One that is there, or was, keeps its pace."""
    statement = insert(session, Workspace).values(workspace.model_dump())
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"platform": workspace.platform}
        ).execution_options(synchronize_session=False)
    )


async def uninstall(session: Session, workspace_id: str) -> bool:
    """Forget who and what is there. Returns whether it was installed."""
    for table in (Account, Channel, Claim, Conversation, DirectorySync):
        await session.execute(
            delete(table)
            .where(col(table.workspace_id) == workspace_id)
            .execution_options(synchronize_session=False)
        )
    statement = (
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.platform) != UNINSTALLED)
        .values(platform=UNINSTALLED)
        .returning(col(Workspace.id))
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def is_installed(session: Session, workspace_id: str) -> bool:
    query = select(col(Workspace.platform)).where(col(Workspace.id) == workspace_id)
    return await session.scalar(query) not in {None, UNINSTALLED}


async def is_uninstalled(session: Session, workspace_id: str) -> bool:
    """Whether it was there once. Nobody installs it again until the session ends."""
    query = select(col(Workspace.platform)).where(col(Workspace.id) == workspace_id)
    return await session.scalar(query.with_for_update()) == UNINSTALLED


async def installed(session: Session, platform: str) -> list[str]:
    """The workspaces of a platform that are installed, by id."""
    query = select(col(Workspace.id)).where(col(Workspace.platform) == platform)
    return sorted((await session.execute(query)).scalars())


async def others(session: Session, workspace_id: str) -> list[str]:
    """The other installed workspaces, the playground apart."""
    query = select(col(Workspace.id)).where(
        col(Workspace.platform).not_in((UNINSTALLED, PLAYGROUND)),
        col(Workspace.id) != workspace_id,
    )
    return sorted((await session.execute(query)).scalars())


def by_preference(workspace_id: SQLCoreOperations[str]) -> tuple[SQLCoreOperations[Any], ...]:
    """In which order to try the workspaces that somebody is in: real platforms first.

    Who tries things out on the playground is still written to where they work.
    """
    return workspace_id == PLAYGROUND, workspace_id


# --- how fast ------------------------------------------------------------------------------


async def pace(session: Session, workspace_id: str, now: datetime) -> Pace:
    """How a workspace was left by whoever wrote to it last."""
    found = await session.get(Workspace, workspace_id)
    if found is None or found.rested_at is None:
        return Pace()
    return Pace((found.rested_at - now).total_seconds(), found.pace)


async def keep_pace(session: Session, workspace_id: str, pace: Pace, now: datetime) -> None:
    await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id)
        .values(rested_at=now + timedelta(seconds=pace.rests_for_s), pace=pace.share)
        .execution_options(synchronize_session=False)
    )
