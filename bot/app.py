"""The composition root: it joins the core and its adapters."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.content import load_library
from adapters.keyring import FileKeyring
from adapters.workqueue.inline import InlineQueue
from bot.domain.roster import read_roster
from bot.errors import SettingsError
from bot.ports import Clock, Messenger
from bot.settings import Settings
from bot.store.database import Database
from bot.store.inbox import SealedInbox
from bot.store.migrate import upgrade
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.core import Core
from bot.usecases.deliver import deliver
from bot.usecases.directory import everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from bot.usecases.tick import tick

if TYPE_CHECKING:
    from aiohttp import web

EXAMPLE = Path(__file__).parent.parent / "adapters" / "playground" / "example.csv"
EXAMPLE_NAME = "Larkfield Council"


class SystemClock:
    """Implements `bot.ports.Clock` with this machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def open_core(
    settings: Settings,
    clock: Clock | None = None,
    messengers: Mapping[str, Messenger] | None = None,
) -> AsyncIterator[Core]:
    """The core on a database of the present schema. Raises SettingsError, ContentError."""
    library = load_library(settings.wellbeing_prompts)
    await asyncio.to_thread(upgrade, settings.database_url)
    database = Database(settings.database_url)
    keyring = FileKeyring(settings.keys_directory)
    queue = InlineQueue()
    core = Core(
        clock=clock or SystemClock(),
        database=database,
        inbox=SealedInbox(settings.inbox_directory),
        keyring=keyring,
        library=library,
        messengers=messengers or {},
        queue=queue,
    )
    queue.serve(lambda workspace_id: deliver(core, workspace_id))
    try:
        yield core
    finally:
        await database.close()


class Role(StrEnum):
    """What a process does. On SQLite one process does everything, and a worker only waits."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


async def run(
    settings: Settings, role: Role, *, with_example: bool, say: Callable[[str], None]
) -> None:
    """Run the bot until it is told to stop. `say` gets what an admin wants to know.

    Raises SettingsError, ContentError or KeyringError if it can't start.
    """
    if role is Role.WORKER:
        say("On SQLite the web process does all the work, so this one waits until it is stopped.")
        await _told_to_stop()
        return
    if not settings.has_playground:
        raise SettingsError(
            ["The playground is off, and it is the only platform yet. Set WELLBEING_PLAYGROUND=on."]
        )
    from adapters.scheduler import Ticker  # noqa: PLC0415 - only a running bot needs a clock

    with _only_one(settings.wellbeing_data):
        async with _playground(settings, with_example=with_example) as (core, address):
            ticker = Ticker(lambda: tick(core), settings.wellbeing_tick_seconds)
            ticker.start()
            say(f"The playground is at {address}")
            say("Stop with Ctrl+C. A second start carries on where this one stops.")
            try:
                await _told_to_stop()
            finally:
                await ticker.stop()


@asynccontextmanager
async def _playground(settings: Settings, *, with_example: bool) -> AsyncIterator[tuple[Core, str]]:
    """The core with the playground as its platform, and the address of its page."""
    from aiohttp import web  # noqa: PLC0415 - half a second that `wellbeing --help` shouldn't pay

    from adapters import playground  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        store = await playground.PlaygroundStore.open(settings.wellbeing_data / "playground.db")
        stack.push_async_callback(store.close)
        hub = playground.Hub()
        clock = await playground.PlaygroundClock.open(store)
        messenger = playground.PlaygroundMessenger(store, hub, clock)
        core = await stack.enter_async_context(open_core(settings, clock, {PLAYGROUND: messenger}))
        core.keyring.probe()
        await install_playground(core)
        if with_example and not await everyone(core):
            await load_example(core)
        await tick(core)  # what came due while the bot was down, before anybody moves the clock
        pages = playground.playground_app(playground.CoreBot(core), store, clock, hub, messenger)
        app = web.Application()
        app.add_subapp(playground.PREFIX, pages)
        address = await _serve(stack, app, settings)
        yield core, f"{address}{playground.PREFIX}"


async def load_example(core: Core) -> None:
    """Load the example organisation, and launch it."""
    rows = read_roster(EXAMPLE.read_text(encoding="utf-8"), ["en"])
    await import_roster(core, rows, EXAMPLE_NAME)
    await start_welcomes(core)


async def _serve(stack: AsyncExitStack, app: web.Application, settings: Settings) -> str:
    """Serve an application until the stack closes. Raises SettingsError if the port is taken."""
    from aiohttp import web  # noqa: PLC0415

    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
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


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Hold the data directory for one process. Raises SettingsError if another has it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError(
                [f"Another bot is running on {directory}. Stop it, or set WELLBEING_DATA."]
            ) from None
        yield


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    await stop.wait()
