from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.store.tables import Account, Organisation, Workspace

LONG_ENOUGH = 10


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the present schema, made once and copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "wellbeing.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(empty: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(empty, tmp_path)}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.close()


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(Workspace.id).order_by(Workspace.id)))


async def write_and_fail(database: Database) -> None:
    async with database.writing() as session:
        session.add(Workspace(id="w1", platform="slack"))
        await session.flush()
        raise RuntimeError("half way")


async def test_a_writing_session_commits_at_its_end(database: Database) -> None:
    async with database.writing() as session:
        session.add(Workspace(id="w1", platform="slack"))
    assert await names(database) == ["w1"]


async def test_a_writing_session_rolls_back_on_an_error(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        await write_and_fail(database)
    assert await names(database) == []


async def test_after_an_error_the_next_session_can_write(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await write_and_fail(database)
    async with asyncio.timeout(LONG_ENOUGH), database.writing() as session:
        session.add(Workspace(id="w2", platform="slack"))
    assert await names(database) == ["w2"]


async def test_a_reading_session_changes_nothing(database: Database) -> None:
    async with database.reading() as session:
        session.add(Workspace(id="w1", platform="slack"))
        await session.flush()
    assert await names(database) == []


async def test_a_reading_session_sees_one_state_while_others_write(database: Database) -> None:
    counted = select(func.count()).select_from(Workspace)
    async with database.reading() as session:
        before = await session.scalar(counted)
        async with database.writing() as other:
            other.add(Workspace(id="w1", platform="slack"))
        after = await session.scalar(counted)
    assert (before, after) == (0, 0)
    assert await names(database) == ["w1"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", 2), ("foreign_keys", 1), ("journal_mode", "wal"), ("busy_timeout", 10_000)],
)
@pytest.mark.parametrize("kind", ["reading", "writing"])
async def test_every_connection_keeps_what_was_promised(
    database: Database, kind: str, pragma: str, value: object
) -> None:
    opens = database.reading if kind == "reading" else database.writing
    async with opens() as session:
        assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(Account(person_id="nobody", workspace_id="nowhere", external_id="x"))


async def add_a_letter(database: Database, letter: str) -> None:
    """Read, think, then write: what goes wrong without a lock from the beginning."""
    async with database.writing() as session:
        organisation = await session.get_one(Organisation, 1)
        name = organisation.name
        await asyncio.sleep(0.01)
        organisation.name = name + letter


@pytest.mark.parametrize("processes", [1, 2])
async def test_writers_at_the_same_time_all_succeed_one_after_the_other(
    url: str, processes: int
) -> None:
    async with AsyncExitStack() as stack:
        databases = [Database(url) for _ in range(processes)]
        for database in databases:
            stack.push_async_callback(database.close)
        async with databases[0].writing() as session:
            session.add(Organisation(name=""))
        async with asyncio.timeout(LONG_ENOUGH), asyncio.TaskGroup() as group:
            for number, letter in enumerate("abcdef"):
                group.create_task(add_a_letter(databases[number % processes], letter))
        async with databases[0].reading() as session:
            name = await session.scalar(select(Organisation.name))
    assert sorted(name or "") == list("abcdef")
