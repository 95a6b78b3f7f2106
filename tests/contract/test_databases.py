"""What both databases promise, whoever else is at work on them."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import AsyncExitStack, suppress

import pytest
from sqlalchemy import func
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel, select

from bot.store.database import Database, Lock, hold, insert
from bot.store.tables import Account, Organisation, Workspace

LONG_ENOUGH = 10
SECRET = "nobody-may-read-this"


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return sorted(await session.scalars(select(Workspace.id)))


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
    with suppress(DBAPIError):  # PostgreSQL refuses; SQLite forgets
        async with database.reading() as session:
            session.add(Workspace(id="w1", platform="slack"))
            await session.flush()
    assert await names(database) == []


async def test_a_reading_session_sees_one_state_while_others_write(
    databases: tuple[Database, Database],
) -> None:
    mine, others = databases
    counted = select(func.count()).select_from(Workspace)
    async with mine.reading() as session:
        before = await session.scalar(counted)
        async with others.writing() as other:
            other.add(Workspace(id="w1", platform="slack"))
        after = await session.scalar(counted)
    assert (before, after) == (0, 0)
    assert await names(mine) == ["w1"]


async def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            session.add(Account(person_id="nobody", workspace_id="nowhere", external_id="x"))


async def test_the_same_row_from_two_processes_is_there_once(
    databases: tuple[Database, Database],
) -> None:
    async def add(database: Database) -> None:
        row = Workspace(id="w1", platform="slack").model_dump()
        async with database.writing() as session:
            await session.execute(insert(session, Workspace).values(row).on_conflict_do_nothing())

    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(*(add(database) for database in databases * 3))
    assert await names(databases[0]) == ["w1"]


async def test_an_error_names_no_value_that_was_being_written(database: Database) -> None:
    twice = [Workspace(id=SECRET, platform="slack").model_dump()] * 2
    refused: list[tuple[type[SQLModel], list[dict[str, object]]]] = [
        (Workspace, twice),
        (Account, [{"person_id": SECRET, "workspace_id": SECRET, "external_id": SECRET}]),
        (Workspace, [{"id": SECRET, "platform": None, "pace": 1.0}]),
    ]
    for table, rows in refused:
        with pytest.raises(IntegrityError) as caught:
            async with database.writing() as session:
                await session.execute(insert(session, table), rows)
        said = "".join(traceback.format_exception(caught.value)) + repr(caught.value.orig)
        assert SECRET not in said


# --- locks ---------------------------------------------------------------------------------


async def add_a_letter(database: Database, letter: str) -> None:
    """Read, think, then write: what goes wrong without a lock from the beginning."""
    async with database.writing() as session:
        await hold(session, Lock.PLANNING)
        organisation = await session.get_one(Organisation, 1)
        name = organisation.name
        await asyncio.sleep(0.01)
        organisation.name = name + letter


async def test_who_holds_a_lock_while_writing_loses_nobodys_change(
    databases: tuple[Database, Database],
) -> None:
    async with databases[0].writing() as session:
        session.add(Organisation(name=""))
    async with asyncio.timeout(LONG_ENOUGH), asyncio.TaskGroup() as group:
        for number, letter in enumerate("abcdef"):
            group.create_task(add_a_letter(databases[number % 2], letter))
    async with databases[1].reading() as session:
        name = await session.scalar(select(Organisation.name))
    assert sorted(name or "") == list("abcdef")


async def test_only_one_task_of_a_process_is_alone(database: Database) -> None:
    async with asyncio.timeout(LONG_ENOUGH), database.alone(Lock.CLOSING) as first:
        async with database.alone(Lock.CLOSING) as second:
            pass
        async with database.alone(Lock.PLANNING) as something_else:
            pass
    assert (first, second, something_else) == (True, False, True)


async def test_only_one_process_is_alone(databases: tuple[Database, Database]) -> None:
    mine, others = databases
    async with asyncio.timeout(LONG_ENOUGH), mine.alone(Lock.CLOSING) as first:
        async with others.alone(Lock.CLOSING) as second:
            pass
        async with others.alone(Lock.PLANNING) as something_else:
            pass
    async with others.alone(Lock.CLOSING) as afterwards:
        pass
    assert (first, second, something_else, afterwards) == (True, False, True, True)


async def test_whoever_was_alone_lets_the_next_in_also_after_an_error(database: Database) -> None:
    async def fail() -> None:
        async with database.alone(Lock.CLOSING):
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        await fail()
    async with asyncio.timeout(LONG_ENOUGH), database.alone(Lock.CLOSING) as alone:
        assert alone


async def test_who_is_alone_can_write_and_hold_another_lock(database: Database) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(LONG_ENOUGH))
        await stack.enter_async_context(database.alone(Lock.CLOSING))
        session = await stack.enter_async_context(database.writing())
        await hold(session, Lock.PLANNING)
        session.add(Workspace(id="w1", platform="slack"))
    assert await names(database) == ["w1"]
