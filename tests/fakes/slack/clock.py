"""The time at Slack: the real one, and so much ahead of it as a test says."""

from __future__ import annotations

import time


class SlackClock:
    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._last_ts = 0

    def now(self) -> float:
        return time.time() + self.ahead_s

    def move_to(self, instant: float) -> None:
        self.ahead_s = instant - time.time()

    def move_by(self, seconds: float) -> None:
        self.ahead_s += seconds

    def ts(self) -> str:
        """A message's time stamp. No two are the same, and a later one is higher."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
