"""What can go wrong, as a test says while it runs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Literal

Kind = Literal["cut", "lost", "slow", "html", "body", "error"]
TIER_PER_MINUTE: Final = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL: Final = 5
UNLIMITED: Final = 6


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, `times` times or always, in a share of the calls that fit.

    cut    the connection is cut before the call is handled
    lost   the call is handled, and then the connection is cut
    slow   the call takes `seconds`, and is handled at their end, even if nobody waits any more
    html   `status` and a page of HTML; the call isn't handled
    body   `status` and `body` as JSON, whether it is any or not; the call isn't handled
    error  `"ok": false` with `code`; the call isn't handled
    """

    kind: Kind
    method: str = ""
    team_id: str = ""
    times: int | None = 1
    share: float = 1.0
    code: str = "internal_error"
    details: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    status: int = 503
    seconds: float = 0.0


@dataclass(slots=True)
class Bucket:
    """Tokens that fill up again at a constant rate."""

    per_second: float
    burst: float
    tokens: float
    at: float

    def take(self, now: float) -> int:
        """Take one, and return 0; or return in how many seconds there will be one."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0
        return max(1, math.ceil((1 - self.tokens) / self.per_second))


@dataclass(frozen=True, slots=True)
class Quota:
    """So many calls a second and so many at once, for each workspace. "" is any method or team."""

    per_second: float
    burst: int = 1
    method: str = ""
    team_id: str = ""


class Faults:
    """Everything is well until a test says otherwise."""

    def __init__(self) -> None:
        self.latency_s = 0.0
        self.tiers = False
        self.waiting: list[Fault] = []
        self.quotas: list[Quota] = []
        self._buckets: dict[tuple[object, ...], Bucket] = {}
        self.seed(1)

    def seed(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - faults, not secrets

    def clear(self) -> None:
        """All is well again, and every quota is full."""
        self.latency_s, self.tiers = 0.0, False
        self.waiting.clear()
        self.quotas.clear()
        self._buckets.clear()

    # --- as a test says --------------------------------------------------------------------

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def cut(self, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("cut", method, times=times, **more))

    def lose_replies(self, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("lost", method, times=times, **more))

    def slow(self, seconds: float, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("slow", method, times=times, seconds=seconds, **more))

    def html_page(self, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("html", method, times=times, **more))

    def body(self, body: str, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("body", method, times=times, body=body, **{"status": 200, **more}))

    def answer(self, code: str, method: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("error", method, times=times, code=code, **more))

    def limit(
        self, per_second: float, burst: int = 1, *, method: str = "", team_id: str = ""
    ) -> Quota:
        quota = Quota(per_second, burst, method, team_id)
        self.quotas.append(quota)
        return quota

    # --- as the server asks ----------------------------------------------------------------

    def next(self, method: str, team_id: str) -> Fault | None:
        """What goes wrong with this call; it is used up by asking."""
        for fault in self.waiting:
            if fault.method in {"", method} and fault.team_id in {"", team_id}:
                if fault.share < 1 and self._random.random() >= fault.share:
                    continue
                self._use_up(fault)
                return fault
        return None

    def _use_up(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)

    def over_quota(self, method: str, team_id: str, tier: int, channel: str, now: float) -> int:
        """In how many seconds this may be called, or 0."""
        waits = [self._take(quota, team_id, now) for quota in self._that_hold(method, team_id)]
        if self.tiers and tier != UNLIMITED:
            waits.append(self._tier(method, team_id, tier, channel, now))
        return max(waits, default=0)

    def _that_hold(self, method: str, team_id: str) -> list[Quota]:
        return [
            quota
            for quota in self.quotas
            if quota.method in {"", method} and quota.team_id in {"", team_id}
        ]

    def _take(self, quota: Quota, team_id: str, now: float) -> int:
        return self._bucket((quota, team_id), quota.per_second, quota.burst, now).take(now)

    def _tier(self, method: str, team_id: str, tier: int, channel: str, now: float) -> int:
        """Slack's tiers; posting is about one a second to each channel, with short bursts."""
        if tier == SPECIAL:
            return self._bucket((method, team_id, channel), 1.0, 3, now).take(now)
        per_minute = TIER_PER_MINUTE[tier]
        return self._bucket((method, team_id), per_minute / 60, per_minute, now).take(now)

    def _bucket(
        self, key: tuple[object, ...], per_second: float, burst: float, now: float
    ) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(per_second, burst, burst, now)
        return self._buckets[key]
