"""One tick of the clock: everything that time alone brings about."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from bot.store import deliveries
from bot.store.database import AWAY
from bot.usecases.close_rounds import close_rounds
from bot.usecases.core import Core
from bot.usecases.plan import plan

log = structlog.get_logger(__name__)


async def tick(core: Core) -> None:
    """Do what has come due by now. Doing it again, or elsewhere at the same time, is harmless.

    Each step is on its own: one that fails is logged, and the others go on. The next tick starts
    from the tables again, so nothing is lost by it. Sending goes on after a tick has ended.
    """
    now = core.clock.now()
    await _step("blur", core.inbox.blur())
    await _step("close", close_rounds(core, now))
    await _step("plan", plan(core, now))
    await _step("wake", _wake_workers(core))


async def _wake_workers(core: Core) -> None:
    async with core.database.reading() as session:
        waiting = await deliveries.workspaces_due(session, core.clock.now())
    for workspace_id in waiting:
        await core.queue.wake(workspace_id)


async def _step(name: str, step: Awaitable[None]) -> None:
    try:
        await step
    except AWAY as error:
        log.warning("the database is away or busy", step=name, why=type(error).__name__)
    except Exception:
        log.exception("a step of a tick failed", step=name)
