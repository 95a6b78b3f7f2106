"""APScheduler as the clock: it calls one function every few seconds, and remembers nothing.

What is due is decided by the core from its own clock and tables. So the job store is in memory, a
tick that was missed needs no catching up (`coalesce`), and one runs at a time (`max_instances`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger(__name__)

TICK_SECONDS = 15


class Ticker:
    """Ticks until it is stopped."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float = TICK_SECONDS) -> None:
        self._tick = tick
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

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _tick_once(self) -> None:
        try:
            await self._tick()
        except Exception:
            # The next tick starts from the tables again, so nothing is lost by going on.
            log.exception("a tick failed")
