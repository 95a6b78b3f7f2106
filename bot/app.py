"""The composition root: it joins the core and its adapters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from adapters.content import load_library
from adapters.workqueue.inline import InlineQueue
from bot.domain.gate import GateRules
from bot.keyrings import Sides, keyrings
from bot.ports import Clock, Messenger
from bot.settings import Settings
from bot.store.database import Database, plain_address
from bot.store.inbox import open_inbox
from bot.store.migrate import upgrade
from bot.store.vault import TextCipher
from bot.usecases.core import Core
from bot.usecases.deliver import deliver

if TYPE_CHECKING:
    from adapters.workqueue.distributed import DistributedQueue

# How long a worker stays with one workspace while others wait for their turn.
TURN_S = 10.0


class SystemClock:
    """Implements `bot.ports.Clock` with this machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Messengers(Mapping[str, Messenger]):
    """Those of every platform that is switched on, by workspace."""

    def __init__(self) -> None:
        self._platforms: list[Mapping[str, Messenger]] = []

    def add(self, platform: Mapping[str, Messenger]) -> None:
        """A platform may need the core, which needs the messengers: so it comes later."""
        self._platforms.append(platform)

    def __getitem__(self, workspace_id: str) -> Messenger:
        for platform in self._platforms:
            if (messenger := platform.get(workspace_id)) is not None:
                return messenger
        raise KeyError(workspace_id)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._platforms)

    def __len__(self) -> int:
        return sum(map(len, self._platforms))


@asynccontextmanager
async def open_core(
    settings: Settings,
    clock: Clock | None = None,
    messengers: Mapping[str, Messenger] | None = None,
    queue: InlineQueue | DistributedQueue | None = None,
    sides: Sides = Sides.NEITHER,
) -> AsyncIterator[Core]:
    """The core on a database of the present schema. Raises SettingsError, ContentError.

    `queue` is one of `queue_for`'s; it serves workspaces once it is started, and is closed here.
    `sides` are those of this process's role: it gets no other keys. A command needs none.
    """
    library = load_library(settings.wellbeing_prompts, settings.wellbeing_resources)
    database = Database(settings.database_url)
    collecting_keys, tallying_keys = keyrings(settings, database, sides)
    await asyncio.to_thread(upgrade, settings.database_url)
    queue = queue or queue_for(settings)
    core = Core(
        clock=clock or SystemClock(),
        database=database,
        inbox=open_inbox(database, settings.inbox_directory),
        library=library,
        messengers={} if messengers is None else messengers,  # it may fill up later
        queue=queue,
        collecting_keys=collecting_keys,
        tallying_keys=tallying_keys,
        asked=GateRules(**settings.pulse_rules),
        support=settings.support_rules,
        comments=settings.comment_rules,
        kept_texts=TextCipher(settings.secret_keys),
    )
    queue.serve(lambda workspace_id: deliver(core, workspace_id, TURN_S))
    try:
        yield core
    finally:
        await queue.close()
        await database.close()


def queue_for(settings: Settings) -> InlineQueue | DistributedQueue:
    """One process's own queue on SQLite, and on PostgreSQL the one that all of them share."""
    if settings.uses_sqlite:
        return InlineQueue()
    # A second that nobody on SQLite, and no `wellbeing --help`, should have to wait.
    from adapters.workqueue.distributed import DistributedQueue  # noqa: PLC0415

    return DistributedQueue(plain_address(make_url(settings.database_url)))
