"""One tick of the clock: everything that time alone brings about."""

from __future__ import annotations

from bot.store import deliveries
from bot.usecases.close_rounds import close_rounds
from bot.usecases.core import Core
from bot.usecases.plan import plan
from bot.usecases.reconcile import reconcile


async def tick(core: Core) -> None:
    """Do what has come due by now. Doing it again, or elsewhere at the same time, is harmless."""
    now = core.clock.now()
    await core.inbox.blur()
    await reconcile(core, now)
    await close_rounds(core, now)
    await plan(core, now)
    async with core.database.reading() as session:
        waiting = await deliveries.workspaces_due(session, now)
    for workspace_id in waiting:
        await core.queue.wake(workspace_id)
