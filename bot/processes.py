"""What a process of the bot does, from its start until it is told to stop.

On SQLite one process does everything. On PostgreSQL there may be any number of each kind: `web`
serves pages, `worker` plans and sends, and `all` does both. None of them needs another to start, or
to be told of it; what one leaves undone when it ends, however it ends, another one does.
"""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from adapters.mounts import is_in_memory
from bot.app import open_core, queue_for
from bot.cli_groups import in_one_line
from bot.domain.roster import read_roster
from bot.errors import SettingsError
from bot.held import held
from bot.keyrings import Sides, keeps_wrapped_keys
from bot.settings import Settings
from bot.store.database import Lock
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.collecting import probe_keys
from bot.usecases.core import Core
from bot.usecases.directory import blocks, everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from bot.usecases.raise_rules import check_asked
from bot.usecases.rules import next_rules
from bot.usecases.tick import tick

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.playground import Hub, PlaygroundClock, PlaygroundMessenger, PlaygroundStore
    from adapters.scheduler import Ticker
    from adapters.workqueue.distributed import DistributedQueue
    from adapters.workqueue.inline import InlineQueue

EXAMPLE = Path(__file__).parent.parent / "adapters" / "playground" / "example.csv"
EXAMPLE_NAME = "Larkfield Council"

# How long a process waits for another one that sets up the same database.
SET_UP_WITHIN_S = 60
LOOKS_EVERY_S = 0.1
PAGES_END_WITHIN_S = 2

Say = Callable[[str], None]

log = structlog.get_logger(__name__)


class Role(StrEnum):
    """What a process does. On SQLite web does everything, and a worker only waits."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


SIDES = {Role.ALL: Sides.BOTH, Role.WEB: Sides.COLLECTS, Role.WORKER: Sides.TALLIES}


async def run(settings: Settings, role: Role, *, with_example: bool, say: Say) -> None:
    """Run the bot until it is told to stop. `say` gets what an admin wants to know.

    Raises SettingsError, ContentError or KeyringError if it can't start.
    """
    stop = told_to_stop()
    if settings.uses_sqlite and role is Role.WORKER:
        say("On SQLite the web process does all the work, so this one waits until it is stopped.")
        await stop.wait()
        return
    if not settings.has_playground:
        raise SettingsError(
            ["The playground is off, and it is the only platform yet. Set WELLBEING_PLAYGROUND=on."]
        )
    async with AsyncExitStack() as stack:
        stack.enter_context(held(settings))
        sides = Sides.BOTH if settings.uses_sqlite else SIDES[role]
        place = await stack.enter_async_context(
            _playground(settings, sides, with_example=with_example)
        )
        _warn_of_keys_on_a_disk(settings)
        if place.core.tallies:
            await stack.enter_async_context(at_work(place.core, place.queue, settings))
        else:
            await stack.enter_async_context(_ready_to_collect(place.core, settings))
        if role is Role.WORKER:
            await stack.enter_async_context(_ticking_after_journeys(place))
            say("This worker plans and sends.")
        else:
            if with_example:
                await _tell_of_small_groups(place.core, say)
            say(f"The playground is at {await _serve_pages(stack, place, settings)}")
        say("Stop with Ctrl+C. A second start carries on where this one stops.")
        await stop.wait()


@asynccontextmanager
async def at_work(
    core: Core, queue: InlineQueue | DistributedQueue, settings: Settings
) -> AsyncIterator[None]:
    """Plan and send for as long as the block lasts; then hand back what is in hand."""
    ticker = _ticker(core, settings)
    await queue.start()
    try:
        await tick(core)  # what came due while nobody was there, before anybody moves a clock
        ticker.start()
        yield
    finally:
        await asyncio.gather(ticker.stop(), queue.stop())


@asynccontextmanager
async def _ready_to_collect(core: Core, settings: Settings) -> AsyncIterator[None]:
    """Have the keys of each round that a worker opens, for as long as the block lasts."""
    ticker = _ticker(core, settings)
    try:
        await tick(core)
        ticker.start()
        yield
    finally:
        await ticker.stop()


def _ticker(core: Core, settings: Settings) -> Ticker:
    from adapters.scheduler import Ticker  # noqa: PLC0415 - no command needs a clock

    return Ticker(lambda: tick(core), settings.wellbeing_tick_seconds)


def told_to_stop() -> asyncio.Event:
    """Listen for signals from now on. The event is set by the first (Ctrl+C, SIGTERM)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop


