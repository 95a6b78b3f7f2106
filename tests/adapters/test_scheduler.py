from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from structlog.testing import capture_logs

from adapters.scheduler import Ticker

SOON = 0.01
LONG_ENOUGH = 5


@asynccontextmanager
async def ticking(tick: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    ticker = Ticker(tick, SOON)
    ticker.start()
    try:
        yield
    finally:
        await ticker.stop()


class Counter:
    """Counts ticks, and tells when there have been enough."""

    def __init__(self, enough: int) -> None:
        self.ticks = 0
        self._missing = enough
        self._enough = asyncio.Event()

    def count(self) -> None:
        self.ticks += 1
        if self.ticks >= self._missing:
            self._enough.set()

    async def wait(self) -> None:
        async with asyncio.timeout(LONG_ENOUGH):
            await self._enough.wait()


async def test_it_ticks_again_and_again() -> None:
    counter = Counter(enough=3)

    async def tick() -> None:
        counter.count()

    async with ticking(tick):
        await counter.wait()
    assert counter.ticks >= 3


async def test_a_tick_that_fails_is_logged_and_followed_by_the_next() -> None:
    counter = Counter(enough=3)

    async def tick() -> None:
        counter.count()
        raise RuntimeError("the database is locked")

    with capture_logs() as logs:
        async with ticking(tick):
            await counter.wait()
    assert counter.ticks >= 3
    assert {(line["event"], line["log_level"]) for line in logs} == {("a tick failed", "error")}


async def test_a_tick_that_takes_long_is_never_overlapped() -> None:
    counter = Counter(enough=3)
    running = 0
    most_at_once = 0

    async def slow_tick() -> None:
        nonlocal running, most_at_once
        running += 1
        most_at_once = max(most_at_once, running)
        await asyncio.sleep(4 * SOON)
        running -= 1
        counter.count()

    async with ticking(slow_tick):
        await counter.wait()
    assert most_at_once == 1


async def test_nothing_ticks_before_the_start_or_after_the_stop() -> None:
    counter = Counter(enough=1)

    async def tick() -> None:
        counter.count()

    ticker = Ticker(tick, SOON)
    await asyncio.sleep(2 * SOON)
    assert counter.ticks == 0
    ticker.start()
    await counter.wait()
    await ticker.stop()
    at_the_stop = counter.ticks
    await asyncio.sleep(4 * SOON)
    assert counter.ticks == at_the_stop


async def test_a_tick_that_is_running_at_the_stop_may_end() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        await asyncio.sleep(4 * SOON)
        ended.set()

    async with asyncio.timeout(LONG_ENOUGH), ticking(tick):
        await begun.wait()
    assert ended.is_set()


async def test_a_tick_that_does_not_end_is_cut_off_at_the_stop() -> None:
    begun, cut_off = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        try:
            await asyncio.sleep(2 * LONG_ENOUGH)
        finally:
            cut_off.set()

    ticker = Ticker(tick, SOON, patience_s=SOON)
    ticker.start()
    async with asyncio.timeout(LONG_ENOUGH):
        await begun.wait()
        await ticker.stop()
    assert cut_off.is_set()
