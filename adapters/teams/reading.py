"""Reading a tenant: each question again after what passes, and without what still fails.

Reading again is always safe. A refusal that concerns everybody and that somebody has to do
something about, or one that asks for a long wait, ends the reading; so does too much time that was
lost. What has been read by then holds.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeVar

from adapters.teams.connector import Connector
from bot.errors import OutcomeUnknown, PlatformError, TryLater, TryThisLater
from bot.ports import Place, Timer

Json = dict[str, Any]
Some = TypeVar("Some")

# Microsoft allows 14 in a second, and 120 in 30 of them (FACTS: get members):
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
ONE_EVERY_S: Final = 0.25
TRIES: Final = 4
LONGEST_WAIT_S: Final = 60.0
AFTER_NO_ANSWER_S: Final = 2.0
# So much time may be lost by failures, those that are waited for included.
PATIENCE_S: Final = 300.0
MOST_PAGES: Final = 1_000


class Reading:
    """One reading of one tenant."""

    def __init__(self, connector: Connector, timer: Timer) -> None:
        self._connector, self._timer = connector, timer
        self._patience_s = PATIENCE_S
        self._ended: PlatformError | None = None

    async def member(self, place: Place, user_id: str) -> Json:
        """Somebody in their own chat. Raises PlatformError."""
        return await self._answer(partial(self._member, place, user_id))

    async def members(self, service_url: str, team_id: str) -> AsyncIterator[Json]:
        """Everybody in a team, page by page. Raises PlatformError, maybe after some pages."""
        token = ""
        for _ in range(MOST_PAGES):
            page = await self._answer(partial(self._connector.members, service_url, team_id, token))
            for member in page["members"]:
                yield member
            if not (token := str(page.get("continuationToken") or "")):
                return
        raise PlatformError("the roster has no end")

    async def team(self, service_url: str, team_id: str) -> Json:
        """What a team is called. Raises PlatformError."""
        return await self._answer(partial(self._connector.team, service_url, team_id))

    async def channels(self, service_url: str, team_id: str) -> list[Json]:
        """The channels of a team. Raises PlatformError."""
        return await self._answer(partial(self._connector.channels, service_url, team_id))

    async def _member(self, place: Place, user_id: str) -> Json:
        await self._timer.sleep(ONE_EVERY_S)
        return await self._connector.member(place.service_url, place.conversation_id, user_id)

    async def _answer(self, ask: Callable[[], Awaitable[Some]]) -> Some:
        tried = 0
        while self._ended is None:
            tried, began = tried + 1, self._timer.now()
            try:
                return await ask()
            except (TryLater, OutcomeUnknown) as error:
                wait_s = _wait_s(error, tried)
                self._patience_s -= self._timer.now() - began + wait_s
                if wait_s > LONGEST_WAIT_S and isinstance(error, TryThisLater):
                    raise
                if wait_s > LONGEST_WAIT_S or self._patience_s < 0:
                    self._ended = error
                if self._ended is not None or tried == TRIES:
                    raise
                await self._timer.sleep(wait_s)
        raise self._ended


def _wait_s(error: TryLater | OutcomeUnknown, tried: int) -> float:
    """As long as Teams asks to, or after no answer a little longer each time."""
    if isinstance(error, TryLater):
        return error.retry_after_s
    return AFTER_NO_ANSWER_S * tried * random.uniform(1.0, 1.5)  # noqa: S311 - no secret
