"""The page on which somebody lets an app into their workspace, or doesn't."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.slack.site import Grant, Site


@dataclass(slots=True)
class Consent:
    """What the next person on the page says. "" is the first workspace, and its first person."""

    team_id: str = ""
    user_id: str = ""
    denies: bool = False


class OAuthPages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self.consent = Consent()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/oauth/v2/authorize", self._authorize)]

    async def _authorize(self, request: web.Request) -> web.StreamResponse:
        app, asked = self._site.app, request.query
        redirect_uri = asked.get("redirect_uri") or next(iter(app.redirect_urls), "")
        if asked.get("client_id") != app.client_id:
            return web.Response(status=400, text="invalid_client_id")
        if not redirect_uri or (app.redirect_urls and redirect_uri not in app.redirect_urls):
            return web.Response(status=400, text="bad_redirect_uri")
        state = asked.get("state", "")
        if self.consent.denies:
            answer = {"error": "access_denied", "state": state}
        else:
            answer = {"code": self._grant(request, redirect_uri), "state": state}
        raise web.HTTPFound(f"{redirect_uri}?{urlencode(answer)}")

    def _grant(self, request: web.Request, redirect_uri: str) -> str:
        """A code for the workspace; the app gets the scopes that it asked for."""
        wanted = self.consent.team_id or request.query.get("team", "")
        workspace = self._site.workspaces.get(wanted) or next(iter(self._site.workspaces.values()))
        scopes = [each for each in request.query.get("scope", "").split(",") if each]
        code = secrets.token_urlsafe(12)
        user_id = self.consent.user_id or next(iter(workspace.people()), workspace.bot).id
        self._site.codes[code] = Grant(workspace.id, user_id, scopes, redirect_uri)
        return code
