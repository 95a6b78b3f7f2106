"""Two processes on one database do the same thing at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.roster import read_roster
from bot.store import people
from bot.store.database import Database
from bot.store.tables import METADATA, Workspace
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.core import Core
from bot.usecases.directory import everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from tests.support.clock import StillClock
from tests.support.organisation import HEADER, World, team_of
from tests.support.tables import rows_of

LONG_ENOUGH = 30
ROSTER = read_roster("\n".join([HEADER, *team_of(10)]), ["en"])


@pytest.fixture
async def other(core: Core, database_url: str) -> AsyncIterator[Core]:
    """The core of a second process."""
    database = Database(database_url)
    yield replace(core, database=database)
    await database.close()


async def test_everybody_has_an_account_whoever_starts_while_the_roster_is_imported(
    core: Core, other: Core
) -> None:
    async with core.database.writing() as session:
        for table in ("account", "channel", "workspace"):
            await session.execute(METADATA.tables[table].delete())
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(
            import_roster(core, ROSTER, "Test Council"),
            install_playground(other),
            install_playground(core),
        )
    everybody = {card.id for card in await everyone(core)}
    async with core.database.reading() as session:
        assert await people.people_with_account(session, PLAYGROUND) == everybody
    assert len(everybody) == 11
    assert len(await rows_of(core, "channel")) == 2


async def test_two_imports_at_once_make_one_roster(core: Core, other: Core) -> None:
    async with asyncio.timeout(LONG_ENOUGH):
        done = await asyncio.gather(
            import_roster(core, ROSTER, "Test Council"), import_roster(other, ROSTER, "Another")
        )
    assert sorted((one.added, one.updated) for one in done) == [(0, 11), (11, 0)]
    assert len(await rows_of(core, "organisation")) == 1


async def test_two_launches_at_once_are_one_and_a_later_one_changes_nothing(
    world: World, other: Core, clock: StillClock
) -> None:
    await world.import_lines(team_of(10))
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(*(start_welcomes(core) for core in (world.core, other) * 3))
    launched = await rows_of(world.core, "organisation")
    clock.move_to(clock.now() + timedelta(hours=1))
    await start_welcomes(other)
    assert await rows_of(world.core, "organisation") == launched
    assert launched[0]["launched_at"] is not None


async def test_a_second_start_leaves_a_workspaces_pace_as_it_is(core: Core, other: Core) -> None:
    async with core.database.writing() as session:
        workspace = await session.get_one(Workspace, PLAYGROUND)
        workspace.pace = 0.5
    await install_playground(other)
    assert [row["pace"] for row in await rows_of(core, "workspace")] == [0.5]
