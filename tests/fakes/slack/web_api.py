"""`/api/<method>`: who calls, may they, and then the method itself."""

from __future__ import annotations

from base64 import b64decode

from aiohttp import web

from tests.fakes.slack.arguments import Arguments, arguments_of
from tests.fakes.slack.gate import Gate, Passing
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods import METHODS, Asked, Method
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.site import Site
from tests.fakes.slack.tokens import Token, missing_scope

TIER_OF_THE_UNKNOWN = 3


class WebApi:
    def __init__(self, site: Site) -> None:
        self._site, self._gate = site, Gate(site)

    def routes(self) -> list[web.RouteDef]:
        path = "/api/{method}"
        return [web.post(path, self._answer), web.get(path, self._answer, allow_head=False)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            arguments = await arguments_of(request)
        except Refused as refused:
            return self._gate.json(refused.answer())
        return await self._gate.let_through(self._passing(request, arguments), self._ask)

    def _passing(self, request: web.Request, arguments: Arguments) -> Passing:
        name = request.match_info["method"]
        method = METHODS.get(name)
        token = self._site.tokens.all.get(_token_of(request, arguments))
        team_id = token.team_id if token else ""
        tier = method.tier if method else TIER_OF_THE_UNKNOWN
        return Passing(request, name, arguments, team_id, tier, {})

    def _ask(self, passing: Passing) -> Json:
        if (method := METHODS.get(passing.name)) is None:
            raise Refused("unknown_method", req_method=passing.name)
        asked = Asked(self._site, passing.arguments)
        asked.bearer = _token_of(passing.request, passing.arguments)
        if method.by == "none":
            asked.client = _client_of(passing.request, passing.arguments)
        else:
            asked.given = self._checked(passing, method, asked.bearer)
        return method.handle(asked)

    def _checked(self, passing: Passing, method: Method, value: str) -> Token:
        token = self._site.tokens.check(value)
        if token.kind != method.by:
            raise Refused("not_allowed_token_type")
        passing.headers["x-oauth-scopes"] = ",".join(sorted(token.scopes))
        passing.headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        if method.scopes and not token.scopes & set(method.scopes):
            raise missing_scope(token, method.scopes[0])
        return token


def _token_of(request: web.Request, arguments: Arguments) -> str:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else arguments.text("token")


def _client_of(request: web.Request, arguments: Arguments) -> tuple[str, str]:
    """The app's id and secret, by HTTP's basic authentication or as arguments."""
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("basic "):
        client_id, _, secret = b64decode(header[len("basic ") :]).decode().partition(":")
        return client_id, secret
    return arguments.text("client_id"), arguments.text("client_secret")
