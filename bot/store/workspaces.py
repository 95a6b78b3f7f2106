"""Queries on workspaces: how fast each may be written to."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col

from bot.domain.pace import Pace
from bot.store.database import Session
from bot.store.tables import Workspace


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
