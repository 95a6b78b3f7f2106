"""The core on a real database, as `bot.app` builds it, with a test's own clock and platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from adapters.keyring import FileCollectingKeyring, FileTallyingKeyring
from adapters.workqueue.inline import InlineQueue
from bot.domain.comments import CommentRules
from bot.domain.volunteering import SupportRules
from bot.ports import Clock, Library, Messenger
from bot.store.database import Database
from bot.store.inbox import open_inbox
from bot.store.migrate import upgrade
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.core import Core, random_id
from bot.usecases.deliver import deliver
from tests.support.timer import SkippingTimer


@asynccontextmanager
async def open_core(
    directory: Path,
    library: Library,
    clock: Clock,
    messenger: Messenger,
    new_id: Callable[[], str] = random_id,
    url: str | None = None,
) -> AsyncIterator[Core]:
    """A core with a playground and an empty roster. A database that is there already is used.

    `url` is a database of the present schema; without one, it is an SQLite file in the directory.
    """
    path = directory / "wellbeing.db"
    if url is None and not path.exists():
        upgrade(f"sqlite:///{path}")
    database, queue = Database(url or f"sqlite:///{path}"), InlineQueue()
    core = Core(
        clock=clock,
        database=database,
        inbox=open_inbox(database, directory / "inbox"),
        library=library,
        messengers={PLAYGROUND: messenger},
        queue=queue,
        collecting_keys=FileCollectingKeyring(directory / "keys"),
        tallying_keys=FileTallyingKeyring(directory / "keys"),
        timer=SkippingTimer(),
        new_id=new_id,
    )
    queue.serve(lambda workspace_id: deliver(core, workspace_id))
    try:
        await install_playground(core)
        yield core
    finally:
        await queue.close()
        await database.close()


def with_support_rules(core: Core, rules: SupportRules) -> Core:
    """The same core with other rules for volunteers, also for what is sent from now on."""
    changed = replace(core, support=rules)
    assert isinstance(changed.queue, InlineQueue)
    changed.queue.serve(lambda workspace_id: deliver(changed, workspace_id))
    return changed


def with_comments(core: Core) -> Core:
    """The same core where comments are on, also for what is sent from now on."""
    changed = replace(core, comments=CommentRules(is_on=True))
    assert isinstance(changed.queue, InlineQueue)
    changed.queue.serve(lambda workspace_id: deliver(changed, workspace_id))
    return changed
