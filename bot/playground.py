"""The playground in a process: its store and clock before the core, its pages after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.roster import read_roster
from bot.errors import SettingsError
from bot.settings import Settings
from bot.store.database import Lock
from bot.usecases.accounts import install_playground
from bot.usecases.core import Core
from bot.usecases.directory import everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from bot.usecases.support.example import begin_volunteering

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.playground import Hub, PlaygroundClock, PlaygroundMessenger, PlaygroundStore

EXAMPLE = Path(__file__).parent.parent / "adapters" / "playground" / "example.csv"
EXAMPLE_NAME = "Larkfield Council"

# How long a process waits for another one that sets up the same database.
SET_UP_WITHIN_S = 60
LOOKS_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Playground:
    """What this platform keeps, and its clock, which is the bot's."""

    store: PlaygroundStore
    clock: PlaygroundClock
    hub: Hub
    messenger: PlaygroundMessenger

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator[Playground]:
        from adapters import playground  # noqa: PLC0415 - half a second that others shouldn't pay

        store = await playground.PlaygroundStore.open(settings.wellbeing_data / "playground.db")
        try:
            kind = playground.PlaygroundClock if settings.uses_sqlite else playground.SharedClock
            clock, hub = await kind.open(store), playground.Hub()
            yield cls(store, clock, hub, playground.PlaygroundMessenger(store, hub, clock))
        finally:
            await store.close()

    @asynccontextmanager
    async def ticking_after_journeys(
        self, tick: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[None]:
        """Tick as soon as a web process has moved the clock, rather than when it is time again."""
        from adapters import playground  # noqa: PLC0415

        async with playground.after_journeys(self.clock, tick):
            yield

    @asynccontextmanager
    async def pages(
        self, core: Core, settings: Settings
    ) -> AsyncIterator[tuple[str, web.Application]]:
        """The pages, and the prefix to mount them under."""
        from adapters import playground  # noqa: PLC0415

        bot = playground.CoreBot(core)
        app = playground.playground_app(bot, self.store, self.clock, self.hub, self.messenger)
        if settings.uses_sqlite:
            yield playground.PREFIX, app
            return
        async with playground.following(self.store, self.hub):
            yield playground.PREFIX, app


async def set_up(core: Core, *, with_example: bool) -> None:
    """Have the playground and the example in the database, once, whoever else starts now.

    Raises SettingsError if another process has been at it for too long.
    """
    try:
        async with asyncio.timeout(SET_UP_WITHIN_S):
            # Another process's work: there is no event of ours to wait for.
            while not await _set_up_alone(core, with_example=with_example):  # noqa: ASYNC110
                await asyncio.sleep(LOOKS_EVERY_S)
    except TimeoutError:
        raise SettingsError(
            ["Another process has been setting up this database for a minute. Please try again."]
        ) from None


async def _set_up_alone(core: Core, *, with_example: bool) -> bool:
    """False, with nothing done, if another process is at it."""
    async with core.database.alone(Lock.SETTING_UP) as mine:
        if mine:
            await install_playground(core)
            if with_example and not await everyone(core):
                await load_example(core)
        return mine


async def load_example(core: Core) -> None:
    """Load the example organisation, and launch it; its volunteers are there at once."""
    rows = read_roster(EXAMPLE.read_text(encoding="utf-8"), ["en"])
    await import_roster(core, rows, EXAMPLE_NAME)
    await start_welcomes(core)
    await begin_volunteering(core)
