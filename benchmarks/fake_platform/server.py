"""The fake platform's routes.

POST /messages/{workspace}/{conversation}/{key}  post; the body is the message: it is read, and not
                                                 looked into. Answers with its id.
GET  /messages/{workspace}/{conversation}/{key}  the id of the message with this key; 204: none
PUT  /updates/{workspace}/{conversation}/{id}    replace a message
GET, PUT /admin/behaviour   how it behaves, as JSON
GET /admin/counts           what it came to; GET /admin/arrivals: every message
POST /admin/forget          start counting afresh
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict
from random import Random
from typing import Final

from aiohttp import web

from benchmarks.fake_platform.behaviour import BEHAVIOUR, Behaviour, Tokens
from benchmarks.fake_platform.recorder import Arrival, Recorder

BODY_AT_MOST: Final = 1 << 20
STORM_PAGE: Final = "<html><body><h1>503 Service Unavailable</h1></body></html>"


class FakePlatform:
    """One platform, and all that ever arrived there."""

    def __init__(self) -> None:
        self._recorder = Recorder()
        self._behave(Behaviour())

    def app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_AT_MOST)
        message = "/messages/{workspace}/{conversation}/{key}"
        app.router.add_post(message, self._post)
        app.router.add_get(message, self._find)
        app.router.add_put("/updates/{workspace}/{conversation}/{message_id}", self._update)
        app.router.add_get("/admin/behaviour", self._behaviour_shown)
        app.router.add_put("/admin/behaviour", self._behaviour_set)
        app.router.add_get("/admin/counts", self._counts)
        app.router.add_get("/admin/arrivals", self._arrivals)
        app.router.add_post("/admin/forget", self._forget)
        return app

    def _behave(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._random = Random(behaviour.seed)  # noqa: S311 - faults, not secrets
        self._tokens: dict[str, Tokens] = {}

    # --- posting ---------------------------------------------------------------------------

    async def _post(self, request: web.Request) -> web.Response:
        recorder = self._recorder  # what comes too late doesn't count for what is measured next
        recorder.posts += 1
        await request.read()
        refusal = self._refusal(request, recorder)
        return refusal or await self._carry(request, recorder)

    def _refusal(self, request: web.Request, recorder: Recorder) -> web.Response | None:
        behaviour = self._behaviour
        if self._happens(behaviour.storm):
            if self._happens(behaviour.storm_keeps):
                _keep(request, recorder)
            return _storm()
        if wait_s := self._over_quota(request.match_info["workspace"]):
            recorder.over_quota += 1
            return web.Response(status=429, headers={"Retry-After": str(wait_s)})
        return web.Response(status=403) if self._happens(behaviour.refused) else None

    async def _carry(self, request: web.Request, recorder: Recorder) -> web.Response:
        behaviour, half_s = self._behaviour, self._latency_s() / 2
        await _pass(half_s)
        if self._happens(behaviour.cut):
            return _hang_up(request)
        if self._happens(behaviour.slow):
            loop = asyncio.get_running_loop()
            loop.call_later(behaviour.lands_after_s, _keep, request, recorder)
            return _hang_up(request)
        message_id = _keep(request, recorder)
        if self._happens(behaviour.lost):
            return _hang_up(request)
        await _pass(half_s)
        return web.Response(text=message_id)

    def _over_quota(self, workspace: str) -> int:
        """In how many seconds this may be sent, or 0."""
        quota, now = self._behaviour.quota, time.monotonic()
        if quota is None:
            return 0
        if workspace not in self._tokens:
            self._tokens[workspace] = Tokens(quota, now)
        return self._tokens[workspace].take(now)

    # --- looking up, updating --------------------------------------------------------------

    async def _find(self, request: web.Request) -> web.Response:
        self._recorder.finds += 1
        if self._happens(self._behaviour.storm):
            return _storm()
        await _pass(self._latency_s())
        if self._happens(self._behaviour.cut):
            return _hang_up(request)
        where = request.match_info
        found = self._recorder.find(where["conversation"], where["key"])
        if found is None or self._behaviour.blind:
            return web.Response(status=204)
        return web.Response(text=found)

    async def _update(self, request: web.Request) -> web.Response:
        self._recorder.updates += 1
        await request.read()
        if self._happens(self._behaviour.storm):
            return _storm()
        await _pass(self._latency_s())
        return web.Response()

    # --- chance ----------------------------------------------------------------------------

    def _happens(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def _latency_s(self) -> float:
        behaviour = self._behaviour
        if behaviour.jitter_s == 0:
            return behaviour.latency_s
        return behaviour.latency_s + self._random.random() * behaviour.jitter_s

    # --- being asked, and told -------------------------------------------------------------

    async def _behaviour_shown(self, _request: web.Request) -> web.Response:
        return web.json_response(asdict(self._behaviour))

    async def _behaviour_set(self, request: web.Request) -> web.Response:
        self._behave(BEHAVIOUR.validate_json(await request.read()))
        return web.Response(status=204)

    async def _counts(self, _request: web.Request) -> web.Response:
        return web.json_response(asdict(self._recorder.counts()))

    async def _arrivals(self, _request: web.Request) -> web.Response:
        return web.Response(text=json.dumps(self._recorder.arrivals))

    async def _forget(self, _request: web.Request) -> web.Response:
        self._recorder = Recorder()
        self._behave(self._behaviour)
        return web.Response(status=204)


def _keep(request: web.Request, recorder: Recorder) -> str:
    to = request.match_info
    arrival = Arrival(time.monotonic(), to["workspace"], to["conversation"], to["key"])
    return recorder.keep(arrival)


async def _pass(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)


def _storm() -> web.Response:
    return web.Response(status=503, text=STORM_PAGE, content_type="text/html")


def _hang_up(request: web.Request) -> web.Response:
    """Cut the connection; nothing of this response goes out any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
