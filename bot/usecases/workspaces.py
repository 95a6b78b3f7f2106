"""Workspaces come and go: the bot is installed in one, or taken out of it."""

from __future__ import annotations

import structlog

from bot.store import uninstalled, workspaces
from bot.store.database import Lock, hold
from bot.store.tables import Workspace
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


async def install_workspace(core: Core, workspace_id: str, platform: str) -> None:
    """Have a workspace. Doing it again changes nothing; one that had gone is back."""
    async with core.database.writing() as session:
        await workspaces.install(session, Workspace(id=workspace_id, platform=platform))
    log.info("installed", workspace=workspace_id)


async def uninstall_workspace(core: Core, workspace_id: str) -> None:
    """Let a workspace go, with who and what is there. Doing it again changes nothing.

    People, their settings and what was sent stay. What is planned there goes to another workspace
    when it is due, or waits: they may have an account again in time.
    """
    async with core.database.writing() as session:
        # Whatever opens accounts at this moment comes before, or finds it gone.
        await hold(session, Lock.PLANNING)
        was_there = await workspaces.uninstall(session, workspace_id)
    if was_there:
        log.info("uninstalled", workspace=workspace_id)


async def workspace_ids(core: Core, platform: str) -> list[str]:
    """The workspaces of a platform that the bot is installed in, by id."""
    async with core.database.reading() as session:
        return await workspaces.installed(session, platform)


async def is_installed(core: Core, workspace_id: str) -> bool:
    async with core.database.reading() as session:
        return await workspaces.is_installed(session, workspace_id)


async def look_at_due(core: Core, workspace_id: str) -> bool:
    """Send on, or put off, what is due in a workspace that was uninstalled. False if it wasn't."""
    async with core.database.writing() as session:
        if not await workspaces.is_uninstalled(session, workspace_id):
            return False
        await uninstalled.look_at_due(session, workspace_id, core.clock.now())
    return True
