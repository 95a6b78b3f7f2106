"""What every request passes before it is handled: the log, quotas, delays, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from aiohttp import web

from tests.fakes.teams.call_log import Call
from tests.fakes.teams.faults import Fault
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.site import Site

HTML_PAGE: Final = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
Answer = tuple[int, Json | None]


@dataclass(slots=True)
class Passing:
    """A request on its way. `arguments` are its body and its query."""

    request: web.Request
    operation: str
    arguments: Json
    conversation: str = ""


Work = Callable[[Passing], Answer]


class Gate:
    """`refusal` is the form of what is refused here."""

    def __init__(self, site: Site, refusal: type[Refused] = Refused) -> None:
        self._site, self._refusal = site, refusal

    async def let_through(self, passing: Passing, work: Work) -> web.StreamResponse:
        request = passing.request
        call = self._site.log.begin(
            Call(
                passing.operation,
                request.method,
                request.path,
                self._site.clock.now(),
                passing.arguments,
                passing.conversation,
            )
        )
        response = await self._carry(passing, call, work)
        call.status = call.status or response.status
        return response

    async def _carry(self, passing: Passing, call: Call, work: Work) -> web.StreamResponse:
        faults, now = self._site.faults, self._site.clock.now()
        over = faults.over_quota(passing.operation, passing.conversation, now)
        if over is not None:
            quota, wait_s = over
            retry_after = wait_s if quota.says_when else None
            return self._refuse(
                self._refusal("Throttled", status=429, retry_after=retry_after), call
            )
        fault = faults.next(passing.operation, passing.conversation)
        await asyncio.sleep(faults.latency_s / 2)
        if fault and fault.kind in {"cut", "html", "error"}:
            return self._instead(passing.request, fault, call)
        handling = asyncio.ensure_future(self._handle(passing, call, fault, work))
        # What was begun is ended, whether or not anybody still waits for the answer.
        return await asyncio.shield(handling)

    async def _handle(
        self, passing: Passing, call: Call, fault: Fault | None, work: Work
    ) -> web.StreamResponse:
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        response = self._done(passing, call, work)
        if fault and fault.kind == "lost":
            call.status = response.status
            return _hang_up(passing.request)
        await asyncio.sleep(self._site.faults.latency_s / 2)
        return response

    def _done(self, passing: Passing, call: Call, work: Work) -> web.Response:
        try:
            status, answer = work(passing)
        except Refused as refused:
            return self._refuse(refused, call)
        call.outcome = "ok"
        return self._answer(status, answer)

    def _instead(self, request: web.Request, fault: Fault, call: Call) -> web.Response:
        if fault.kind == "error":
            refused = self._refusal(fault.code, status=fault.status, retry_after=fault.retry_after)
            return self._refuse(refused, call)
        call.outcome = fault.kind
        if fault.kind == "cut":
            return _hang_up(request)
        page = HTML_PAGE.format(f"{fault.status} from the gateway")
        return web.Response(status=fault.status, text=page, content_type="text/html")

    def _refuse(self, refused: Refused, call: Call) -> web.Response:
        call.outcome, call.why = refused.code, refused.message
        return self._answer(refused.status, refused.body(), refused.headers())

    def _answer(
        self, status: int, answer: Json | None, headers: dict[str, str] | None = None
    ) -> web.Response:
        date = formatdate(self._site.clock.now(), usegmt=True)
        sent = {**(headers or {}), "Date": date}
        if answer is None:
            return web.Response(status=status, headers=sent)
        return web.json_response(answer, status=status, headers=sent)


def _hang_up(request: web.Request) -> web.Response:
    """Cut the connection; nothing of this response goes out any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
