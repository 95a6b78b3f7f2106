"""Closing a round of sealed answers.

The peer opens the same boxes with the bare HPKE of `cryptography`, from memory, and forgets what
was in them. That can't be saved; reading the inbox, counting, publishing and destroying the keys
is what ours adds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing as closed
from datetime import timedelta

import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from psycopg import sql
from sqlalchemy import select
from sqlmodel import col

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.measure import compare, timed
from benchmarks.report import Row, row_of
from benchmarks.world import FRIDAY_TEN, TUESDAY_TEN, core_at, settle_people
from bot.domain.sealed_answer import marker, marker_key_id, seal
from bot.store.inbox_tables import PREFIX
from bot.store.tables import Person, Publication, Round, RoundBlock, Team
from bot.usecases.close_rounds import close_rounds
from bot.usecases.core import Core
from bot.usecases.plan import plan

ANSWERS, QUICK = 100_000, 3_000
TURNS, SECONDS = 2, 60.0
ROUND = f"pulse-{TUESDAY_TEN.date().isoformat()}"

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

Boxes = Sequence[tuple[bytes, bytes]]


async def closing(bench: Bench) -> list[Row]:
    answers = QUICK if bench.quick else ANSWERS
    return [await _closing(bench, database, answers) for database in bench.databases]


async def _closing(bench: Bench, database: DatabaseName, answers: int) -> Row:
    template = bench.place("closing", database)
    async with core_at(template, TUESDAY_TEN) as core:
        await settle_people(core, answers, TUESDAY_TEN - timedelta(minutes=5))
        await plan(core, TUESDAY_TEN)
        _keep(template, list(await _answers(core)))
        boxes = await core.inbox.boxes(ROUND)
        tallying = await core.tallying_keys.tallying(ROUND)
        key = X25519PrivateKey.from_private_bytes(tallying.private_key)
    assert len(boxes) == answers
    outcomes: set[tuple[str, str | None]] = set()

    async def ours() -> float:
        with bench.copy_of(template) as copy:
            async with core_at(copy, FRIDAY_TEN) as core:
                async with timed() as watch:
                    await close_rounds(core, FRIDAY_TEN)
                outcomes.update(await _outcomes(core))
        return watch.seconds

    async def peer() -> float:
        async with timed() as watch:
            _open(key, boxes)
        return watch.seconds

    runs = await compare(min(TURNS, bench.turns), SECONDS, ours, peer)
    return row_of(
        f"Closing a round of {answers:,} answers on {database}",
        "s",
        runs,
        against="bare HPKE opening of the same boxes",
        goal="< 1.5",
        mind="" if outcomes == {("finished", "published")} else f"it ended as {outcomes}",
    )


async def _answers(core: Core) -> Iterator[tuple[bytes, bytes]]:
    """A marker and a box for each person, made as the collecting side makes them."""
    keys = await core.collecting_keys.collecting(ROUND)
    key_id = marker_key_id(keys.marker_key, ROUND)
    people = (
        select(col(Person.id), col(RoundBlock.position))
        .join(Team, col(Team.id) == col(Person.team_id))
        .join(RoundBlock, col(RoundBlock.block_id) == col(Team.block_id))
        .where(col(RoundBlock.round_id) == ROUND)
    )
    async with core.database.reading() as session:
        found = (await session.execute(people)).all()
    marked = ((marker(keys.marker_key, ROUND, row[0]), row[1]) for row in found)
    return (
        (
            mark,
            seal(
                keys.public_key,
                ROUND,
                mark,
                position,
                (number % 5 + 1, number % 4 + 1),
                key_id=key_id,
            ),
        )
        for number, (mark, position) in enumerate(marked)
    )


def _keep(place: Place, boxes: Boxes) -> None:
    """Fill the inbox in one transaction: putting boxes in one by one isn't what is measured."""
    if place.database == "SQLite":
        inbox = place.directory / "inbox" / f"{ROUND}.inbox"
        with closed(sqlite3.connect(inbox)) as connection, connection:
            connection.executemany("INSERT INTO sealed (marker, box) VALUES (?, ?)", boxes)
        return
    statement = sql.SQL("COPY {} (marker, box) FROM STDIN").format(sql.Identifier(PREFIX + ROUND))
    with psycopg.connect(place.url) as psql, psql.cursor().copy(statement) as copy:
        for row in boxes:
            copy.write_row(row)


def _open(key: X25519PrivateKey, boxes: Boxes) -> None:
    round_id = ROUND.encode()
    prefix = len(round_id).to_bytes(4, "big") + round_id
    for mark, box in boxes:
        _SUITE.decrypt(box, key, info=prefix + mark)


async def _outcomes(core: Core) -> set[tuple[str, str | None]]:
    """How the round ended, for each of its blocks and questions."""
    query = (
        select(col(Round.state), col(Publication.outcome))
        .outerjoin(Publication, col(Publication.round_id) == col(Round.id))
        .distinct()
    )
    async with core.database.reading() as session:
        return {(row[0], row[1]) for row in await session.execute(query)}
