"""What a platform tells more than once and must have one effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.store import handled
from bot.usecases.core import Core

# Platforms repeat themselves for minutes, or for an hour after an outage.
REMEMBERED_FOR: Final = timedelta(days=1)


async def first_time(core: Core, event_id: str) -> bool:
    """Whether this is told for the first time. Of several who ask at once, one is told so."""
    now = core.clock.now()
    async with core.database.writing() as session:
        await handled.forget(session, now - REMEMBERED_FOR)
        return await handled.note(session, event_id, now)


async def not_handled(core: Core, event_id: str) -> None:
    """Take back that something was handled: nothing came of it, and the next time is the first."""
    async with core.database.writing() as session:
        await handled.cross_out(session, event_id)
