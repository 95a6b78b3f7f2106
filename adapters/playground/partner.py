"""Who the playground talks to: the use cases of the core, as one value.

The page, the crowd and time travel know `Bot` only, so each can be tried with a bot that says what
a test wants to hear.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.outcomes import Changed, Choice, Overview
from bot.errors import WellbeingError
from bot.message import Message
from bot.ports import Line, Reply, Submission, Tap
from bot.usecases.core import Core
from bot.usecases.directory import PersonCard, card_of, everyone
from bot.usecases.dispatch import submit, tap, typed
from bot.usecases.home import home
from bot.usecases.outcomes import expire_for, overview_for, retry_for
from bot.usecases.tick import tick
from bot.usecases.upcoming import is_caught_up, next_event

# Longer than any interval between a worker's ticks is likely to be in a playground.
TICKED_WITHIN_S, LOOKS_EVERY_S = 45, 0.05
STILL_SENDING = "Sending is taking long. Please check that a worker is running, and try again."


class StillSending(WellbeingError):
    """What came due is still being sent, or nobody is there to send it."""


class Bot(Protocol):
    """What the playground asks of the bot."""

    async def everyone(self) -> Sequence[PersonCard]:
        """Everybody on the roster."""
        ...

    async def card(self, person_id: str) -> PersonCard:
        """One person on the roster. Raises NotFound."""
        ...

    async def home(self, person_id: str) -> Message:
        """The home page that somebody sees."""
        ...

    async def tap(self, tap: Tap) -> Reply:
        """What becomes of a button that somebody pressed."""
        ...

    async def submit(self, submission: Submission) -> Reply:
        """What becomes of a form that somebody sent."""
        ...

    async def typed(self, line: Line) -> Message | None:
        """The bot's answer to a line that somebody typed, if there is one."""
        ...

    async def tick(self) -> None:
        """Do what has come due, and return when it's done. Raises StillSending."""
        ...

    async def next_event(self, after: datetime) -> datetime | None:
        """When something comes due next, if anything does."""
        ...


@dataclass(frozen=True, slots=True)
class CoreBot:
    """The real bot."""

    core: Core

    async def everyone(self) -> Sequence[PersonCard]:
        return await everyone(self.core)

    async def card(self, person_id: str) -> PersonCard:
        return await card_of(self.core, person_id)

    async def home(self, person_id: str) -> Message:
        return await home(self.core, person_id)

    async def tap(self, tap_: Tap) -> Reply:
        return await tap(self.core, tap_)

    async def submit(self, submission: Submission) -> Reply:
        return await submit(self.core, submission)

    async def typed(self, line: Line) -> Message | None:
        return await typed(self.core, line)

    async def tick(self) -> None:
        try:
            await self._let_a_worker_tick()
            await tick(self.core)
            await self.core.queue.rest()
        except TimeoutError:
            raise StillSending(STILL_SENDING) from None

    async def _let_a_worker_tick(self) -> None:
        """Where rounds are opened and counted elsewhere, wait until what is due has been."""
        if self.core.tallies:
            return
        now = self.core.clock.now()
        async with asyncio.timeout(TICKED_WITHIN_S):
            # Another process's work: there is nothing to wait for but the rows.
            while not await is_caught_up(self.core, now):  # noqa: ASYNC110
                await asyncio.sleep(LOOKS_EVERY_S)

    async def next_event(self, after: datetime) -> datetime | None:
        return await next_event(self.core, after)

    async def sending(self, person_id: str) -> Overview:
        return await overview_for(self.core, person_id)

    async def retry(self, person_id: str, choice: Choice) -> Changed:
        return await retry_for(self.core, person_id, choice)

    async def expire(self, person_id: str, choice: Choice) -> Changed:
        return await expire_for(self.core, person_id, choice)
