"""A timer that doesn't wait: who sleeps has slept at once, and later waiters don't overtake."""

from __future__ import annotations

import asyncio


class SkippingTimer:
    def __init__(self) -> None:
        self._now = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)

    def move_by(self, seconds: float) -> None:
        """As if the process had been paused."""
        self._now += seconds
