"""Planning one firing for everybody, on both databases.

The peer is one `INSERT … SELECT` in the database itself, which writes the same rows to the same
table with the same indexes and the same durability, and nobody's working time is looked at. That is
the least that the rows can cost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg

from benchmarks.measure import compare, timed
from benchmarks.peers import DURABLE, stored
from benchmarks.report import Row, row_of
from benchmarks.world import DATABASE, MONDAY_TEN, copy_of, core_at, settle_people
from bot.usecases.plan import plan
from tests.support.postgres import PostgresServer, PostgresUnavailable

PEOPLE = 100_000
TURNS, SECONDS = 3, 30.0

_OCCURRENCE = (
    "INSERT INTO occurrence (id, programme_id, zone, local_at, due_at, expires_at, was_skipped)"
    " VALUES ('occurrence', 'check-in-weekly', 'Europe/London', '2026-11-23T10:00', {due},"
    " {expires}, false)"
)
_DELIVERIES = """
INSERT INTO delivery (id, occurrence_id, workspace_id, recipient, person_id, turn, due_at,
                      expires_at, state, reason, epoch, priority, losses)
SELECT {id}, occurrence.id, account.workspace_id, 'person:' || person.id, person.id, 0,
       occurrence.due_at, occurrence.expires_at, 'planned', '', 0, 2, 0
FROM person JOIN account ON account.person_id = person.id, occurrence
WHERE person.is_active AND person.zone = occurrence.zone AND person.check_ins = 'weekly'
"""
_COUNT = "SELECT count(*) FROM delivery"
EXPIRES_AT = MONDAY_TEN + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Place:
    """A database with everybody in it, for one run, and the same transaction in raw SQL.

    insert  writes the occurrence and the deliveries, and commits
    """

    directory: Path
    url: str | None
    insert: Callable[[], None]
    count: Callable[[], int]


NewPlace = Callable[[], AbstractAsyncContextManager[Place]]


async def planning(directory: Path) -> list[Row]:
    rows = []
    async with _on_sqlite(directory) as new_place:
        rows.append(await _row("SQLite", new_place))
    with suppress(PostgresUnavailable):
        async with _on_postgresql(directory) as new_place:
            rows.append(await _row("PostgreSQL", new_place))
    return rows


async def _row(database: str, new_place: NewPlace) -> Row:
    written: set[int] = set()

    async def ours() -> float:
        async with new_place() as place:
            async with (
                core_at(place.directory, MONDAY_TEN, url=place.url) as core,
                timed() as watch,
            ):
                await plan(core, MONDAY_TEN)
            written.add(place.count())
        return watch.seconds

    async def peer() -> float:
        async with new_place() as place:
            async with timed() as watch:
                place.insert()
            assert place.count() == PEOPLE
        return watch.seconds

    runs = await compare(TURNS, SECONDS, ours, peer)
    missing = PEOPLE - min(written)
    return row_of(
        f"Planning {PEOPLE:,} deliveries on {database}",
        "s",
        runs,
        against="a raw INSERT … SELECT of the same rows",
        goal="< 3",
        mind=f"{missing} of {PEOPLE:,} people were left out" if missing else "",
    )


async def _settle(directory: Path, url: str | None = None) -> None:
    async with core_at(directory, MONDAY_TEN, url=url) as core:
        await settle_people(core, PEOPLE, MONDAY_TEN - timedelta(minutes=5))


# --- SQLite --------------------------------------------------------------------------------


@asynccontextmanager
async def _on_sqlite(directory: Path) -> AsyncIterator[NewPlace]:
    template = directory / "planning"
    await _settle(template)

    @asynccontextmanager
    async def new_place() -> AsyncIterator[Place]:
        with copy_of(template) as copy:
            file = copy / DATABASE
            yield Place(copy, None, lambda: _insert_sqlite(file), lambda: _count_sqlite(file))

    yield new_place


def _insert_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for pragma in DURABLE:
            connection.execute(pragma)
        occurrence = _OCCURRENCE.format(due="?", expires="?")
        connection.execute(occurrence, (stored(MONDAY_TEN), stored(EXPIRES_AT)))
        connection.execute(_DELIVERIES.format(id="lower(hex(randomblob(16)))"))


def _count_sqlite(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(_COUNT).fetchone()[0])


# --- PostgreSQL ----------------------------------------------------------------------------


@asynccontextmanager
async def _on_postgresql(directory: Path) -> AsyncIterator[NewPlace]:
    server, numbers = PostgresServer(durable=True), count(1)
    try:
        await _settle(directory, server.create("planning"))

        @asynccontextmanager
        async def new_place() -> AsyncIterator[Place]:
            name = f"planning{next(numbers)}"
            url = server.create(name, "planning")
            _settle_down(url)
            yield Place(directory, url, lambda: _insert_psql(url), lambda: _count_psql(url))
            server.drop(name)

        yield new_place
    finally:
        server.stop()


def _settle_down(url: str) -> None:
    """Let what the server does by itself after so many rows be done before it is measured."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _insert_psql(url: str) -> None:
    with psycopg.connect(url) as connection:
        occurrence = _OCCURRENCE.format(due="%s", expires="%s")
        connection.execute(occurrence, (MONDAY_TEN, EXPIRES_AT))
        connection.execute(_DELIVERIES.format(id="replace(gen_random_uuid()::text, '-', '')"))


def _count_psql(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(_COUNT).fetchone()
        assert found is not None
        return int(found[0])
