"""Processes of both kinds on one PostgreSQL: they need no order, no introduction and no goodbye."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psycopg
import pytest

from adapters.playground import PlaygroundClock, PlaygroundStore
from adapters.playground.clock import real_time
from tests.acceptance.bot_process import LONG_AGO, SUNDAY, Page
from tests.support.postgres import PostgresServer
from tests.support.processes import ENDS_WITHIN_S, Process, processes

pytestmark = pytest.mark.slow

# A worker is taken for dead after 20 s.
HANDED_ON_WITHIN_S = 60.0
LOOKS_EVERY_S = 0.003


@asynccontextmanager
async def page_of(web: Process) -> AsyncIterator[Page]:
    page = Page(await web.ready())
    await page.connect()
    try:
        yield page
    finally:
        await page.disconnect()


async def begin_on_a_sunday(data: Path) -> None:
    store = await PlaygroundStore.open(data / "playground.db")
    try:
        await PlaygroundClock(store, -LONG_AGO, real_time).move_to(SUNDAY)
    finally:
        await store.close()


async def deliveries(url: str) -> Counter[str]:
    """How many deliveries there are in each state."""
    async with await psycopg.AsyncConnection.connect(url, connect_timeout=5) as connection:
        rows = await connection.execute("SELECT state FROM delivery")
        return Counter(state for (state,) in await rows.fetchall())


def messages(data: Path) -> Counter[tuple[str, str]]:
    """How often each delivery has arrived in each conversation."""
    with closing(sqlite3.connect(data / "playground.db", timeout=10)) as connection:
        query = "SELECT conversation, delivery_key FROM messages WHERE author = 'bot'"
        return Counter(connection.execute(query).fetchall())


async def test_three_that_start_at_once_on_an_empty_database_set_it_up_once_and_end_tidily(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.create("started_at_once")
    with processes(url, tmp_path) as bot:
        roles = ["worker", "web", "worker"]
        three = [bot.start("--role", role, "--example") for role in roles]
        async with page_of(three[1]) as page:
            people = await page.people()
            for process in three:
                await process.ready()
        ended = [await process.end(signal.SIGTERM) for process in three]

    assert len({person["name"] for person in people}) == len(people) > 50
    assert ended == [0, 0, 0]
    assert sum(process.printed.count("roster imported") for process in three) == 1
    assert [process.printed for process in three if "rror" in process.printed] == []


async def test_everybody_gets_one_message_though_a_worker_is_killed_while_it_sends(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.create("killed_while_sending")
    with processes(url, tmp_path) as bot:
        await begin_on_a_sunday(bot.data)
        web = bot.start("--role", "web", "--example")
        sends, takes_over = bot.start("--role", "worker"), bot.start("--role", "worker")
        async with page_of(web) as page:
            await asyncio.gather(sends.ready(), takes_over.ready())
            takes_over.child.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(HANDED_ON_WITHIN_S):
                monday = asyncio.create_task(page.move("day"))
                while (await deliveries(url))["claimed"] == 0:
                    assert not monday.done(), "it was over before anybody could look"
                    await asyncio.sleep(LOOKS_EVERY_S)
                await sends.end(signal.SIGKILL)
                in_hand = (await deliveries(url))["claimed"]
                takes_over.child.send_signal(signal.SIGCONT)
                await monday
            people = await page.people()
        states, arrived = await deliveries(url), messages(bot.data)
        ended = [await process.end(signal.SIGTERM) for process in (web, takes_over)]

    assert in_hand > 0, "the worker was killed with nothing in hand"
    assert states.keys() <= {"sent", "skipped"}
    assert sum(arrived.values()) == len(arrived) == states["sent"]
    reached = {f"dm:{person['id']}" for person in people} & {room for room, _ in arrived}
    assert len(reached) == len(people) - states["skipped"], "who isn't at work today is left out"
    assert ended == [0, 0]


async def test_a_database_that_is_away_at_the_start_is_told_in_one_sentence(tmp_path: Path) -> None:
    with processes(f"postgresql://postgres:secret@/nowhere?host={tmp_path}", tmp_path) as bot:
        worker = bot.start("--role", "worker")
        status = await asyncio.to_thread(worker.child.wait, ENDS_WITHIN_S)

    assert status == 1
    assert worker.printed.startswith("The database nowhere on")
    assert worker.printed.count("\n") == 1
    assert "secret" not in worker.printed
