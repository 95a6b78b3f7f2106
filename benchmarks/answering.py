"""One answer's cost: the collecting side's keys, a marker, a sealed box, and the row in the inbox.

The peer seals as many boxes with the bare HPKE of `cryptography`, under a key that it has in
memory, and puts each in by a bare INSERT on a connection that stays open, committed as durably.
What ours adds: it fetches the keys for each answer and keeps none (on PostgreSQL it unwraps one and
verifies the other's signature), makes the marker, and on SQLite opens the inbox's file and sets
back its time.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Final

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.measure import compare, timed
from benchmarks.report import Row, row_of
from benchmarks.world import TUESDAY_TEN, core_at, settle_people
from bot.domain.sealed_answer import marker, marker_key_id, seal
from bot.store.inbox_files import PRAGMAS
from bot.usecases.core import Core
from bot.usecases.plan import plan
from tests.support.keys import in_tables

ANSWERS, QUICK = 500, 50
PEOPLE, SECONDS = 50, 20.0
ROUND: Final = f"pulse-{TUESDAY_TEN.date().isoformat()}"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

Insert = Callable[[bytes, bytes], object]


async def answering(bench: Bench) -> list[Row]:
    answers = QUICK if bench.quick else ANSWERS
    return [await _answering(bench, database, answers) for database in bench.databases]


async def _answering(bench: Bench, database: DatabaseName, answers: int) -> Row:
    place = bench.place("answering", database)
    async with core_at(place, TUESDAY_TEN) as opened:
        core = opened
        if database == "PostgreSQL":
            collecting, tallying = in_tables(opened.database)
            core = replace(opened, collecting_keys=collecting, tallying_keys=tallying)
        await settle_people(core, PEOPLE, TUESDAY_TEN - timedelta(minutes=5))
        await plan(core, TUESDAY_TEN)

        async def ours() -> float:
            async with timed() as watch:
                for number in range(answers):
                    await _answer(core, f"{secrets.randbits(64)}-{number}")
            return watch.seconds / answers * 1000

        async def peer() -> float:
            return await (_on_sqlite if database == "SQLite" else _on_postgres)(place, answers)

        runs = await compare(bench.turns, SECONDS, ours, peer)
    return row_of(
        f"One sealed answer on {database}",
        "ms",
        runs,
        against="a bare HPKE seal and a bare INSERT",
    )


async def _answer(core: Core, person_id: str) -> None:
    keys = await core.collecting_keys.collecting(ROUND)
    mark, key_id = marker(keys.marker_key, ROUND, person_id), marker_key_id(keys.marker_key, ROUND)
    await core.inbox.put(ROUND, mark, seal(keys.public_key, ROUND, mark, 0, [3, 4], key_id=key_id))


async def _on_sqlite(place: Place, answers: int) -> float:
    with closing(sqlite3.connect(place.directory / "bare.db", isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("CREATE TABLE IF NOT EXISTS bare (marker BLOB PRIMARY KEY, box BLOB)")
        return await _bare(
            answers, lambda *row: connection.execute("INSERT INTO bare VALUES (?, ?)", row)
        )


async def _on_postgres(place: Place, answers: int) -> float:
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(
            "CREATE UNLOGGED TABLE IF NOT EXISTS bare (marker bytea PRIMARY KEY, box bytea)"
        )
        return await _bare(
            answers, lambda *row: connection.execute("INSERT INTO bare VALUES (%s, %s)", row)
        )


async def _bare(answers: int, insert: Insert) -> float:
    """Milliseconds for each answer."""
    public_key = X25519PrivateKey.generate().public_key()
    async with timed() as watch:
        for _ in range(answers):
            mark = secrets.token_bytes(32)
            insert(mark, _SUITE.encrypt(bytes(32), public_key, info=mark))
    return watch.seconds / answers * 1000
