"""The chat platforms of a process: those that the settings switch on, and who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from bot import slack, teams
from bot.ports import Messenger
from bot.settings import Settings
from bot.store.database import AWAY
from bot.usecases.accounts import anybody_on
from bot.usecases.core import Core
from bot.usecases.sync_directories import ask_for_syncs
from bot.usecases.sync_directory import Synced

if TYPE_CHECKING:
    from aiohttp import web

log = structlog.get_logger(__name__)

# How soon what is due is seen: after an import, say, which another process may have done.
LOOKS_EVERY_S: Final = 15.0
# A first start waits so long for an answer. A large workspace's takes longer.
FIRST_WITHIN_S: Final = 10.0


class Platform(Protocol):
    """What a process does with a chat platform; which of it depends on the process's role."""

    @property
    def messengers(self) -> Mapping[str, Messenger]:
        """Workspace → what sends there."""
        ...

    def routes(self) -> list[web.AbstractRouteDef]:
        """What web serves."""
        ...

    def listening(self) -> AbstractAsyncContextManager[None]:
        """Hear what people do, for as long as the block lasts, if `routes` don't see to it."""
        ...

    def how_it_listens(self, address: str) -> str:
        """For whoever started the bot; `address` is where this process serves."""
        ...

    def begin(self, what: str, work: Awaitable[object]) -> None:
        """Do something that nobody waits for, and whose errors are logged without content."""
        ...

    async def rest(self) -> None:
        """Wait until all that was begun has ended."""
        ...

    async def sync_all(self) -> dict[str, Synced] | None:
        """Bring every workspace's accounts and channels up to date; the others if one fails.

        None if another process is at it, which then goes on to do this, too.
        """
        ...

    async def sync_due(self) -> dict[str, Synced] | None:
        """The same with those that are due."""
        ...


@dataclass(frozen=True, slots=True)
class Chat:
    """`name` is for people, and `kind` for the database: what its workspaces have as platform."""

    name: str
    kind: str
    platform: Platform


@asynccontextmanager
async def opened(settings: Settings, core: Core) -> AsyncIterator[Sequence[Chat]]:
    """Raises SettingsError if a platform doesn't take what is set."""
    chats = []
    async with AsyncExitStack() as stack:
        if settings.has_slack:
            workspaces = await stack.enter_async_context(slack.opened(settings, core))
            chats.append(Chat("Slack", "slack", workspaces))
        if settings.has_teams:
            tenants = await stack.enter_async_context(teams.opened(settings, core))
            chats.append(Chat("Teams", "teams", tenants))
        yield chats


@asynccontextmanager
async def knowing_who_is_there(core: Core, chat: Chat) -> AsyncIterator[None]:
    """Ask who is there at once, and whenever it is due, for as long as the block lasts.

    If nobody is known yet, the block begins with the answer: what is planned before that is planned
    for nobody, and a second time when they are known.
    """
    from adapters.scheduler import Ticker  # noqa: PLC0415

    async def look() -> None:
        try:
            await chat.platform.sync_due()
        except AWAY as error:
            log.warning("the database is away or busy", step="sync", why=type(error).__name__)

    ticker = Ticker(look, LOOKS_EVERY_S)
    await ask_for_syncs(core)
    chat.platform.begin("directory", look())
    if not await anybody_on(core, chat.kind):
        with suppress(TimeoutError):
            await asyncio.wait_for(chat.platform.rest(), FIRST_WITHIN_S)
    ticker.start()
    try:
        yield
    finally:
        await ticker.stop()
