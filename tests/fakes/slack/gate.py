"""What every request passes before it is handled: the log, quotas, delays, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from aiohttp import web

from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.call_log import Call
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.site import Site

HTML_PAGE: Final = "<!DOCTYPE html><html><body><h1>Slack has some trouble.</h1></body></html>"


@dataclass(slots=True)
class Passing:
    """A request on its way. `headers` may be added to while it is handled."""

    request: web.Request
    name: str
    arguments: Arguments
    team_id: str
    tier: int
    headers: dict[str, str]


Work = Callable[[Passing], Json]


class Gate:
    """`refused_status` is the status of what is refused: 200 at the Web API."""

    def __init__(self, site: Site, *, refused_status: int = 200) -> None:
        self._site, self._refused_status = site, refused_status

    async def let_through(self, passing: Passing, work: Work) -> web.StreamResponse:
        shown = passing.arguments.values
        call = self._site.log.begin(passing.name, self._site.clock.now(), shown)
        call.team_id = passing.team_id
        response = await self._carry(passing, call, work)
        call.status = call.status or response.status
        return response

    async def _carry(self, passing: Passing, call: Call, work: Work) -> web.StreamResponse:
        if wait_s := self._over_quota(passing):
            call.outcome = "ratelimited"
            return self._too_many(wait_s)
        fault = self._site.faults.next(passing.name, passing.team_id)
        await asyncio.sleep(self._site.faults.latency_s / 2)
        if fault and fault.kind in {"cut", "html", "body", "error"}:
            return self._instead(passing.request, fault, call)
        handling = asyncio.ensure_future(self._handle(passing, call, fault, work))
        # What Slack has begun it ends, whether or not anybody still waits for the answer.
        return await asyncio.shield(handling)

    async def _handle(
        self, passing: Passing, call: Call, fault: Fault | None, work: Work
    ) -> web.StreamResponse:
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        answer, status = self._done(passing, call, work)
        if fault and fault.kind == "lost":
            call.status = status
            return _hang_up(passing.request)
        await asyncio.sleep(self._site.faults.latency_s / 2)
        return self.json(answer, status=status, headers=passing.headers)

    def _done(self, passing: Passing, call: Call, work: Work) -> tuple[Json, int]:
        try:
            answer = work(passing)
        except Refused as refused:
            call.outcome = refused.code
            return refused.answer(), self._refused_status
        call.outcome = "ok"
        return {"ok": True, **answer}, 200

    def _over_quota(self, passing: Passing) -> int:
        channel, now = passing.arguments.text("channel"), self._site.clock.now()
        name, team_id = passing.name, passing.team_id
        return self._site.faults.over_quota(name, team_id, passing.tier, channel, now)

    def _instead(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
        call.outcome = fault.code if fault.kind == "error" else fault.kind
        if fault.kind == "cut":
            return _hang_up(request)
        if fault.kind == "html":
            return web.Response(status=fault.status, text=HTML_PAGE, content_type="text/html")
        if fault.kind == "body":
            return web.Response(
                status=fault.status, text=fault.body, content_type="application/json"
            )
        if fault.code == "ratelimited":
            return self._too_many(int(fault.details.get("retry_after", 1)))
        answer = {"ok": False, "error": fault.code, **fault.details}
        return self.json(answer, status=self._refused_status)

    def _too_many(self, wait_s: int) -> web.Response:
        headers = {"Retry-After": str(wait_s)}
        return self.json({"ok": False, "error": "ratelimited"}, status=429, headers=headers)

    def json(
        self, answer: Json, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.Response:
        date = formatdate(self._site.clock.now(), usegmt=True)
        return web.json_response(answer, status=status, headers={**(headers or {}), "Date": date})


def _hang_up(request: web.Request) -> web.Response:
    """Cut the connection; nothing of this response goes out any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
