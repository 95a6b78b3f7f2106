"""The ports that use cases work with, in one value. `bot.app` fills it in; tests do so too."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.domain.comments import CommentRules
from bot.domain.gate import GateRules
from bot.domain.volunteering import SupportRules
from bot.ports import (
    Clock,
    CollectingKeyring,
    Library,
    Messenger,
    TallyingKeyring,
    Timer,
    WorkQueue,
)
from bot.store.database import Database
from bot.store.inbox import SealedInbox
from bot.store.vault import TextCipher
from bot.usecases.one_side import CollectsNothing, TalliesNothing


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
    """Everything that a use case may touch. `messengers` are by workspace id.

    A process has the keys of the sides that it was given, and no way to those of the other.
    `kept_texts` has the key for comments that are held, if there is one.
    `asked` is what the settings ask of the gate's rules; which hold is in `bot.usecases.rules`.
    """

    clock: Clock
    database: Database
    inbox: SealedInbox
    library: Library
    messengers: Mapping[str, Messenger]
    queue: WorkQueue
    collecting_keys: CollectingKeyring = field(default_factory=CollectsNothing)
    tallying_keys: TallyingKeyring = field(default_factory=TalliesNothing)
    timer: Timer = field(default_factory=RealTimer)
    asked: GateRules = field(default_factory=GateRules)
    support: SupportRules = field(default_factory=SupportRules)
    comments: CommentRules = field(default_factory=CommentRules)
    kept_texts: TextCipher = field(default_factory=TextCipher)
    new_id: Callable[[], str] = random_id

    @property
    def collects(self) -> bool:
        """Whether this process may mark and seal answers."""
        return not isinstance(self.collecting_keys, CollectsNothing)

    @property
    def tallies(self) -> bool:
        """Whether this process opens rounds, and counts them."""
        return not isinstance(self.tallying_keys, TalliesNothing)
