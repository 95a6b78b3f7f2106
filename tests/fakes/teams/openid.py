"""Where Microsoft publishes the keys that it signs activities with."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from tests.fakes.teams.gate import Answer, Gate, Passing
from tests.fakes.teams.signing import ISSUER
from tests.fakes.teams.site import Site

PATH: Final = "/v1/.well-known/openidconfiguration"
KEYS_PATH: Final = "/v1/.well-known/keys"


class OpenId:
    def __init__(self, site: Site) -> None:
        self._site, self._gate = site, Gate(site)

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self._metadata), web.get(KEYS_PATH, self._keys)]

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        return await self._gate.let_through(Passing(request, "openid", {}), self._describe)

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        return await self._gate.let_through(Passing(request, "keys", {}), self._publish)

    def _describe(self, _passing: Passing) -> Answer:
        return 200, {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self._site.url}{KEYS_PATH}",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def _publish(self, _passing: Passing) -> Answer:
        return 200, self._site.signer.published()
