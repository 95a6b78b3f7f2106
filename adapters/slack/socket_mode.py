"""Socket Mode: the bot calls Slack, so that Slack needs no way in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.asking import Asking
from adapters.slack.bolt import TRY_AGAIN
from adapters.slack.failures import Kind, codes_of
from adapters.slack.quiet_logger import quiet_logger
from bot.errors import SettingsError

log = structlog.get_logger(__name__)

OK: Final = 200
# For how long there may be no connection. The SDK looks after it every five seconds.
PATIENCE_S: Final = 30.0
LOOKS_EVERY_S: Final = 1.0
# What Slack says of a token that somebody has to put right.
NO_GOOD: Final = codes_of(Kind.TO_BE_MENDED, Kind.SHUT_OUT)


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, api_url: str, patience_s: float = PATIENCE_S
) -> AsyncIterator[None]:
    """Have Slack's requests come over a WebSocket for as long as the block lasts.

    slack_sdk keeps the connection up, and opens another when Slack wants to end one. It tries for
    ever to make the first one, so nothing waits for that. Raises SettingsError if Slack doesn't
    take the token.
    """
    answer = await Asking(api_url).ask("apps.connections.open", app_token)
    if answer.is_slacks and answer.code in NO_GOOD:
        refused = f"Slack doesn't take SLACK_APP_TOKEN ({answer.code})."
        raise SettingsError([f"{refused} More is said by: wellbeing doctor"])
    staying = asyncio.create_task(_stay_connected(app, app_token, api_url, patience_s))
    try:
        yield
    finally:
        staying.cancel()
        await asyncio.wait([staying])


async def _stay_connected(app: AsyncApp, app_token: str, api_url: str, patience_s: float) -> None:
    """Replace a client that gets no connection any more.

    Slack gives an address that is good for one handshake. When that fails, slack_sdk tries the
    same address for ever.
    """
    while True:
        try:
            async with _client(app, app_token, api_url) as client:
                await _lost(client, patience_s)
        except Exception as error:  # noqa: BLE001 - the edge of a loop that has to go on
            log.error("Socket Mode failed", kind=type(error).__name__)  # noqa: TRY400
            await asyncio.sleep(LOOKS_EVERY_S)
        else:
            log.warning("Socket Mode is opened anew: it wasn't connected", for_s=patience_s)


@asynccontextmanager
async def _client(app: AsyncApp, app_token: str, api_url: str) -> AsyncIterator[SocketModeClient]:
    """One of slack_sdk's clients. It connects by itself, and is gone after the block."""
    logger = quiet_logger("socket mode")
    client = SocketModeClient(
        app_token=app_token,
        logger=logger,
        web_client=AsyncWebClient(base_url=api_url, logger=logger),
    )
    client.socket_mode_request_listeners.append(_Receiver(app))
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
    try:
        yield client
    finally:
        connecting.cancel()
        await asyncio.wait([connecting])
        await client.close()  # type: ignore[no-untyped-call]


async def _lost(client: SocketModeClient, patience_s: float) -> None:
    """Wait until it hasn't been connected for so long."""
    loop = asyncio.get_running_loop()
    connected_at = loop.time()
    while loop.time() - connected_at < patience_s:
        await asyncio.sleep(min(LOOKS_EVERY_S, patience_s / 4))
        if await client.is_connected():
            connected_at = loop.time()


class _Receiver:
    """Gives each request to Bolt. What can't be read is acknowledged: it won't get any better."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        try:
            response = await self._app.async_dispatch(
                AsyncBoltRequest(
                    mode="socket_mode", body=request.payload, headers=build_headers(request)
                )
            )
        except Exception as error:  # noqa: BLE001 - its message may quote the request
            log.warning("a request of Slack's was refused", kind=type(error).__name__)
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
            return
        if response.status == OK:
            await send_async_response(client, request, response, started)
        elif response.status != TRY_AGAIN:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