def _warn_of_keys_on_a_disk(settings: Settings) -> None:
    directory = settings.keys_directory
    if not keeps_wrapped_keys(settings) and is_in_memory(directory) is False:
        log.warning(
            "keys of open rounds are on a disk, and what was on a disk may be recovered",
            directory=str(directory),
            better="WELLBEING_KEYS=/dev/shm/wellbeing-keys-NAME, each installation its own",
        )


# --- the playground ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """The core with the playground as its platform."""

    core: Core
    queue: InlineQueue | DistributedQueue
    store: PlaygroundStore
    clock: PlaygroundClock
    hub: Hub
    messenger: PlaygroundMessenger


@asynccontextmanager
async def _playground(
    settings: Settings, sides: Sides, *, with_example: bool
) -> AsyncIterator[Place]:
    from adapters import playground  # noqa: PLC0415 - half a second that `--help` shouldn't pay

    async with AsyncExitStack() as stack:
        store = await playground.PlaygroundStore.open(settings.wellbeing_data / "playground.db")
        stack.push_async_callback(store.close)
        kind = playground.PlaygroundClock if settings.uses_sqlite else playground.SharedClock
        clock, hub = await kind.open(store), playground.Hub()
        messenger = playground.PlaygroundMessenger(store, hub, clock)
        queue = queue_for(settings)
        core = await stack.enter_async_context(
            open_core(settings, clock, {PLAYGROUND: messenger}, queue, sides)
        )
        await probe_keys(core)
        await check_asked(core, settings.pulse_rules)
        await _set_up(core, with_example=with_example)
        yield Place(core, queue, store, clock, hub, messenger)


@asynccontextmanager
async def _ticking_after_journeys(place: Place) -> AsyncIterator[None]:
    """Tick as soon as a web process has moved the clock, rather than when it is time again."""
    from adapters import playground  # noqa: PLC0415

    async with playground.after_journeys(place.clock, lambda: tick(place.core)):
        yield


async def _set_up(core: Core, *, with_example: bool) -> None:
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
    """Load the example organisation, and launch it."""
    rows = read_roster(EXAMPLE.read_text(encoding="utf-8"), ["en"])
    await import_roster(core, rows, EXAMPLE_NAME)
    await start_welcomes(core)


async def _tell_of_small_groups(core: Core, say: Say) -> None:
    sentence = in_one_line(await blocks(core), await next_rules(core))
    if sentence is not None:
        say(sentence)


async def _serve_pages(stack: AsyncExitStack, place: Place, settings: Settings) -> str:
    """Serve the playground's page until the stack closes, and return its address."""
    from aiohttp import web  # noqa: PLC0415

    from adapters import playground  # noqa: PLC0415

    if not settings.uses_sqlite:
        await stack.enter_async_context(playground.following(place.store, place.hub))
    pages = playground.playground_app(
        playground.CoreBot(place.core), place.store, place.clock, place.hub, place.messenger
    )
    app = web.Application()
    app.add_subapp(playground.PREFIX, pages)
    return f"{await _serve(stack, app, settings)}{playground.PREFIX}"


async def _serve(stack: AsyncExitStack, app: web.Application, settings: Settings) -> str:
    """Serve an application until the stack closes. Raises SettingsError if the port is taken."""
    from aiohttp import web  # noqa: PLC0415

    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PAGES_END_WITHIN_S)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise SettingsError(
                [f"HOST {settings.host} can't be served: {error.strerror}."]
            ) from None
        raise SettingsError(
            [f"Port {settings.port} is taken. Set PORT to another, or stop what uses it."]
        ) from None
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
