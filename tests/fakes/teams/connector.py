"""The Bot Connector at `/{region}/v3/...`: who calls, and then the operation itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.teams.gate import Answer, Gate, Passing
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.operations import OPERATIONS, Asked, Operation
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.site import Site

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connector:
    def __init__(self, site: Site) -> None:
        self._site, self._gate = site, Gate(site)

    def routes(self) -> list[web.RouteDef]:
        return [self._route(each) for each in OPERATIONS]

    def _route(self, operation: Operation) -> web.RouteDef:
        path = f"/{{region}}/v3/{operation.path}"
        return web.route(operation.method, path, self._handler(operation))

    def _handler(self, operation: Operation) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            raw, query = await request.read(), dict(request.query)
            body = _json(raw)
            path = dict(request.match_info)
            asked = Asked(self._site, path, body or {}, query, len(raw))

            def work(passing: Passing) -> Answer:
                token = passing.request.headers.get("Authorization", "")
                self._site.access_tokens.check(token)
                if body is None:
                    raise Refused("BadSyntax")
                return operation.handle(asked)

            shown: dict[str, Any] = {**asked.body, **query}
            passing = Passing(request, operation.name, shown, self._where(asked))
            return await self._gate.let_through(passing, work)

        return handle

    def _where(self, asked: Asked) -> str:
        """The conversation that is meant, for quotas and faults."""
        if members := asked.body.get("members"):
            member_id = str(members[0].get("id", ""))
            people = (each.account(member_id) for each in self._site.tenants.values())
            return next((person.chat_id for person in people if person), "")
        return asked.conversation or asked.path.get("team", "")


def _json(raw: bytes) -> Json | None:
    if not raw:
        return {}
    try:
        read = json.loads(raw)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
