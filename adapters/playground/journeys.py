"""Lets a worker know when a web process has moved the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from adapters.playground.clock import PlaygroundClock, real_time

log = structlog.get_logger(__name__)

LOOKS_EVERY_S = 0.1
# Two looks at two clocks are never quite at the same time.
NO_JOURNEY = timedelta(seconds=0.5)


@asynccontextmanager
async def after_journeys(
    clock: PlaygroundClock, tick: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Tick after every jump of the clock, for as long as the block lasts."""
    task = asyncio.create_task(_follow(clock, tick))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _follow(clock: PlaygroundClock, tick: Callable[[], Awaitable[None]]) -> None:
    before = clock.now() - real_time()
    while True:
        await asyncio.sleep(LOOKS_EVERY_S)
        try:
            ahead = clock.now() - real_time()
            if abs(ahead - before) > NO_JOURNEY:
                await tick()
            before = ahead
        except Exception as error:  # noqa: BLE001 - the edge of a loop; the next look may do
            log.warning("the clock could not be followed", kind=type(error).__name__)
