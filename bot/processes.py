"""What a process of the bot does, from its start until it is told to stop.

On SQLite one process does everything. On PostgreSQL there may be any number of each kind: `web`
serves pages and answers people, `worker` plans and sends, and `all` does both. None of them needs
another to start, or to be told of it; what one leaves undone when it ends, however it ends, another
one does.
"""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

import structlog

from adapters.mounts import is_in_memory
from bot import chats, playground
from bot.app import Messengers, open_core, queue_for
from bot.chats import Chat
from bot.cli_groups import in_one_line
from bot.errors import SettingsError
from bot.held import held
from bot.keyrings import Sides, keeps_wrapped_keys
from bot.playground import Playground
from bot.settings import Settings
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.collecting import probe_keys
from bot.usecases.core import Core
from bot.usecases.directory import blocks
from bot.usecases.raise_rules import check_asked
from bot.usecases.rules import next_rules
from bot.usecases.tick import tick
from bot.usecases.workspaces import uninstall_workspace

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.scheduler import Ticker
    from adapters.workqueue.distributed import DistributedQueue
    from adapters.workqueue.inline import InlineQueue

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
    if not settings.has_playground and not settings.has_platform:
        raise SettingsError(
            ["There is no platform. Set up Slack or Teams (see docs), or WELLBEING_PLAYGROUND=on."]
        )
    async with AsyncExitStack() as stack:
        stack.enter_context(held(settings))
        process = await stack.enter_async_context(
            Process.opened(settings, role, with_example=with_example)
        )
        _warn_of_keys_on_a_disk(settings)
        await stack.enter_async_context(process.working())
        if role is Role.WORKER:
            say("This worker plans and sends.")
        else:
            await process.serve(stack, say, with_example=with_example)
        say("Stop with Ctrl+C. A second start carries on where this one stops.")
        await stop.wait()


class Process:
    """One process: the core, and the platforms that are switched on."""

    def __init__(
        self,
        settings: Settings,
        role: Role,
        core: Core,
        queue: InlineQueue | DistributedQueue,
        play: Playground | None,
        there: Sequence[Chat],
    ) -> None:
        self._settings, self._role = settings, role
        self._core, self._queue, self._play, self._chats = core, queue, play, there

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, settings: Settings, role: Role, *, with_example: bool
    ) -> AsyncIterator[Process]:
        messengers = Messengers()
        async with AsyncExitStack() as stack:
            play = None
            if settings.has_playground:
                play = await stack.enter_async_context(Playground.opened(settings))
                messengers.add({PLAYGROUND: play.messenger})
            queue, clock = queue_for(settings), play.clock if play else None
            sides = Sides.BOTH if settings.uses_sqlite else SIDES[role]
            core = await stack.enter_async_context(
                open_core(settings, clock, messengers, queue, sides)
            )
            await probe_keys(core)
            await check_asked(core, settings.pulse_rules)
            if play is None:
                await uninstall_workspace(core, PLAYGROUND)  # from before there was a platform
            else:
                await playground.set_up(core, with_example=with_example)
            there = await stack.enter_async_context(chats.opened(settings, core))
            for chat in there:
                messengers.add(chat.platform.messengers)
            yield cls(settings, role, core, queue, play, there)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Do what time brings about, for as long as the block lasts."""
        async with AsyncExitStack() as stack:
            for chat in self._chats if self._role is not Role.WEB else ():
                await stack.enter_async_context(chats.knowing_who_is_there(self._core, chat))
            if self._core.tallies:
                await stack.enter_async_context(at_work(self._core, self._queue, self._settings))
            else:
                await stack.enter_async_context(_ready_to_collect(self._core, self._settings))
            if self._play is not None and self._role is Role.WORKER:
                await stack.enter_async_context(
                    self._play.ticking_after_journeys(lambda: tick(self._core))
                )
            yield

    async def serve(self, stack: AsyncExitStack, say: Say, *, with_example: bool) -> None:
        """Serve pages and answer people until the stack closes."""
        from aiohttp import web  # noqa: PLC0415

        app, prefix = web.Application(), ""
        if self._play is not None:
            prefix, pages = await stack.enter_async_context(
                self._play.pages(self._core, self._settings)
            )
            app.add_subapp(prefix, pages)
            if with_example:
                await _tell_of_small_groups(self._core, say)
        for chat in self._chats:
            app.add_routes(chat.platform.routes())
        address = await _serve(stack, app, self._settings)
        if self._play is not None:
            say(f"The playground is at {address}{prefix}")
        for chat in self._chats:
            await stack.enter_async_context(chat.platform.listening())
            say(f"{chat.name}: {chat.platform.how_it_listens(address)}")


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


async def _tell_of_small_groups(core: Core, say: Say) -> None:
    sentence = in_one_line(await blocks(core), await next_rules(core))
    if sentence is not None:
        say(sentence)


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
