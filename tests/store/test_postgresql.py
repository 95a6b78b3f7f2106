"""What PostgreSQL promises beyond what both databases do."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store.database import Database, Lock, hold, plain_address

LONG_ENOUGH = 20


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.mark.parametrize(
    ("setting", "reading", "writing"),
    [
        ("transaction_isolation", "repeatable read", "read committed"),
        ("transaction_read_only", "on", "off"),
        ("timezone", "UTC", "UTC"),
        ("idle_in_transaction_session_timeout", "2min", "2min"),
    ],
)
async def test_every_transaction_keeps_what_was_promised(
    database: Database, setting: str, reading: str, writing: str
) -> None:
    async with database.reading() as session:
        assert await session.scalar(text(f"SHOW {setting}")) == reading
    async with database.writing() as session:
        assert await session.scalar(text(f"SHOW {setting}")) == writing


async def test_who_was_alone_and_lost_their_connection_is_alone_no_more(
    databases: tuple[Database, Database],
) -> None:
    mine, others = databases

    async def lose_it() -> None:
        async with asyncio.timeout(LONG_ENOUGH), mine.alone(Lock.CLOSING):
            cut_off_everybody(mine)
            async with others.alone(Lock.CLOSING) as alone:
                outcomes.append(alone)

    outcomes: list[bool] = []
    with pytest.raises(DBAPIError):
        await lose_it()
    assert outcomes == [True]


async def test_a_lock_is_given_back_at_the_end_of_the_transaction(
    databases: tuple[Database, Database],
) -> None:
    mine, others = databases
    got: list[str] = []

    async def wait_for_it() -> None:
        async with others.writing() as session:
            await hold(session, Lock.PLANNING)
            got.append("others")

    async with asyncio.timeout(LONG_ENOUGH):
        async with mine.writing() as session:
            await hold(session, Lock.PLANNING)
            waiting = asyncio.create_task(wait_for_it())
            await somebody_waits_for_a_lock(mine)
            got.append("mine")
        await waiting
    assert got == ["mine", "others"]


async def test_a_session_after_a_restart_of_the_server_finds_it_again(database: Database) -> None:
    async with database.reading() as session:
        await session.scalar(text("SELECT 1"))
    cut_off_everybody(database)
    async with database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


def cut_off_everybody(database: Database) -> None:
    with psycopg.connect(plain_address(database.url), connect_timeout=5) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def somebody_waits_for_a_lock(database: Database) -> None:
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while True:
        async with database.reading() as session:
            if await session.scalar(query):
                return
        await asyncio.sleep(0.01)
