"""When each workspace's directory is read: one mechanism for whoever wants it, in any process.

A workspace is due at once when it is installed, when a bot starts, after a roster was imported, and
when somebody says so; otherwise after some hours, or sooner after a try that came to nothing. That
is written in the database, so whoever asks needs nobody to be there. Workers look every few
seconds, and one process at a time reads a platform: a long reading of one holds up no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import structlog

from bot.store import directory_syncs, workspaces
from bot.store.database import Lock
from bot.usecases.core import Core
from bot.usecases.sync_directory import Synced

log = structlog.get_logger(__name__)


READING: Final[Mapping[str, Lock]] = {"slack": Lock.SYNCING_SLACK, "teams": Lock.SYNCING_TEAMS}

Sync = Callable[[str], Awaitable[Synced]]


async def ask_for_syncs(core: Core, workspace_id: str | None = None) -> None:
    """Have a workspace, or each, read again at once."""
    async with core.database.writing() as session:
        await directory_syncs.ask(session, workspace_id)


async def sync_due(core: Core, platform: str, sync: Sync) -> dict[str, Synced] | None:
    """Sync each workspace of a platform that is due; the others if one fails.

    None, with nothing done, if another process is at it: what is due stays so.
    """
    async with core.database.alone(READING[platform]) as mine:
        if not mine:
            return None
        async with core.database.reading() as session:
            due = await directory_syncs.due(session, platform, core.clock.now())
        return await _sync_each(due, sync)


async def sync_all(core: Core, platform: str, sync: Sync) -> dict[str, Synced] | None:
    """The same with all of them, due or not; or ask for it if another process is at it."""
    async with core.database.alone(READING[platform]) as mine:
        if mine:
            async with core.database.reading() as session:
                installed = await workspaces.installed(session, platform)
            return await _sync_each(installed, sync)
    await ask_for_syncs(core)
    return None


async def _sync_each(workspace_ids: Sequence[str], sync: Sync) -> dict[str, Synced]:
    done: dict[str, Synced] = {}
    for workspace_id in workspace_ids:
        try:
            done[workspace_id] = await sync(workspace_id)
        except Exception as error:  # noqa: BLE001 - the edge of a loop; it may hold content
            log.warning(
                "a directory can't be read", workspace=workspace_id, kind=type(error).__name__
            )
    return done
