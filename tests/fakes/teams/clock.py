"""The time at Microsoft: the real one, and so much ahead of it as a test says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class TeamsClock:
    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._last_id = 0

    def now(self) -> float:
        return time.time() + self.ahead_s

    def move_to(self, instant: float) -> None:
        self.ahead_s = instant - time.time()

    def move_by(self, seconds: float) -> None:
        self.ahead_s += seconds

    def message_id(self) -> str:
        """Milliseconds. No two are the same, and a later one is higher."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1_000))
        return str(self._last_id)

    def stamp(self, zone: str = "") -> str:
        """The time now, in UTC or as somebody's clock shows it."""
        if zone:
            return datetime.fromtimestamp(self.now(), ZoneInfo(zone)).isoformat()
        return datetime.fromtimestamp(self.now(), UTC).isoformat().replace("+00:00", "Z")
