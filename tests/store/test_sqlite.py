"""What SQLite promises beyond what both databases do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.store.database import Database
from bot.store.tables import Organisation

LONG_ENOUGH = 10


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    await opened.close()


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


async def add_a_letter(database: Database, letter: str) -> None:
    """Read, think, then write: what goes wrong without a lock from the beginning."""
    async with database.writing() as session:
        organisation = await session.get_one(Organisation, 1)
        name = organisation.name
        await asyncio.sleep(0.01)
        organisation.name = name + letter


@pytest.mark.parametrize("processes", [1, 2])
async def test_writers_at_the_same_time_all_succeed_one_after_the_other(
    sqlite_url: str, processes: int
) -> None:
    async with AsyncExitStack() as stack:
        databases = [Database(sqlite_url) for _ in range(processes)]
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
