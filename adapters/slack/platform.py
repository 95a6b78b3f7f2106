"""All of Slack, joined: what comes in, what goes out, who is there, and where it is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from adapters.background import Background
from adapters.slack.asking import Asking
from adapters.slack.bolt import bolt_app
from adapters.slack.changes import Changes
from adapters.slack.client import SlackClient
from adapters.slack.directory import SlackDirectory
from adapters.slack.endpoint import EVENTS, events_route
from adapters.slack.exchange import Exchange
from adapters.slack.failures import Kind, codes_of
from adapters.slack.ids import SLACK, team_of, workspace_of
from adapters.slack.installations import VaultInstallations
from adapters.slack.interactions import Interactions
from adapters.slack.manifest import TeamsFrom, scopes
from adapters.slack.messenger import limits_of
from adapters.slack.messengers import SlackMessengers
from adapters.slack.oauth import INSTALL, InstallPages, authorize_url
from adapters.slack.socket_mode import PATIENCE_S, connected
from adapters.slack.states import SignedStates
from adapters.slack.tokens import FixedToken, InstalledTokens
from bot.errors import SettingsError
from bot.ports import Messenger, Vault
from bot.usecases.core import Core
from bot.usecases.handled import first_time
from bot.usecases.sync_directories import ask_for_syncs, sync_all, sync_due
from bot.usecases.sync_directory import Synced, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace, workspace_ids

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the settings say of Slack: one workspace's token, or what installs the app in many."""

    api_url: str
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    public_url: str = ""
    workspaces: Collection[str] = ()
    per_minute: int = 300
    teams_from: TeamsFrom = "roster"
    region: str = "GB"


