"""A pulse with a web and a worker process that share a database and no key."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.playground import PlaygroundClock, PlaygroundStore
from adapters.playground.clock import real_time
from bot.domain.wrapped_keys import Signing, new_secret
from tests.acceptance.bot_process import LONG_AGO, SUNDAY, Page
from tests.acceptance.townsfolk import answer_the_pulse, everybody_opts_in
from tests.support.postgres import PostgresServer
from tests.support.processes import READY_WITHIN_S, Process, processes

# Two processes that wait for each other need their time on a machine that is busy.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
WITHIN_S = 40.0
TALLYING = new_secret()
WEB = {
    "WELLBEING_COLLECTING_SECRET": new_secret(),
    "WELLBEING_TALLYING_PUBLIC": Signing(TALLYING).public,
}
WORKER = {"WELLBEING_TALLYING_SECRET": TALLYING}
ROUND_TABLES = "SELECT relname FROM pg_class WHERE relname LIKE 'keys:%' OR relname LIKE 'sealed:%'"


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


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        return connection.execute(query).fetchall()


def state(url: str) -> str:
    return str(rows(url, "SELECT state FROM round")[0][0])


async def until(holds: Callable[[], bool], what: str) -> None:
    last = time.monotonic() + WITHIN_S
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < last, f"not in {WITHIN_S:g} s: {what}"
        await asyncio.sleep(0.01)


def in_the_middle(_number: int, values: Sequence[str]) -> str:
    return values[len(values) // 2]


async def test_a_pulse_is_published_once_though_its_worker_is_killed_while_it_closes(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.create("web_and_worker_apart")
    with processes(url, tmp_path, tick_seconds=0.3) as bot:
        await begin_on_a_sunday(bot.data)
        web = bot.start("--role", "web", "--example", **WEB)
        async with page_of(web) as page:
            worker = bot.start("--role", "worker", **WORKER)
            await worker.ready()
            await everybody_opts_in(page)
            await page.move_until(TUESDAY_AT_TEN)
            replies = await answer_the_pulse(page, await page.people(), in_the_middle)
            tables = {name for (name,) in rows(url, ROUND_TABLES)}
            closing = asyncio.create_task(page.set_off("friday"))
            await until(lambda: state(url) != "open", "the round closes")
            await worker.end(signal.SIGKILL)
            left = state(url)
            replaced = bot.start("--role", "worker", **WORKER)
            await replaced.ready()
            await until(lambda: state(url) == "finished", "the round is finished")
            await closing
        ended = [await process.end(signal.SIGTERM) for process in (web, replaced)]

    assert len(replies) > 20
    assert {reply["notice"]["summary"] for reply in replies} == {replies[0]["notice"]["summary"]}
    assert {name.partition(":")[0] for name in tables} == {"keys", "sealed"}
    assert left != "finished", "the kill came too late"
    published = rows(url, "SELECT round_id, block_id, question_id, outcome FROM publication")
    assert len({row[:3] for row in published}) == len(published)
    assert {row[3] for row in published} == {"published", "rests"}
    assert rows(url, "SELECT unpublished_because FROM round") == [("",)]
    assert rows(url, ROUND_TABLES) == []
    assert not (bot.data / "keys").exists()
    assert ended == [0, 0]
    secrets = {*WEB.values(), *WORKER.values()}
    assert not [name for name in secrets if any(name in one.printed for one in bot.started)]


async def test_a_process_with_a_wrong_secret_does_not_start_while_a_round_is_open(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.create("wrong_secrets")
    with processes(url, tmp_path, tick_seconds=0.3) as bot:
        await begin_on_a_sunday(bot.data)
        web = bot.start("--role", "web", "--example", **WEB)
        async with page_of(web) as page:
            worker = bot.start("--role", "worker", **WORKER)
            await worker.ready()
            await everybody_opts_in(page)
            await page.move_until(TUESDAY_AT_TEN)
            await until(lambda: _has_marker_key(url), "the web process is ready to collect")
        others = [
            bot.start("--role", "worker", WELLBEING_TALLYING_SECRET=new_secret()),
            bot.start("--role", "web", **{**WEB, "WELLBEING_COLLECTING_SECRET": new_secret()}),
            bot.start(
                "--role",
                "web",
                **{**WEB, "WELLBEING_TALLYING_PUBLIC": Signing(new_secret()).public},
            ),
        ]
        statuses = [await asyncio.to_thread(one.child.wait, READY_WITHIN_S) for one in others]
        await worker.end(signal.SIGTERM)
        again = bot.start("--role", "worker", **WORKER)
        await again.ready()

    assert statuses == [1, 1, 1]
    assert "another secret than WELLBEING_TALLYING_SECRET" in others[0].printed
    assert "another secret than WELLBEING_COLLECTING_SECRET" in others[1].printed
    assert "WELLBEING_TALLYING_PUBLIC" in others[2].printed
    assert [one.printed.count("\n") for one in others] == [1, 1, 1]


def _has_marker_key(url: str) -> bool:
    [(table,)] = rows(url, "SELECT relname FROM pg_class WHERE relname LIKE 'keys:%'")
    return rows(url, f'SELECT marker_key IS NOT NULL FROM "{table}"') == [(True,)]  # noqa: S608
