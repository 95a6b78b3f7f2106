"""Sending by a core and a platform of a test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from adapters.workqueue.inline import InlineQueue
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.deliver import deliver
from tests.support.organisation import World, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of

LONG_ENOUGH_S = 10
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def states(world: World) -> list[str]:
    return [row["state"] for row in await rows_of(world.core, "delivery")]


async def five_people_are_due(world: World) -> None:
    await world.import_lines(team_of(4))
    await world.launch()
    world.clock.move_to(NINE)


def on_platform(core: Core, platform: MemoryPlatform) -> Core:
    """The same core with another platform, and a queue that serves it."""
    queue = InlineQueue()
    changed = replace(core, messengers={PLAYGROUND: platform}, queue=queue)
    queue.serve(lambda workspace_id: deliver(changed, workspace_id))
    return changed


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG_ENOUGH_S):
        while not holds():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
