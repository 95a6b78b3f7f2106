"""Where an app signs in: `/login/{tenant}`, in place of https://login.microsoftonline.com."""

from __future__ import annotations

from secrets import compare_digest
from typing import Final

from aiohttp import web

from tests.fakes.teams.client_assertion import ASSERTION_TYPE, check_assertion
from tests.fakes.teams.gate import Answer, Gate, Passing
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.login_refused import LoginRefused
from tests.fakes.teams.site import Site
from tests.fakes.teams.teams_app import MULTI_TENANT_AUTHORITY

SCOPE: Final = "https://api.botframework.com/.default"


class Login:
    def __init__(self, site: Site) -> None:
        self._site, self._gate = site, Gate(site, LoginRefused)

    def routes(self) -> list[web.RouteDef]:
        known = "/login/{tenant}/v2.0/.well-known/openid-configuration"
        return [
            web.post("/login/{tenant}/oauth2/v2.0/token", self._token),
            web.get(known, self._metadata),
        ]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return await self._gate.let_through(Passing(request, "login", form), self._sign_in)

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        return await self._gate.let_through(Passing(request, "login_openid", {}), self._describe)

    def _describe(self, passing: Passing) -> Answer:
        base = self._base(passing)
        return 200, {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }

    def _base(self, passing: Passing) -> str:
        """As the client knows it: Microsoft's own insists on https, and something may end that."""
        request = passing.request
        scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
        return f"{scheme}://{request.host}/login/{request.match_info['tenant']}"

    def _audiences(self, passing: Passing) -> set[str]:
        """Whom an assertion may be meant for: the endpoint, or the issuer."""
        base = self._base(passing)
        return {f"{base}/oauth2/v2.0/token", f"{base}/v2.0"}

    def _sign_in(self, passing: Passing) -> Answer:
        form = passing.arguments
        self._check_request(form, passing.request.match_info["tenant"])
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            certificates = self._site.app.certificates
            now, audiences = self._site.clock.now(), self._audiences(passing)
            assertion = form.get("client_assertion", "")
            check_assertion(assertion, certificates, self._site.app.id, audiences, now)
        else:
            self._check_secret(form.get("client_secret", ""))
        expires_in = self._site.access_tokens.expires_in_s
        return 200, {
            "token_type": "Bearer",
            "expires_in": expires_in,
            "ext_expires_in": expires_in,
            "access_token": self._site.access_tokens.issue(),
        }

    def _check_request(self, form: Json, tenant: str) -> None:
        app = self._site.app
        if form.get("grant_type") != "client_credentials":
            raise LoginRefused("unsupported_grant_type", "The grant type is wrong.", number=70_003)
        if tenant not in {*self._site.tenants, MULTI_TENANT_AUTHORITY}:
            raise LoginRefused("invalid_request", f"Tenant '{tenant}' not found.", number=90_002)
        if form.get("client_id") != app.id or tenant != app.authority:
            said = f"Application was not found in the directory '{tenant}'."
            raise LoginRefused("unauthorized_client", said, number=700_016)
        if form.get("scope") != SCOPE:
            raise LoginRefused("invalid_scope", "The scope is not valid.", number=70_011)

    def _check_secret(self, given: str) -> None:
        if not compare_digest(given.encode(), self._site.app.password.encode()):
            raise LoginRefused(
                "invalid_client", "Invalid client secret provided.", number=7_000_215
            )
        if self._site.app.password_ended:
            said = "The provided client secret keys are expired."
            raise LoginRefused("invalid_client", said, number=7_000_222)
