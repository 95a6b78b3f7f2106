"""Socket Mode: the bot's connections, what is sent through them, and what it acknowledges."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import uuid
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.site import Site

CONNECTIONS_AT_MOST: Final = 10


class Sockets:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = itertools.count()
        self._refusals = 0
        self.opened = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link/", self._connect)]

    @property
    def connected(self) -> int:
        return len(self._open)

    # --- the bot connects ------------------------------------------------------------------

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._site.tickets:
            return web.Response(status=408)
        self._site.tickets.discard(ticket)
        if self._refusals:
            self._refusals -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.connected >= CONNECTIONS_AT_MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        self.opened += 1
        await socket.send_json(self._hello())
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._forget(socket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "debug_info": {"host": "applink", "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self._site.app.id},
        }

    def _acknowledged(self, text: str) -> None:
        read: Any = {}
        with contextlib.suppress(ValueError):
            read = json.loads(text)
        waiting = self._waiting.get(str(read.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(read.get("payload") or {})

    # --- Slack sends -----------------------------------------------------------------------

    async def send(
        self, kind: str, payload: Json, *, retry_number: int, reason: str, within_s: float
    ) -> Json | None:
        """The payload of the acknowledgement, or None if there was none in time."""
        envelope_id = str(uuid.uuid4())
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry_number, "retry_reason": reason}
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._next().send_json(envelope)
            return await asyncio.wait_for(self._waiting[envelope_id], within_s)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            del self._waiting[envelope_id]

    def _next(self) -> web.WebSocketResponse:
        """Any of the connections: they take turns."""
        return self._open[next(self._turn) % len(self._open)]

    def refuse(self, times: int = 1) -> None:
        """Let so many handshakes fail. A ticket is used up all the same."""
        self._refusals = times

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it is going to end; the bot should open a new one."""
        for socket in list(self._open):
            await socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}
            )

    async def cut(self) -> None:
        """End every connection without a word."""
        for socket in list(self._open):
            self._forget(socket)
            await socket.close()

    async def wait_for(self, connections: int, within_s: float = 10.0) -> None:
        """Until the bot has so many connections."""
        async with asyncio.timeout(within_s):
            while self.connected != connections:  # noqa: ASYNC110 - it is the bot that decides
                await asyncio.sleep(0.01)

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
