"""Looking up where people are posted to: those who are asked for at once, with one query."""

from __future__ import annotations

import asyncio

import structlog

from adapters.teams.failures import SOON_S
from bot.errors import TryLater, Undeliverable
from bot.ports import AccountId, Place
from bot.usecases.conversations import places_of
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


class Lookups:
    """A query for each message would take as long as all the rest of sending it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._waiting: dict[AccountId, asyncio.Future[Place | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def place(self, who: AccountId) -> Place:
        """Raises Undeliverable if there is no conversation, or TryLater if that can't be told."""
        answer = self._waiting.get(who)
        if answer is None:
            answer = self._waiting[who] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask())
        place = await asyncio.shield(answer)  # others may wait for it, too
        if place is None:
            raise Undeliverable("there is no conversation")
        return place

    async def _ask(self) -> None:
        await asyncio.sleep(0)  # until all have asked who are about to
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                found = await places_of(self._core, waiting.keys())
            except Exception as error:  # noqa: BLE001 - nothing has been sent, whatever it was
                log.warning("a conversation can't be looked up", kind=type(error).__name__)
                for answer in waiting.values():
                    answer.set_exception(TryLater(SOON_S))
                    answer.exception()  # whoever waited may have been cut off
                continue
            for who, answer in waiting.items():
                answer.set_result(found.get(who))
