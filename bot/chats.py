"""The chat platforms of a process: those that the settings switch on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot import slack, teams
from bot.ports import Messenger
from bot.settings import Settings
from bot.usecases.core import Core

if TYPE_CHECKING:
    from aiohttp import web


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


@dataclass(frozen=True, slots=True)
class Chat:
    """`knowing` keeps up to date who and what is there, for as long as its block lasts."""

    name: str
    platform: Platform
    knowing: Callable[[], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def opened(settings: Settings, core: Core) -> AsyncIterator[Sequence[Chat]]:
    """Raises SettingsError if a platform doesn't take what is set."""
    chats = []
    async with AsyncExitStack() as stack:
        if settings.has_slack:
            workspaces = await stack.enter_async_context(slack.opened(settings, core))
            knowing = partial(slack.knowing_who_is_there, core, workspaces)
            chats.append(Chat("Slack", workspaces, knowing))
        if settings.has_teams:
            tenants = await stack.enter_async_context(teams.opened(settings, core))
            chats.append(Chat("Teams", tenants, partial(teams.knowing_the_channels, tenants)))
        yield chats
