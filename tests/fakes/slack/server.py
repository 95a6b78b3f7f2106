"""The fake Slack itself: a server on this machine, and what a test does with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import aiohttp
from aiohttp import web

from tests.fakes.slack.acting import Actor
from tests.fakes.slack.call_log import Call, CallLog
from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.delivering import Answered, Delivering, Parcel, Signing
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.installing import walk
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.oauth_pages import Consent, OAuthPages
from tests.fakes.slack.page import Page
from tests.fakes.slack.reading import everything_said
from tests.fakes.slack.response_pages import ResponsePages
from tests.fakes.slack.site import FIRST_TEAM, Site
from tests.fakes.slack.slack_app import SlackApp
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.state import Posted, User
from tests.fakes.slack.web_api import WebApi
from tests.fakes.slack.workspace import Workspace

BODY_AT_MOST: Final = 4 << 20


class FakeSlack:
    """A Slack with one workspace, T0001, that has the app but nobody in it besides Slackbot.

    What a person does is a method of their `actor`; what goes wrong is said to `faults`.
    """

    def __init__(self) -> None:
        self.site = Site()
        self.sockets = Sockets(self.site)
        self.delivering = Delivering(self.site, self.sockets)
        self.happenings = Happenings(self.site, self.delivering)
        self._oauth = OAuthPages(self.site)
        self.site.add_workspace()

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, port: int = 0, host: str = "127.0.0.1", request_url: str = ""
    ) -> AsyncIterator[Self]:
        slack = cls()
        slack.app.request_url = request_url
        runner = web.AppRunner(slack.application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            slack.site.url = f"http://{host}:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession() as session:
                slack.delivering.session = session
                yield slack
                await slack._stop()
        finally:
            await runner.cleanup()

    async def _stop(self) -> None:
        await self.site.stop_all()
        await self.sockets.cut()

    def application(self) -> web.Application:
        application = web.Application(client_max_size=BODY_AT_MOST)
        for part in (WebApi(self.site), ResponsePages(self.site), self._oauth, self.sockets):
            application.add_routes(part.routes())
        application.add_routes(Page(self).routes())
        return application

    # --- where and what it is --------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def api_url(self) -> str:
        return f"{self.site.url}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.site.url}/oauth/v2/authorize"

    @property
    def app(self) -> SlackApp:
        return self.site.app

    @property
    def clock(self) -> SlackClock:
        return self.site.clock

    @property
    def faults(self) -> Faults:
        return self.site.faults

    @property
    def log(self) -> CallLog:
        return self.site.log

    @property
    def consent(self) -> Consent:
        """What the next person says who is asked to let the app in."""
        return self._oauth.consent

    @property
    def workspace(self) -> Workspace:
        """The first one."""
        return self.site.workspaces[FIRST_TEAM]

    def workspace_of(self, team_id: str = FIRST_TEAM) -> Workspace:
        return self.site.workspaces[team_id]

    def add_workspace(self, name: str, *, team_id: str = "", installed: bool = True) -> Workspace:
        return self.site.add_workspace(name, team_id=team_id, installed=installed)

    def bot_token(self, team_id: str = FIRST_TEAM) -> str:
        return self.site.bot_token(team_id).value

    def set_scopes(self, scopes: Sequence[str], team_id: str = FIRST_TEAM) -> None:
        """From now on the workspace's newest token has these."""
        self.site.bot_token(team_id).scopes = set(scopes)

    # --- people ----------------------------------------------------------------------------

    def add_user(self, name: str, team_id: str = FIRST_TEAM, **details: Any) -> User:
        return self.workspace_of(team_id).add_user(name, **details)

    def actor(self, who: str | User, team_id: str = FIRST_TEAM) -> Actor:
        """Somebody, by their id, name or address."""
        workspace = self.workspace_of(team_id)
        user = who if isinstance(who, User) else workspace.user(who)
        return Actor(self.site, self.delivering, workspace, user)

    async def installs(
        self, bot: str, team_id: str = FIRST_TEAM, *, path: str = "/slack/install"
    ) -> Answered:
        """Somebody goes from the bot's page through Slack's and back. Gives the last page."""
        self.consent.team_id = team_id
        return await walk(bot, path)

    async def uninstalls(
        self, team_id: str = FIRST_TEAM, *, backwards: bool = False
    ) -> list[Answered]:
        workspace = self.workspace_of(team_id)
        return await self.happenings.uninstalls(workspace, backwards=backwards)

    async def changes(self, who: str, team_id: str = FIRST_TEAM, **changes: Any) -> Answered:
        """Change somebody's `tz`, `status_text`, `real_name` and so on."""
        workspace = self.workspace_of(team_id)
        return await self.happenings.changes(workspace, workspace.user(who), **changes)

    async def joins(self, name: str, team_id: str = FIRST_TEAM, **details: Any) -> Answered:
        return await self.happenings.joins(self.workspace_of(team_id), name, **details)

    async def leaves(self, who: str, team_id: str = FIRST_TEAM) -> Answered:
        workspace = self.workspace_of(team_id)
        return await self.happenings.leaves(workspace, workspace.user(who))

    # --- sending as Slack does, or as somebody does who isn't Slack ------------------------

    async def sends_event(
        self, event: Json, team_id: str = FIRST_TEAM, *, event_id: str = ""
    ) -> Answered:
        return await self.happenings.sends(self.workspace_of(team_id), event, event_id=event_id)

    async def sends(self, payload: Json, *, signing: Signing = "good") -> Answered:
        """Send an interaction as it is, such as one from `Actor.press_of`."""
        return await self.delivering.deliver(Parcel("interactive", payload), signing=signing)

    async def repeats(
        self,
        answered: Answered,
        *,
        number: int = 1,
        reason: str = "http_timeout",
        signing: Signing = "good",
    ) -> Answered:
        """Send the same once more, as Slack does when it heard nothing."""
        if answered.parcel is None:
            raise ValueError("that wasn't sent as a parcel")
        return await self.delivering.deliver(
            answered.parcel, retry_number=number, reason=reason, signing=signing
        )

    async def sends_raw(
        self, body: str, content_type: str = "application/json", *, signing: Signing = "good"
    ) -> Answered:
        """Send any body at all."""
        return await self.delivering.raw(body, {"Content-Type": content_type}, signing)

    async def verifies_url(self) -> Answered:
        """What Slack asks when a request URL is entered."""
        token = self.app.verification_token
        asked = {"type": "url_verification", "token": token, "challenge": "fake-challenge"}
        return await self.delivering.deliver(Parcel("events_api", asked))

    # --- what came of it -------------------------------------------------------------------

    def calls(self, *methods: str) -> list[Call]:
        return self.log.of(*methods)

    def messages(self, where: str, team_id: str = FIRST_TEAM) -> list[Posted]:
        """What is kept in a channel, by its id or name, or in somebody's DM."""
        workspace = self.workspace_of(team_id)
        for channel in workspace.channels.values():
            if where in {channel.id, channel.name}:
                return list(workspace.in_channel(channel.id))
        return list(workspace.in_channel(workspace.dm(workspace.user(where).id).id))

    def everything_said(self) -> str:
        """All that was ever kept in any chat, every version of it, as one text."""
        return everything_said(self.site.workspaces.values())

    async def settle(self) -> None:
        """Wait until what was going on in the background is done."""
        await self.site.settle()
