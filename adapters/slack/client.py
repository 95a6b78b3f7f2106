"""Calling Slack's Web API: one session for all, no second tries, and errors of the core's own.

Slack's SDK would send a request again whose connection was dropped, and so post a message twice:
whether to send again is the core's decision. And what was held up, because the process was paused
or a token had to be renewed first, doesn't go out late: another worker may have taken over by then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, Final, Protocol

import aiohttp
import structlog
from aiohttp.abc import AbstractStreamWriter
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failures import MEANINGS, MENDED_S, SOON_S, HeldUp, Kind, code_of, failure_of
from adapters.slack.quiet_logger import quiet_logger
from bot.errors import PlatformError, TryLater, VaultError
from bot.ports import Timer
from bot.usecases.core import RealTimer

log = structlog.get_logger(__name__)

REQUEST_WITHIN_S: Final = 10.0
CONNECT_WITHIN_S: Final = 5.0
HELD_UP_S: Final = 3.0
# What whoever runs the bot should see; the others are one person's matter, or pass by themselves.
SAID_LOUDLY: Final = frozenset({Kind.SHUT_OUT, Kind.TO_BE_MENDED, Kind.BLOCKS, Kind.REFUSED})

_goes_out_by: ContextVar[float] = ContextVar("_goes_out_by")


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
            if self.timer.now() > _goes_out_by.get():
                raise TryLater(SOON_S)
            return await self._called(team_id, token, method, arguments)

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """Have all that is begun in the block go out within a few seconds from now, or not at all.

        A block inside another one has no more time than that.
        """
        goes_out_by = self.timer.now() + HELD_UP_S
        before = _goes_out_by.get(goes_out_by)
        reset = _goes_out_by.set(min(before, goes_out_by))
        try:
            yield
        finally:
            _goes_out_by.reset(reset)

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


@asynccontextmanager
async def shared_session(
    timer: Timer, within_s: float = REQUEST_WITHIN_S
) -> AsyncIterator[aiohttp.ClientSession]:
    """A session for all workspaces.

    A limit of connections would only have requests wait after all the checks before sending; how
    many are under way at once is the core's decision.
    """

    async def guard(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        goes_out_by = _goes_out_by.get(None)
        if isinstance(request.body, aiohttp.BytesPayload) and goes_out_by is not None:
            body = await request.body.as_bytes()
            await request.update_body(_InTime(body, timer, goes_out_by))
        return await handler(request)

    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=within_s, sock_connect=min(within_s, CONNECT_WITHIN_S))
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, middlewares=(guard,)
    ) as session:
        yield session


class _InTime(aiohttp.BytesPayload):
    """A body that isn't sent any more once it has been held up."""

    def __init__(self, body: bytes, timer: Timer, goes_out_by: float) -> None:
        super().__init__(body)
        self._timer, self._goes_out_by = timer, goes_out_by

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        if self._timer.now() > self._goes_out_by:
            raise HeldUp("held up for too long")
        await super().write_with_length(writer, content_length)
