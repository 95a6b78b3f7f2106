"""Saying hello to whoever gets the app: once, and slowly enough when thousands get it in one hour.

Deliveries keep to Teams' limit for a tenant by themselves, so greetings take a small part of what
is left: each is a question who somebody is, and a post.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import structlog

from adapters.teams.activities import message_activity
from adapters.teams.connector import Connector
from adapters.teams.failures import Gone
from adapters.teams.incoming import Turn
from adapters.teams.people import People, who_of
from bot.domain.pace import Pace, Pacer, Rate, SendingLimits
from bot.errors import PlatformError, Stranger, TryLater, TryThisLater, Undeliverable
from bot.message import Message
from bot.ports import AccountId, Place, Timer
from bot.usecases.commands import command
from bot.usecases.conversations import gone, place_of
from bot.usecases.core import Core
from bot.usecases.greetings import cross_out, owe, owed_since, still_owe
from bot.usecases.resources import for_a_stranger
from bot.usecases.sync_directories import ask_for_syncs

log = structlog.get_logger(__name__)

# As often as people may be asked about: see `adapters.teams.reading`.
LIMITS: Final = SendingLimits(workspace=Rate(4, 4))
AT_ONCE: Final = 4
TRIES: Final = 3
LONGEST_WAIT_S: Final = 60.0
# What is in hand; whoever comes on top of that is greeted after the next reading of the tenant.
MOST_WAITING: Final = 1_000


class Greetings:
    def __init__(
        self, core: Core, people: People, connector: Connector, timer: Timer, region: str
    ) -> None:
        self._core, self._people, self._connector = core, people, connector
        self._timer, self._region = timer, region
        self._waiting: set[AccountId] = set()
        self._few_at_once = asyncio.Semaphore(AT_ONCE)
        self._pacers: dict[str, Pacer] = {}  # there are as many as tenants

    async def owe(self, turn: Turn) -> None:
        """Note that somebody is to be greeted, before Teams is told that the bot knows of them."""
        await owe(self._core, who_of(turn))

    async def meet_and_greet(self, turn: Turn) -> None:
        """Get to know somebody, and say hello. Whoever can't be asked about is greeted later."""
        who = who_of(turn)
        if who in self._waiting:
            return
        if len(self._waiting) >= MOST_WAITING:
            await ask_for_syncs(self._core, who.workspace_id)
            return
        self._waiting.add(who)
        try:
            async with self._few_at_once:
                await self._in_turn(who.workspace_id)
                await self._people.meet(turn)
                await self._greet(who)
        except PlatformError as error:
            if isinstance(error, TryLater) and not isinstance(error, TryThisLater):
                self._refused(who.workspace_id, error)
            log.warning("somebody new isn't greeted yet", kind=type(error).__name__)
            await ask_for_syncs(self._core, who.workspace_id)
        finally:
            self._waiting.discard(who)

    async def catch_up(self, workspace_id: str, since: datetime) -> None:
        """Greet those who have been owed it since a reading began, and are known by it."""
        for who in await owed_since(self._core, workspace_id, since):
            await self._in_turn(workspace_id)
            await self._greet(who)

    async def _greet(self, who: AccountId) -> None:
        """Say hello to somebody who is owed it. A refusal that passes is waited for.

        Raises TryLater if it takes too long.
        """
        tried = 1
        while await self._is_to_be_tried_again(who) and tried < TRIES:
            tried += 1
            await self._in_turn(who.workspace_id)

    async def _is_to_be_tried_again(self, who: AccountId) -> bool:
        """Try once. What was refused is still owed; what may have arrived isn't."""
        place = await place_of(self._core, who)
        if place is None or (since := await cross_out(self._core, who)) is None:
            return False
        try:
            await self._post(who, place)
        except TryLater as error:
            await still_owe(self._core, who, since)
            if isinstance(error, TryThisLater):
                return False
            self._refused(who.workspace_id, error)
            return True
        except Undeliverable as error:
            await still_owe(self._core, who, since)  # for when they come back
            if isinstance(error, Gone):
                await gone(self._core, who, place)
        except PlatformError as error:
            log.warning("a greeting may have been lost", kind=type(error).__name__)
        return False

    async def _post(self, who: AccountId, place: Place) -> None:
        activity = message_activity(await self._hello(who))
        await self._connector.post(place.service_url, place.conversation_id, activity)

    async def _hello(self, who: AccountId) -> Message:
        texts = self._core.library.texts("en")
        try:
            reply = await command(self._core, who, "help")
        except Stranger as stranger:
            return for_a_stranger(texts, self._region, stranger)
        return reply.notice or for_a_stranger(texts, self._region, Stranger(""))

    # --- how fast --------------------------------------------------------------------------

    async def _in_turn(self, workspace_id: str) -> None:
        """Wait until it may go out. Raises TryLater if that takes too long."""
        pacer = self._pacer(workspace_id)
        while (wait_s := pacer.next_at("", self._timer.now()) - self._timer.now()) > 0:
            if wait_s > LONGEST_WAIT_S:
                raise TryLater(wait_s)
            await self._timer.sleep(wait_s)
        pacer.take("", self._timer.now())

    def _refused(self, workspace_id: str, error: TryLater) -> None:
        self._pacer(workspace_id).refused(error.retry_after_s, self._timer.now())

    def _pacer(self, workspace_id: str) -> Pacer:
        if workspace_id not in self._pacers:
            self._pacers[workspace_id] = Pacer(LIMITS, Pace(), self._timer.now())
        return self._pacers[workspace_id]
