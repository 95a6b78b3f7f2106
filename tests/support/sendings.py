"""Deliveries in whatever state a test wants them, straight in the tables."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.delivery import DeliveryState, Priority
from bot.store.tables import Delivery, Occurrence, Workspace
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core, random_id


async def occurrence(
    core: Core,
    programme_id: str,
    *,
    zone: str = "Europe/London",
    local_at: str = "2026-11-23T10:00",
    due_at: datetime | None = None,
    late: timedelta = timedelta(hours=4),
    was_skipped: bool = False,
) -> str:
    """A firing of a programme, due now. Returns its id."""
    due_at = due_at or core.clock.now()
    made = Occurrence(
        id=random_id(),
        programme_id=programme_id,
        zone=zone,
        local_at=local_at,
        due_at=due_at,
        expires_at=due_at + late,
        was_skipped=was_skipped,
    )
    async with core.database.writing() as session:
        session.add(made)
    return made.id


async def deliveries(
    core: Core,
    occurrence_id: str,
    number: int,
    state: DeliveryState,
    reason: str = "",
    *,
    workspace_id: str = PLAYGROUND,
    due_in: timedelta = timedelta(),
) -> None:
    """So many deliveries of an occurrence in one state, to nobody in particular."""
    now = core.clock.now()
    async with core.database.writing() as session:
        firing = await session.get_one(Occurrence, occurrence_id)
        session.add_all(
            Delivery(
                id=random_id(),
                occurrence_id=occurrence_id,
                workspace_id=workspace_id,
                recipient=f"person:{random_id()}",
                due_at=now + due_in,
                expires_at=firing.expires_at,
                state=state,
                reason=reason,
                priority=Priority.SCHEDULED,
                epoch=1,
            )
            for _ in range(number)
        )


async def workspace(
    core: Core, workspace_id: str, *, rested_at: datetime | None = None, pace: float = 1.0
) -> None:
    async with core.database.writing() as session:
        session.add(Workspace(id=workspace_id, platform="slack", rested_at=rested_at, pace=pace))
