"""Calling Slack's Web API: one session for all, no second tries, and errors of the core's own.

Slack's SDK would send a request again whose connection was dropped, and so post a message twice:
whether to send again is the core's decision.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Final, Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.outbound import REQUEST_WITHIN_S, in_time, is_late, shared_session
from adapters.slack.failures import MEANINGS, MENDED_S, SOON_S, Kind, code_of, failure_of
from adapters.slack.quiet_logger import quiet_logger
from bot.errors import PlatformError, TryLater, VaultError
from bot.ports import Timer
from bot.usecases.core import RealTimer

log = structlog.get_logger(__name__)

# What whoever runs the bot should see; the others are one person's matter, or pass by themselves.
SAID_LOUDLY: Final = frozenset({Kind.SHUT_OUT, Kind.TO_BE_MENDED, Kind.BLOCKS, Kind.REFUSED})


class Tokens(Protocol):
    """Where the bot's tokens come from."""

    async def token(self, team_id: str) -> str:
        """The bot's token in a workspace.

        Raises Undeliverable if it has none any more, TryLater, or VaultError.
        """
        ...


class SlackClient:
    """Calls Slack as the bot, in any workspace."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        base_url: str,
        timer: Timer | None = None,
    ) -> None:
        self.session = session
        self.timer: Timer = timer or RealTimer()
        self._tokens = tokens
        self._web = AsyncWebClient(
            base_url=base_url,
            session=session,
            logger=quiet_logger("slack_sdk"),
            retry_handlers=[],
        )

    @classmethod
    @asynccontextmanager
    async def connected(
        cls,
        tokens: Tokens,
        base_url: str,
        timer: Timer | None = None,
        within_s: float = REQUEST_WITHIN_S,
    ) -> AsyncIterator[SlackClient]:
        """One with a session of its own. `base_url` is the setting SLACK_API_URL."""
        timer = timer or RealTimer()
        async with shared_session(timer, within_s) as session:
            yield cls(session, tokens, base_url, timer)

    async def call(self, team_id: str, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method such as `chat.postMessage`, and return the answer.

        Raises PlatformError: one of the core's, or of `adapters.slack.failures`.
        """
        with self.in_time():
            token = await self._token(team_id)
            if is_late(self.timer):
                raise TryLater(SOON_S)
            return await self._called(team_id, token, method, arguments)

    def in_time(self) -> AbstractContextManager[None]:
        """Have all that is begun in the block go out within a few seconds, or not at all."""
        return in_time(self.timer)

    async def _token(self, team_id: str) -> str:
        try:
            return await self._tokens.token(team_id)
        except VaultError:
            log.warning("a token was encrypted with a key that isn't here", team=team_id)
            raise TryLater(MENDED_S) from None

    async def _called(
        self, team_id: str, token: str, method: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        send = getattr(self._web, method.replace(".", "_"))  # it knows how to encode arguments
        try:
            response = await send(token=token, **arguments)
            return _object(response.data)
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            raise self._failure(team_id, method, error) from None
        except (AttributeError, TypeError, ValueError) as error:
            # The SDK takes every answer for an object.
            raise self._failure(team_id, method, error) from None

    def _failure(self, team_id: str, method: str, error: Exception) -> PlatformError:
        failure, code = failure_of(error), code_of(error)
        meaning = MEANINGS.get(code)
        wrong = meaning is not None and meaning.kind in SAID_LOUDLY
        write = log.warning if wrong else log.info
        write(
            "Slack refused or failed",
            team=team_id,
            method=method,
            code=code or type(error).__name__,
            outcome=type(failure).__name__,
            why=meaning.why if meaning else "",
        )
        return failure


def _object(data: object) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise TypeError("not an object")
    return data
