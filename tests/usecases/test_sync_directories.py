"""When directories are read: at once if somebody asks, sooner after a failure, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.errors import PlatformError
from bot.store.database import Database
from bot.usecases.sync_directories import ask_for_syncs, sync_all, sync_due
from bot.usecases.sync_directory import Synced, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, member
from tests.support.organisation import World, team_of
from tests.support.printing import printing
from tests.support.tables import rows_of

SECOND = "slack:T0002"
LONG_ENOUGH_S = 30


@dataclass
class Syncing:
    """Syncs of a world whose directory is `directory`, and those that were begun."""

    world: World
    directory: MemoryDirectory = field(default_factory=lambda: MemoryDirectory([member("boss")]))
    begun: list[str] = field(default_factory=list)

    async def sync(self, workspace_id: str) -> Synced:
        self.begun.append(workspace_id)
        return await sync_directory(
            self.world.core, workspace_id, self.directory, "roster", "GB-SCT"
        )

    async def look(self) -> dict[str, Synced] | None:
        return await sync_due(self.world.core, "slack", self.sync)

    async def begins_after(self, *minutes: int) -> None:
        """A sync is begun after so many minutes, and not a minute before; then another."""
        for number in minutes:
            before = len(self.begun)
            self.world.clock.move_by(minutes=number - 1)
            await self.look()
            assert len(self.begun) == before, number
            self.world.clock.move_by(minutes=1)
            await self.look()
            assert len(self.begun) == before + 1, number

    async def is_due(self) -> bool:
        before = len(self.begun)
        await self.look()
        return len(self.begun) > before


@pytest.fixture
async def syncing(world: World) -> Syncing:
    await install_workspace(world.core, SLACK, "slack")
    await world.import_lines(team_of(3))
    return Syncing(world)


async def test_a_new_workspace_is_read_at_once_and_then_every_six_hours(syncing: Syncing) -> None:
    await syncing.look()
    assert syncing.begun == [SLACK]
    await syncing.begins_after(360, 360)


async def test_after_a_failure_it_is_tried_again_after_1_5_and_15_minutes(
    syncing: Syncing,
) -> None:
    syncing.directory.failure = PlatformError("it is away")
    await syncing.look()
    await syncing.begins_after(1, 5, 15, 360)
    syncing.directory.failure = None
    await syncing.begins_after(360)
    syncing.directory.failure = PlatformError("it is away")
    await syncing.begins_after(360, 1)


async def test_one_that_answers_with_nobody_is_tried_again_too(syncing: Syncing) -> None:
    syncing.directory.people = []
    await syncing.look()
    await syncing.begins_after(1)


async def test_one_that_was_killed_while_it_read_is_tried_again(syncing: Syncing) -> None:
    reading = asyncio.Event()

    async def for_ever() -> None:
        reading.set()
        await asyncio.Event().wait()

    syncing.directory.meanwhile = for_ever
    task = asyncio.create_task(syncing.look())
    async with asyncio.timeout(LONG_ENOUGH_S):
        await reading.wait()
    task.cancel()
    await asyncio.wait([task])
    syncing.directory.meanwhile = None
    await syncing.begins_after(1)


@pytest.mark.parametrize("error", [PlatformError("hush"), RuntimeError("hush"), KeyError("hush")])
async def test_whatever_goes_wrong_in_one_workspace_the_others_go_on(
    syncing: Syncing, error: Exception
) -> None:
    await install_workspace(syncing.world.core, SECOND, "slack")

    async def sync(workspace_id: str) -> Synced:
        if workspace_id == SLACK:
            raise error
        return await syncing.sync(workspace_id)

    with printing() as printed:
        done = await sync_due(syncing.world.core, "slack", sync)
    assert list(done or ()) == [SECOND]
    assert type(error).__name__ in printed.getvalue()
    assert "hush" not in printed.getvalue()


# --- who asks ------------------------------------------------------------------------------


async def reimport(world: World) -> None:
    await world.import_lines(team_of(3))


async def ask(world: World) -> None:
    await ask_for_syncs(world.core)


async def ask_for_one(world: World) -> None:
    await ask_for_syncs(world.core, SLACK)


async def remove_and_install(world: World) -> None:
    await uninstall_workspace(world.core, SLACK)
    await install_workspace(world.core, SLACK, "slack")


ASKING = pytest.mark.parametrize("asks", [reimport, ask, ask_for_one, remove_and_install])


@ASKING
async def test_whoever_asks_need_not_wait(
    syncing: Syncing, database_url: str, asks: Callable[[World], Awaitable[None]]
) -> None:
    """Another process asks, and knows nothing of the bot that is running."""
    await syncing.look()
    database = Database(database_url)
    other = replace(syncing.world, core=replace(syncing.world.core, database=database))
    await asks(other)
    await database.close()
    assert await syncing.is_due()


@ASKING
async def test_what_is_asked_for_while_one_reads_is_not_forgotten(
    syncing: Syncing, asks: Callable[[World], Awaitable[None]]
) -> None:
    syncing.directory.meanwhile = lambda: asks(syncing.world)
    await syncing.look()
    syncing.directory.meanwhile = None
    assert await syncing.is_due()
    assert not await syncing.is_due()


async def test_after_an_import_people_have_accounts_without_anybodys_doing(
    syncing: Syncing,
) -> None:
    syncing.directory.people = [member("boss"), member("boss-9")]
    await syncing.look()
    await syncing.world.import_lines(team_of(9))
    await syncing.look()
    found = await rows_of(syncing.world.core, "account")
    assert {row["external_id"] for row in found if row["workspace_id"] == SLACK} == {
        "U-BOSS",
        "U-BOSS-9",
    }


# --- one at a time -------------------------------------------------------------------------


async def test_two_processes_never_read_at_once(syncing: Syncing, database_url: str) -> None:
    database = Database(database_url)
    world = replace(syncing.world, core=replace(syncing.world.core, database=database))
    other = Syncing(world)

    async def meanwhile() -> None:
        assert await other.look() is None
        assert await sync_all(world.core, "slack", other.sync) is None

    syncing.directory.meanwhile = meanwhile
    assert list(await syncing.look() or ()) == [SLACK]
    assert other.begun == []
    assert list(await other.look() or ()) == [SLACK], "it had asked for all"
    await database.close()


async def test_all_are_read_also_if_none_is_due(syncing: Syncing) -> None:
    await syncing.look()
    assert list(await sync_all(syncing.world.core, "slack", syncing.sync) or ()) == [SLACK]
    await syncing.begins_after(360)


# --- what was wrong ------------------------------------------------------------------------


async def test_what_was_wrong_is_kept_until_the_next_reading(syncing: Syncing) -> None:
    syncing.directory.people = [member("boss", email="")]
    await syncing.look()
    (row,) = await rows_of(syncing.world.core, "directorysync")
    assert row["problems"] == ["No email address shows in the directory: may the bot see them?"]
    assert row["read_at"] == syncing.world.clock.now()
    syncing.directory.people = [member("boss")]
    syncing.world.clock.move_by(minutes=360)
    await syncing.look()
    (row,) = await rows_of(syncing.world.core, "directorysync")
    assert row["problems"] == []


async def test_a_failure_takes_nothing_back_of_what_was_wrong(syncing: Syncing) -> None:
    syncing.directory.people = [member("boss", email="")]
    await syncing.look()
    before = await rows_of(syncing.world.core, "directorysync")
    syncing.directory.failure = PlatformError("it is away")
    syncing.world.clock.move_by(minutes=360)
    await syncing.look()
    (row,), (was,) = await rows_of(syncing.world.core, "directorysync"), before
    assert (row["problems"], row["read_at"]) == (was["problems"], was["read_at"])
    assert row["due_at"] == syncing.world.clock.now() + timedelta(minutes=1)
