"""APScheduler as the clock: it calls one function every few seconds, and remembers nothing.

What is due is decided by the core from its own clock and tables. So the job store is in memory, a
tick that was missed needs no catching up (`coalesce`), and one runs at a time (`max_instances`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)
# It warns, each time, of a tick that takes longer than its interval; that is no cause for alarm.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

# How long a running tick may take to end once the bot is told to stop. Each of its steps is a
# transaction, so that one that is cut off then leaves nothing half done.
PATIENCE_SECONDS = 4


class Ticker:
    """Ticks every so many seconds until it is stopped."""

    def __init__(
        self,
        tick: Callable[[], Awaitable[None]],
        seconds: float,
        patience_s: float = PATIENCE_SECONDS,
    ) -> None:
        self._tick, self._patience_s = tick, patience_s
        self._running: asyncio.Task[None] | None = None
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
        """Stop ticking. A tick that is running may end, if it is quick."""
        self._scheduler.remove_all_jobs()
        if self._running is not None:
            _done, late = await asyncio.wait([self._running], timeout=self._patience_s)
            for task in late:
                log.warning("a tick took too long and was cut off")
                task.cancel()
                await asyncio.wait([task], timeout=1)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick_once(self) -> None:
        self._running = asyncio.ensure_future(self._tick())
        await asyncio.wait([self._running])
        if not self._running.cancelled() and (error := self._running.exception()):
            # The next tick starts from the tables again, so nothing is lost by going on.
            log.error("a tick failed", exc_info=error)
