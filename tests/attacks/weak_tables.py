"""Weak designs that keep plain answers under random-looking ids, as other products do.

Nobody but the program knows which id is whose, and that isn't enough.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from re import compile as pattern

import psycopg

from tests.attacks import postgres_copies
from tests.attacks.haul import Haul, Knowledge, copy_files, sqlite_rows, times_of, whole
from tests.attacks.verdict import POSTGRESQL, SQLITE
from tests.support.postgres import PostgresServer

FILE = "answers.db"
# An id and a value; PostgreSQL writes a short text's length before it.
PLAIN = Knowledge(
    pattern(rb"([0-9a-f]{32})\x05?([1-5])"), pattern(rb"([0-9a-f]{32})\t([1-5])"), "answers", FILE
)
ORDINARY = "CREATE TABLE answers (id TEXT PRIMARY KEY, answer TEXT)"
KEYED = f"{ORDINARY} WITHOUT ROWID"
TOOK_PART = "CREATE TABLE took_part (person TEXT PRIMARY KEY)"
ROSTER = "CREATE TABLE roster (person TEXT PRIMARY KEY)"
PUT = (
    "INSERT INTO answers VALUES ({0}, {0}) ON CONFLICT (id) DO UPDATE SET answer = excluded.answer"
)
WITHDRAW = "DELETE FROM answers WHERE id = {0}"
TAKE_PART = "INSERT INTO took_part VALUES ({0}) ON CONFLICT (person) DO NOTHING"
ENROL = "INSERT INTO roster VALUES ({0})"


@dataclass(slots=True)
class RandomIds:
    """Which id is whose: in memory, for as long as the round is open."""

    count: int
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    people: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self.people = [f"person-{number:04}-on-the-roster" for number in range(self.count)]

    def of(self, person: int) -> str:
        return hmac.digest(self.secret, self.people[person].encode(), "md5").hex()

    def places(self) -> Mapping[int, bytes]:
        return {person: self.of(person).encode() for person in range(self.count)}


@dataclass(slots=True)
class PlainOnSqlite:
    """Plain answers in an SQLite file. `joint`: who took part is written with the answer."""

    directory: Path
    ids: RandomIds
    connection: sqlite3.Connection
    joint: bool
    name: str = "plain answers"
    database: str = SQLITE
    knowledge: Knowledge = PLAIN

    @property
    def people(self) -> Sequence[str]:
        return self.ids.people

    async def answer(self, person: int, value: int) -> None:
        with self.connection:
            self.connection.execute(PUT.format("?"), (self.ids.of(person), str(value)))
            if self.joint:
                self.connection.execute(TAKE_PART.format("?"), (self.people[person],))

    async def withdraw(self, person: int) -> None:
        with self.connection:
            self.connection.execute(WITHDRAW.format("?"), (self.ids.of(person),))

    async def tick(self) -> None: ...

    async def close(self) -> None: ...

    async def copy(self) -> Haul:
        files = copy_files(self.directory, {})
        return Haul(files, sqlite_rows(files, PLAIN), times=times_of(self.directory))

    async def copy_all(self) -> Haul:
        return await self.copy()

    async def back_up(self) -> Mapping[str, bytes]:
        return {"backup": whole(self.connection)}

    async def places(self) -> Mapping[int, bytes]:
        return self.ids.places()

    async def keys_of_the_round(self) -> Collection[bytes]:
        return set()


@contextmanager
def plain_on_sqlite(
    directory: Path,
    people: int,
    *,
    table: str,
    journal: str,
    secure_delete: bool,
    joint: bool,
) -> Iterator[PlainOnSqlite]:
    ids = RandomIds(people)
    with closing(sqlite3.connect(directory / FILE)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute(f"PRAGMA secure_delete={'ON' if secure_delete else 'OFF'}")
        with connection:
            for statement in (table, TOOK_PART, ROSTER):
                connection.execute(statement)
            connection.executemany(ENROL.format("?"), [(person,) for person in ids.people])
        yield PlainOnSqlite(directory, ids, connection, joint)


@dataclass(slots=True)
class PlainOnPostgresql:
    """Plain answers in an ordinary table of PostgreSQL, and with each who took part."""

    server: PostgresServer
    url: str
    ids: RandomIds
    connection: psycopg.Connection
    name: str = "an ordinary table"
    database: str = POSTGRESQL
    knowledge: Knowledge = PLAIN

    @property
    def people(self) -> Sequence[str]:
        return self.ids.people

    async def answer(self, person: int, value: int) -> None:
        with self.connection.transaction():
            self.connection.execute(PUT.format("%s"), (self.ids.of(person), str(value)))
            self.connection.execute(TAKE_PART.format("%s"), (self.people[person],))

    async def withdraw(self, person: int) -> None:
        self.connection.execute(WITHDRAW.format("%s"), (self.ids.of(person),))

    async def tick(self) -> None: ...

    async def close(self) -> None: ...

    async def copy(self) -> Haul:
        return Haul({}, postgres_copies.rows_of(self.url, PLAIN.table))

    async def copy_all(self) -> Haul:
        return Haul(
            postgres_copies.data_files(self.server, self.url, {}),
            postgres_copies.rows_of(self.url, PLAIN.table),
            records=postgres_copies.records_of(self.url, PLAIN.table),
        )

    async def back_up(self) -> Mapping[str, bytes]:
        return postgres_copies.dumps_and_backups(self.server, self.url)

    async def places(self) -> Mapping[int, bytes]:
        return self.ids.places()

    async def keys_of_the_round(self) -> Collection[bytes]:
        return set()


@contextmanager
def plain_on_postgresql(
    server: PostgresServer, url: str, people: int
) -> Iterator[PlainOnPostgresql]:
    ids = RandomIds(people)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (ORDINARY, TOOK_PART, ROSTER):
            connection.execute(statement)
        for person in ids.people:
            connection.execute(ENROL.format("%s"), (person,))
        yield PlainOnPostgresql(server, url, ids, connection)
