"""Sending to a platform's API in time, or not at all: one HTTP session for whatever is sent.

What was held up, because the process was paused or a token had to be renewed first, doesn't go out
late: another worker may have taken over by then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from bot.ports import Timer

REQUEST_WITHIN_S: Final = 10.0
CONNECT_WITHIN_S: Final = 5.0
HELD_UP_S: Final = 3.0

_goes_out_by: ContextVar[float] = ContextVar("_goes_out_by")


class HeldUp(aiohttp.ClientConnectionError):
    """Raised in the place of sending a body that comes too late. Nothing was sent."""


@contextmanager
def in_time(timer: Timer) -> Iterator[None]:
    """Have all that is begun in the block go out within a few seconds from now, or not at all.

    A block inside another one has no more time than that.
    """
    goes_out_by = timer.now() + HELD_UP_S
    before = _goes_out_by.get(goes_out_by)
    reset = _goes_out_by.set(min(before, goes_out_by))
    try:
        yield
    finally:
        _goes_out_by.reset(reset)


def is_late(timer: Timer) -> bool:
    """Whether what is begun in the block shouldn't go out any more."""
    return timer.now() > _goes_out_by.get()


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
