"""A chat platform on loopback, in a process of its own, that can be as bad as real ones.

It never deduplicates, and it remembers all that ever arrived. `platform_process` starts one,
`HttpMessenger` sends to it, and `Platform` says how it behaves and asks what has arrived.
"""

from __future__ import annotations

from benchmarks.fake_platform.behaviour import Behaviour, Quota
from benchmarks.fake_platform.messenger import HttpMessenger
from benchmarks.fake_platform.process import Platform, platform_process
from benchmarks.fake_platform.recorder import Arrival, Counts

__all__ = [
    "Arrival",
    "Behaviour",
    "Counts",
    "HttpMessenger",
    "Platform",
    "Quota",
    "platform_process",
]
