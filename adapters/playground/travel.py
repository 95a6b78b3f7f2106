"""Time travel: move the clock from event to event and fire the same tick that always fires."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.playground.clock import PlaygroundClock
from adapters.playground.events import Hub, clock_moved, progress
from adapters.playground.partner import Bot, StillSending
from adapters.playground.store import PlaygroundStore

FURTHEST = timedelta(days=21)
MOST_STEPS = 500
FRIDAY, MIDDAY = 4, time(12)

NO_MESSAGE = "No message was due."
NOTHING_DUE = "Nothing is due in the next three weeks."
NOT_STARTED = "Nothing is planned yet. An admin can start the bot on their home page."


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The same time on the clock tomorrow, in this zone."""
    return now.astimezone(zone) + timedelta(days=1)


def next_friday(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Friday at midday in this zone, strictly after now."""
    local = now.astimezone(zone)
    days = (FRIDAY - local.weekday()) % 7
    friday = datetime.combine(local.date() + timedelta(days=days), MIDDAY, zone)
    return friday if friday > now else friday + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a journey, in words, and how many messages went out."""

    text: str
    messages: int = 0


class TimeTravel:
    """Moves one clock, one journey at a time. `zone` is the one that days are counted in."""

    def __init__(
        self, bot: Bot, clock: PlaygroundClock, store: PlaygroundStore, hub: Hub, zone: ZoneInfo
    ) -> None:
        self._bot, self._clock, self._store, self._hub, self._zone = bot, clock, store, hub, zone
        self._one_at_a_time = asyncio.Lock()

    async def one_day(self) -> str:
        """Move to the same time tomorrow, and say what came of it."""
        async with self._one_at_a_time:
            return await self._told(self.advance_to(next_day(self._clock.now(), self._zone)))

    async def next_friday(self) -> str:
        """Move to the next Friday at midday, and say what came of it."""
        async with self._one_at_a_time:
            return await self._told(self.advance_to(next_friday(self._clock.now(), self._zone)))

    async def next_message(self, conversations: Collection[str] = ()) -> str:
        """Move to the next event at which the bot posts in one of these, or anywhere if none."""
        async with self._one_at_a_time:
            return await self._told(self._until_a_message(conversations), NOTHING_DUE)

    async def advance_to(self, target: datetime) -> None:
        """Live through everything that comes due up to `target`, each at its own time."""
        await self._bot.tick()  # what is due already isn't overtaken
        for _ in range(MOST_STEPS):
            event = await self._bot.next_event(self._clock.now())
            if event is None or event > target:
                break
            await self._step(event)
        await self._step(target)

    async def _until_a_message(self, conversations: Collection[str]) -> None:
        before, furthest = await self._count(conversations), self._clock.now() + FURTHEST
        await self._bot.tick()
        for _ in range(MOST_STEPS):
            if await self._count(conversations) > before:
                return
            event = await self._bot.next_event(self._clock.now())
            if event is None or event > furthest:
                return
            await self._step(event)

    async def _count(self, conversations: Collection[str]) -> int:
        if not conversations:
            return await self._store.count()
        return await self._store.count_in(conversations)

    async def _step(self, instant: datetime) -> None:
        await self._clock.move_to(instant)
        self._hub.publish(clock_moved(self._clock.now().isoformat()))
        await self._bot.tick()

    async def _told(self, journey: Awaitable[None], otherwise: str = NO_MESSAGE) -> str:
        """Make the journey, showing in every tab that time moves and then what came of it.

        `otherwise` is said where no message went out.
        """
        outcome = Outcome("The clock stopped on the way. Please try again.")
        self._hub.publish(progress("Time is moving…", running=True))
        try:
            outcome = await self._outcome_of(journey, otherwise)
        finally:
            self._hub.publish(progress(outcome.text, running=False, messages=outcome.messages))
        return outcome.text

    async def _outcome_of(self, journey: Awaitable[None], otherwise: str) -> Outcome:
        before = await self._store.count()
        try:
            await journey
        except StillSending as error:
            return Outcome(str(error))
        messages = await self._store.count() - before
        if messages:
            text = "One message went out." if messages == 1 else f"{messages} messages went out."
            return Outcome(text, messages)
        if await self._bot.next_event(self._clock.now()) is None:
            return Outcome(NOT_STARTED)
        return Outcome(otherwise)
