"""The fake Teams itself: a server on this machine, and what a test does with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import aiohttp
from aiohttp import web

from tests.fakes.teams.acting import Actor
from tests.fakes.teams.call_log import Call, CallLog
from tests.fakes.teams.certificates import Certified, make_certificate
from tests.fakes.teams.clock import TeamsClock
from tests.fakes.teams.connector import Connector
from tests.fakes.teams.delivering import Answered, Delivering
from tests.fakes.teams.faults import Faults
from tests.fakes.teams.forging import Signing
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.login import Login
from tests.fakes.teams.openid import PATH, OpenId
from tests.fakes.teams.page import Page
from tests.fakes.teams.reading import everything_said
from tests.fakes.teams.site import Site
from tests.fakes.teams.state import Channel, Person, Sent, Team
from tests.fakes.teams.teams_app import TeamsApp
from tests.fakes.teams.tenant import Tenant

BODY_AT_MOST: Final = 4 << 20
Who = Person | str


class FakeTeams:
    """A Microsoft with one tenant, "Example", that nobody is in yet.

    What a person does is a method of their `actor`; what goes wrong is said to `faults`.
    """

    def __init__(self) -> None:
        self.site = Site()
        self.delivering = Delivering(self.site)
        self.site.add_tenant("Example")

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, port: int = 0, host: str = "127.0.0.1", request_url: str = ""
    ) -> AsyncIterator[Self]:
        teams = cls()
        teams.app.request_url = request_url
        runner = web.AppRunner(teams.application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            teams.site.url = f"http://{host}:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession() as session:
                teams.delivering.session = session
                yield teams
        finally:
            await runner.cleanup()

    def application(self) -> web.Application:
        application = web.Application(client_max_size=BODY_AT_MOST)
        for part in (Login(self.site), OpenId(self.site), Connector(self.site)):
            application.add_routes(part.routes())
        application.add_routes(Page(self).routes())
        return application

    # --- where and what it is --------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def login_url(self) -> str:
        """In place of https://login.microsoftonline.com."""
        return f"{self.site.url}/login"

    @property
    def openid_url(self) -> str:
        """In place of https://login.botframework.com/v1/.well-known/openidconfiguration."""
        return f"{self.site.url}{PATH}"

    @property
    def service_url(self) -> str:
        """In place of https://smba.trafficmanager.net/emea/."""
        return self.site.service_url

    @property
    def app(self) -> TeamsApp:
        return self.site.app

    @property
    def clock(self) -> TeamsClock:
        return self.site.clock

    @property
    def faults(self) -> Faults:
        return self.site.faults

    @property
    def log(self) -> CallLog:
        return self.site.log

    @property
    def tenant(self) -> Tenant:
        """The first one."""
        return self.site.tenant

    def add_tenant(self, name: str) -> Tenant:
        return self.site.add_tenant(name)

    def certify(self) -> Certified:
        """A certificate that the app may sign in with from now on."""
        certified = make_certificate()
        self.app.certificates.append(certified.x509)
        return certified

    # --- people and places -----------------------------------------------------------------

    def add_person(self, handle: str, tenant: Tenant | None = None, **details: Any) -> Person:
        """Somebody. With `installed=True` they have the app already, and no bot is told."""
        return (tenant or self.tenant).add_person(handle, **details)

    def add_team(
        self,
        name: str,
        people: Sequence[Who] = (),
        tenant: Tenant | None = None,
        *,
        has_bot: bool = False,
    ) -> Team:
        return (tenant or self.tenant).add_team(name, people, has_bot=has_bot)

    def add_channel(self, team: Team | str, name: str, tenant: Tenant | None = None) -> Channel:
        where = tenant or self.tenant
        return where.add_channel(where.team(team), name)

    def actor(self, who: Who, tenant: Tenant | None = None) -> Actor:
        """Somebody, by one of their ids, their name or address."""
        where = tenant or self.tenant
        return Actor(self.site, self.delivering, where, where.person(who))

    # --- keys and tokens -------------------------------------------------------------------

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Activities are signed with a new key from now on."""
        self.site.signer.rotate_keys(keep_old=keep_old)

    def token(self, signing: Signing = "good", *, service_url: str = "") -> str:
        """A token as an activity carries it, or a forged one."""
        return self.site.signer.token(service_url or self.service_url, signing)

    # --- sending as Teams does, or as somebody does who isn't Teams ------------------------

    async def sends(self, activity: Json, *, signing: Signing = "good") -> Answered:
        """Send an activity as it is, such as one from `Actor.press_of`."""
        return await self.delivering.deliver(activity, signing=signing)

    async def repeats(self, answered: Answered) -> Answered:
        """Send the same once more, as Teams does when it heard nothing."""
        if answered.activity is None:
            raise ValueError("that wasn't sent as an activity")
        return await self.delivering.deliver(answered.activity)

    async def sends_raw(self, body: str, *, signing: Signing = "good") -> Answered:
        """Send any body at all."""
        return await self.delivering.raw(
            body, self.site.signer.authorization(self.service_url, signing)
        )

    # --- what came of it -------------------------------------------------------------------

    def calls(self, *operations: str) -> list[Call]:
        return self.log.of(*operations)

    def messages(self, where: Who, tenant: Tenant | None = None) -> list[Sent]:
        """Somebody's chat with the bot as they see it now, or a channel by its id or name."""
        found = tenant or self.tenant
        conversation_id = found.conversation_id(where)
        place, sent = found.place(conversation_id), found.messages(conversation_id)
        if isinstance(place, Person):
            return [found.as_seen(each, place) for each in sent]
        return list(sent)

    def cards(self, where: Who, tenant: Tenant | None = None) -> list[Json]:
        """The Adaptive Cards of these messages."""
        return [card for sent in self.messages(where, tenant) for card in sent.cards]

    def typing(self, where: Who, tenant: Tenant | None = None) -> int:
        """How often the bot was seen to type there."""
        found = tenant or self.tenant
        return found.typing.count(found.conversation_id(where))

    def everything_said(self) -> str:
        """All that was ever kept in any chat, every version of it, as one text."""
        return everything_said(self.site.tenants.values())