class SlackPlatform:
    """What a process does with Slack; which of it depends on the process's role."""

    def __init__(
        self,
        core: Core,
        access: Access,
        client: SlackClient,
        background: Background,
        tokens: FixedToken | InstalledTokens,
        installs: Installs | None,
    ) -> None:
        self._core, self._access, self._client = core, access, client
        self._background, self._installs = background, installs
        self.messengers: Mapping[str, Messenger] = SlackMessengers(
            client, limits_of(access.per_minute), core.clock
        )
        changes = Changes(core, client, tokens.forget)
        handlers = Interactions(core, client, background, changes.events, access.region)
        self._app: AsyncApp = bolt_app(handlers, access.signing_secret)

    @classmethod
    @asynccontextmanager
    async def opened(cls, core: Core, access: Access, vault: Vault) -> AsyncIterator[SlackPlatform]:
        """Raises SettingsError if the token that is set is no good."""
        background = Background()
        async with AsyncExitStack() as stack:
            installs = Installs.of(core, access, vault) if access.client_id else None
            tokens = installs.tokens if installs else await _own_token(core, access)
            client = await stack.enter_async_context(SlackClient.connected(tokens, access.api_url))
            stack.push_async_callback(background.close)
            platform = cls(core, access, client, background, tokens, installs)
            await platform.let_go_of_others(tokens)
            if isinstance(tokens, FixedToken):
                await install_workspace(core, workspace_of(tokens.team_id), SLACK)
            elif installs is not None:
                await platform.take_back(await installs.installations.team_ids())
            yield platform

    async def let_go_of_others(self, tokens: FixedToken | InstalledTokens) -> None:
        """Let workspaces go that the settings don't name any more: an account is a key."""
        named = self._access.workspaces
        ours = {tokens.team_id} if isinstance(tokens, FixedToken) else set(named)
        for workspace_id in await workspace_ids(self._core, SLACK):
            if team_of(workspace_id) not in ours:
                log.warning("a workspace isn't ours any more", workspace=workspace_id)
                await uninstall_workspace(self._core, workspace_id)

    async def take_back(self, with_token: Collection[str]) -> None:
        """Have workspaces again that are named again, and whose token was kept meanwhile."""
        known = {team_of(each) for each in await workspace_ids(self._core, SLACK)}
        for team_id in with_token:
            if team_id in self._access.workspaces and team_id not in known:
                await install_workspace(self._core, workspace_of(team_id), SLACK)
                await ask_for_syncs(self._core, workspace_of(team_id))

    # --- in --------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        """What web serves. In Socket Mode there are no requests of Slack's over HTTP."""
        events = [] if self._access.app_token else [events_route(self._app)]
        if self._installs is None:
            return [*events]
        pages = self._installs.pages(self._core, self._access, self._installed)
        return [*events, *pages.routes()]

    @asynccontextmanager
    async def listening(self, patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
        """Be connected for as long as the block lasts, if it is Socket Mode."""
        if not self._access.app_token:
            yield
            return
        app_token, api_url = self._access.app_token, self._access.api_url
        async with connected(self._app, app_token, api_url, patience_s):
            yield

    def how_it_listens(self, address: str) -> str:
        """For whoever started the bot; `address` is where this process serves."""
        if self._access.app_token:
            return "connected by Socket Mode."
        where = self._access.public_url or address
        install = f" Install the app at {where}{INSTALL}." if self._installs else ""
        return f"requests come to {where}{EVENTS}.{install}"

    def begin(self, what: str, work: Awaitable[object]) -> None:
        """Do something that nobody waits for, and whose errors are logged without content."""
        self._background.start(what, work)

    async def rest(self) -> None:
        """Wait until every reply has been carried out."""
        await self._background.rest()

    # --- who is there ----------------------------------------------------------------------

    async def sync_all(self) -> dict[str, Synced] | None:
        """Bring every workspace's accounts and channels up to date; the others if one fails.

        None if another process is at it, which then goes on to do this, too.
        """
        return await sync_all(self._core, SLACK, self._sync)

    async def sync_due(self) -> dict[str, Synced] | None:
        """The same with those that are due."""
        return await sync_due(self._core, SLACK, self._sync)

    async def _sync(self, workspace_id: str) -> Synced:
        """Raises PlatformError."""
        directory = SlackDirectory(self._client, workspace_id)
        return await sync_directory(
            self._core, workspace_id, directory, self._access.teams_from, self._access.region
        )

    async def _installed(self, team_id: str) -> None:
        workspace_id = workspace_of(team_id)
        await install_workspace(self._core, workspace_id, SLACK)
        await ask_for_syncs(self._core, workspace_id)
        self._background.start("directory", self.sync_due())


# What Slack says of itself rather than of a token.
PASSES: Final = codes_of(Kind.BUSY, Kind.UNKNOWN)

OnInstalled = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Installs:
    """What installs the app in many workspaces."""

    installations: VaultInstallations
    states: SignedStates
    exchange: Exchange
    tokens: InstalledTokens

    @classmethod
    def of(cls, core: Core, access: Access, vault: Vault) -> Installs:
        installations = VaultInstallations(vault)
        exchange = Exchange(access.client_id, access.client_secret, access.api_url)
        tokens = InstalledTokens(installations, exchange, core.clock)
        states = SignedStates(access.client_secret, core.clock, partial(first_time, core))
        return cls(installations, states, exchange, tokens)

    def pages(self, core: Core, access: Access, installed: OnInstalled) -> InstallPages:
        return InstallPages(
            client_id=access.client_id,
            scopes=scopes(access.teams_from),
            public_url=access.public_url,
            authorize_url=authorize_url(access.api_url),
            installations=self.installations,
            states=self.states,
            exchange=self.exchange,
            tokens=self.tokens,
            clock=core.clock,
            texts=core.library.texts("en"),
            installed=installed,
            ours=access.workspaces,
        )


async def _own_token(core: Core, access: Access) -> FixedToken:
    """The token that is set, and its workspace. Raises SettingsError if it is no good.

    Where Slack can't be reached just now, it is taken for that of the one workspace that is known.
    """
    answer = await Asking(access.api_url).ask("auth.test", access.bot_token)
    if answer.is_ok:
        team_id = str(answer.data.get("team_id", ""))
        return FixedToken(team_id, access.bot_token, core.clock.now())
    known = await workspace_ids(core, SLACK)
    if (not answer.is_slacks or answer.code in PASSES) and len(known) == 1:
        log.warning("Slack can't be reached", why=answer.code)
        return FixedToken(team_of(known[0]), access.bot_token)
    raise SettingsError(
        [f"Slack doesn't take SLACK_BOT_TOKEN ({answer.code}). More is said by: wellbeing doctor"]
    )
