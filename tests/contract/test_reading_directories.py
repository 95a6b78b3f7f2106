"""One process at a time reads who is on a platform, and holds up no other platform."""

from __future__ import annotations

from dataclasses import replace

from bot.store.database import Database
from bot.usecases.sync_directories import sync_due
from bot.usecases.sync_directory import Synced
from bot.usecases.workspaces import install_workspace
from tests.support.organisation import World

SLACK, TEAMS = "slack:T0001", "teams:t1"


async def test_a_long_reading_of_one_platform_holds_up_no_other(
    world: World, database_url: str
) -> None:
    for workspace_id in (SLACK, TEAMS):
        await install_workspace(world.core, workspace_id, workspace_id.partition(":")[0])
    database = Database(database_url)
    core = replace(world.core, database=database)  # another process

    async def one_of_many(_: str) -> Synced:
        return Synced()

    async def long(_: str) -> Synced:
        assert await sync_due(core, "slack", one_of_many) is None
        assert list(await sync_due(core, "teams", one_of_many) or ()) == [TEAMS]
        return Synced()

    assert list(await sync_due(world.core, "slack", long) or ()) == [SLACK]
    await database.close()
