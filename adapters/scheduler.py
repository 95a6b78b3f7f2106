"""APScheduler as the clock: it calls one function every few seconds, and remembers nothing.

What is due is decided by the core from its own clock and tables. So the job store is in memory, a
tick that was missed needs no catching up (`coalesce`), and one runs at a time (`max_instances`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)

# How long a running tick may take to end once the bot is told to stop.
PATIENCE_SECONDS = 20


class Ticker:
    """Ticks every so many seconds until it is stopped."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._tick = tick
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick_once,
            IntervalTrigger(seconds=seconds, timezone=UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop ticking. A tick that is running is awaited, not cut off in the middle."""
        self._scheduler.remove_all_jobs()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._at_rest.wait(), PATIENCE_SECONDS)
        self._scheduler.shutdown(wait=False)

    async def _tick_once(self) -> None:
        self._at_rest.clear()
        try:
            await self._tick()
        except Exception:
            # The next tick starts from the tables again, so nothing is lost by going on.
            log.exception("a tick failed")
        finally:
            self._at_rest.set()
