"""Sending to the fake platform, as an adapter for a real one does."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from urllib.parse import quote

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from pydantic import TypeAdapter
from yarl import URL

from bot.domain.pace import SendingLimits
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable
from bot.message import Message
from bot.ports import Address

MESSAGE: Final = TypeAdapter(Message)
# A platform that isn't there may be so again soon.
NOBODY_THERE_S: Final = 1.0
REQUEST_WITHIN_S: Final = 10.0
NO_LIMITS: Final = SendingLimits()
HELD_UP_S: Final = 3.0
GONE: Final = frozenset({401, 403, 404, 410})


class HttpMessenger:
    """Implements `bot.ports.Messenger`. It never sends a request again by itself."""

    def __init__(
        self, session: aiohttp.ClientSession, base: str, limits: SendingLimits = NO_LIMITS
    ) -> None:
        self.limits = limits
        self._session, self._base = session, base

    @classmethod
    @asynccontextmanager
    async def connected(
        cls, base: str, limits: SendingLimits = NO_LIMITS, within_s: float = REQUEST_WITHIN_S
    ) -> AsyncIterator[HttpMessenger]:
        """One with a session of its own, whose requests never wait for each other."""
        async with shared_session(within_s) as session:
            yield cls(session, base, limits)

    async def post(self, address: Address, message: Message, key: str) -> str:
        url = self._url("messages", address, key)
        return await self._send("POST", url, MESSAGE.dump_json(message))

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        url = self._url("updates", address, message_id)
        await self._send("PUT", url, MESSAGE.dump_json(message))

    async def undisturbed(self, _addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return {}

    async def find(self, address: Address, key: str) -> str | None:
        try:
            async with self._session.get(self._url("messages", address, key)) as response:
                if response.status == 204:
                    return None
                found = await response.text()
        except (aiohttp.ClientError, TimeoutError):
            raise PlatformError from None
        if response.status != 200:
            raise PlatformError
        return found

    async def _send(self, method: str, url: URL, body: bytes) -> str:
        try:
            async with self._session.request(method, url, data=_InTime(body)) as response:
                answer = await response.text()
        except aiohttp.ClientConnectorError:
            raise TryLater(NOBODY_THERE_S) from None
        except (aiohttp.ClientError, TimeoutError):
            raise OutcomeUnknown from None
        if response.status != 200:
            raise _refusal(response)
        return answer

    def _url(self, kind: str, address: Address, name: str) -> URL:
        path = "/".join(
            quote(part, safe="") for part in (address.workspace_id, address.external_id, name)
        )
        return URL(f"{self._base}/{kind}/{path}", encoded=True)


class _InTime(aiohttp.BytesPayload):
    """A body that isn't sent any more once it has been held up.

    A process that was paused may have been replaced. What it was about to send when it was paused
    must not go out when it is woken.
    """

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._made_at = time.monotonic()

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        if time.monotonic() > self._made_at + HELD_UP_S:
            raise aiohttp.ClientConnectionError("held up for too long")
        await super().write_with_length(writer, content_length)


@asynccontextmanager
async def shared_session(
    within_s: float = REQUEST_WITHIN_S,
) -> AsyncIterator[aiohttp.ClientSession]:
    """A session for the messengers of all workspaces.

    A limit of connections would only have requests wait after all the checks before sending; how
    many are under way at once is the core's decision.
    """
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=within_s)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        yield session


def _refusal(response: aiohttp.ClientResponse) -> PlatformError:
    """What a status says. An error inside the platform says nothing about the message."""
    if response.status == 429:
        return TryLater(float(response.headers.get("Retry-After", NOBODY_THERE_S)))
    if response.status in GONE:
        return Undeliverable()
    if response.status >= 500:
        return OutcomeUnknown()
    return PlatformError()
