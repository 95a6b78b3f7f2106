"""All of Teams, joined: what comes in, what goes out, and who is where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

import structlog
from aiohttp import web

from adapters.background import Background
from adapters.outbound import shared_session
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.arrivals import Arrivals
from adapters.teams.channels import Channels
from adapters.teams.connector import Connector
from adapters.teams.directory import TeamsDirectory
from adapters.teams.endpoint import MESSAGES, messages_route
from adapters.teams.greetings import Greetings
from adapters.teams.ids import TEAMS, tenant_of, workspace_of
from adapters.teams.interactions import Interactions
from adapters.teams.messenger import TeamsMessengers, Unknown
from adapters.teams.people import People
from adapters.teams.reading import Reading
from adapters.teams.replies import Replies
from adapters.teams.signing_keys import SigningKeys
from adapters.teams.tokens import ANY_TENANT, AppToken, Credentials, check
from bot.ports import Timer
from bot.usecases.conversations import forget_leavers
from bot.usecases.core import Core, RealTimer
from bot.usecases.sync_directories import sync_all, sync_due
from bot.usecases.sync_directory import Synced, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace, workspace_ids

log = structlog.get_logger(__name__)

AppType = Literal["SingleTenant", "MultiTenant"]
SINGLE: Final = "SingleTenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the settings say of Teams.

    tenants       the ids of those that the bot is for: its own if it is single-tenant
    is_anonymous  whether anybody may say anything: on this machine alone, to try things out
    """

    app_id: str
    app_type: AppType = SINGLE
    tenants: Collection[str]
    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    login_url: str
    openid_url: str
    public_url: str = ""
    unknown: Unknown = "miss"
    region: str = "GB"
    is_anonymous: bool = False

    @property
    def credentials(self) -> Credentials:
        authority = next(iter(self.tenants)) if self.app_type == SINGLE else ANY_TENANT
        return Credentials(self.app_id, authority, self.secret, self.certificate, self.private_key)


class TeamsPlatform:
    """What a process does with Teams; which of it depends on the process's role."""

    def __init__(
        self,
        core: Core,
        access: Access,
        connector: Connector,
        keys: SigningKeys | None,
        background: Background,
        timer: Timer,
    ) -> None:
        self._core, self._access, self._background = core, access, background
        self._connector, self._keys, self._timer = connector, keys, timer
        self.messengers = TeamsMessengers(core, connector, timer, access.unknown)
        self._channels = Channels(core)
        replies = Replies(core, connector, background)
        people = People(core, connector)
        self._greetings = Greetings(core, people, connector, timer, access.region)
        arrivals = Arrivals(
            core, people, self._channels, self._greetings, background, self._reading
        )
        self._interactions = Interactions(core, arrivals, replies, access.tenants, access.region)
        self._adapter = TeamsAdapter(access.app_id, keys)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, core: Core, access: Access, timer: Timer | None = None
    ) -> AsyncIterator[TeamsPlatform]:
        """Raises SettingsError if a certificate can't be used."""
        check(access.credentials, core.clock)
        timer, background = timer or RealTimer(), Background()
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(shared_session(timer))
            stack.push_async_callback(background.close)
            token = AppToken(session, access.login_url, access.credentials, core.clock, timer)
            keys = None if access.is_anonymous else SigningKeys(session, access.openid_url, timer)
            connector = Connector(session, token, timer)
            platform = cls(core, access, connector, keys, background, timer)
            await platform.have_our_tenants()
            yield platform

    async def have_our_tenants(self) -> None:
        """Have the tenants that the settings name, and no others: an account is a key."""
        for workspace_id in await workspace_ids(self._core, TEAMS):
            if tenant_of(workspace_id) not in self._access.tenants:
                log.warning("a tenant isn't ours any more", workspace=workspace_id)
                await uninstall_workspace(self._core, workspace_id)
        for tenant_id in self._access.tenants:
            await install_workspace(self._core, workspace_of(tenant_id), TEAMS)

    def routes(self) -> list[web.AbstractRouteDef]:
        """What web serves."""
        return [messages_route(self._adapter, self._interactions.on_turn)]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Teams' requests come by `routes`; the keys to check them are fetched ahead of them."""
        if self._keys is not None:
            self.begin("signing keys", self._keys.fetch())
        yield

    def how_it_listens(self, address: str) -> str:
        """For whoever started the bot; `address` is where this process serves."""
        return f"requests come to {self._access.public_url or address}{MESSAGES}."

    def begin(self, what: str, work: Awaitable[object]) -> None:
        """Do something that nobody waits for, and whose errors are logged without content."""
        self._background.start(what, work)

    async def rest(self) -> None:
        """Wait until every reply has been carried out."""
        await self._background.rest()

    # --- who is there ----------------------------------------------------------------------

    async def sync_all(self) -> dict[str, Synced] | None:
        """Bring every tenant's accounts and channels up to date; the others if one fails.

        None if another process is at it, which then goes on to do this, too.
        """
        return await sync_all(self._core, TEAMS, self._sync)

    async def sync_due(self) -> dict[str, Synced] | None:
        """The same with those that are due."""
        return await sync_due(self._core, TEAMS, self._sync)

    async def _sync(self, workspace_id: str) -> Synced:
        """Raises PlatformError. Teams on the roster come from no group here."""
        began = self._core.clock.now()
        directory = TeamsDirectory(self._core, self._reading(), self._channels, workspace_id)
        try:
            synced = await sync_directory(
                self._core, workspace_id, directory, "roster", self._access.region
            )
            await forget_leavers(self._core, workspace_id, directory.gone)
            return synced
        finally:  # whoever it was, they are greeted
            self.begin("greetings", self._greetings.catch_up(workspace_id, began))

    def _reading(self) -> Reading:
        return Reading(self._connector, self._timer)
