"""One tick of the clock: everything that time alone brings about."""

from __future__ import annotations

from collections.abc import Awaitable

import structlog

from bot.store import deliveries
from bot.store.database import AWAY
from bot.usecases.actions.retention import forget_actions
from bot.usecases.close_rounds import close_rounds
from bot.usecases.collecting import ready_to_collect
from bot.usecases.comments.retention import forget_comments
from bot.usecases.core import Core
from bot.usecases.plan import plan
from bot.usecases.raise_rules import raise_rules
from bot.usecases.support.clock import keep_time
from bot.usecases.support.looking_in import look_in
from bot.usecases.support.refresh import refresh
from bot.usecases.support.retention import forget
from bot.usecases.support.standing import keep_volunteers

log = structlog.get_logger(__name__)


async def tick(core: Core) -> None:
    """Do what has come due by now, of this process's sides.

    Doing it again, or elsewhere at the same time, is harmless. Each step is on its own: one that
    fails is logged, and the others go on. The next tick starts from the tables again, so nothing is
    lost by it. Sending goes on after a tick has ended.
    """
    now = core.clock.now()
    if core.tallies:  # opening a round makes its key pair, so whoever may tally plans as well
        await _step("blur", core.inbox.blur())
        await _step("close", close_rounds(core, now))
        await _step("rules", raise_rules(core))
        await _step("plan", plan(core, now))
        await _step("volunteers", keep_volunteers(core))
        await _step("support", keep_time(core, now))
        await _step("look in", look_in(core, now))
        await _step("refresh", refresh(core))
        await _step("forget", forget(core))
        await _step("forget actions", forget_actions(core))
        await _step("forget comments", forget_comments(core))
    if core.collects:
        await _step("collect", ready_to_collect(core, now))
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
