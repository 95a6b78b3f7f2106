"""The ports that use cases work with, in one value. `bot.app` fills it in; tests do so too."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.gate import GateRules
from bot.ports import Clock, Keyring, Library, Messenger, Timer, WorkQueue
from bot.store.database import Database
from bot.store.inbox import SealedInbox


def random_id() -> str:
    """An id that says nothing: not when, not in which order, not by whom (UUID version 4)."""
    return uuid.uuid4().hex


class RealTimer:
    """Implements `bot.ports.Timer`. CLOCK_BOOTTIME goes on while the machine sleeps."""

    _CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # macOS has the second only

    def now(self) -> float:
        return time.clock_gettime(self._CLOCK)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Core:
    """Everything that a use case may touch. `messengers` are by workspace id."""

    clock: Clock
    database: Database
    inbox: SealedInbox
    keyring: Keyring
    library: Library
    messengers: Mapping[str, Messenger]
    queue: WorkQueue
    timer: Timer = field(default_factory=RealTimer)
    rules: GateRules = field(default_factory=GateRules)
    new_id: Callable[[], str] = random_id
