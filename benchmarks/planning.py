"""Planning one firing for everybody.

The peer is one `INSERT … SELECT` in SQLite itself, which writes the same rows to the same table
with the same indexes and the same durability, and nobody's working time is looked at. That is the
least that the rows can cost.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import compare, timed
from benchmarks.peers import DURABLE, stored
from benchmarks.report import Row, row_of
from benchmarks.world import DATABASE, MONDAY_TEN, copy_of, core_at, settle_people
from bot.usecases.plan import plan

PEOPLE = 10_000
TURNS, SECONDS = 3, 12.0

_OCCURRENCE = (
    "INSERT INTO occurrence (id, programme_id, zone, local_at, due_at, expires_at, was_skipped)"
    " VALUES ('occurrence', 'check-in-weekly', 'Europe/London', '2026-11-23T10:00', ?, ?, 0)"
)
_DELIVERIES = """
INSERT INTO delivery (id, occurrence_id, workspace_id, recipient, person_id, turn, due_at,
                      expires_at, state, reason, epoch)
SELECT lower(hex(randomblob(16))), occurrence.id, account.workspace_id, 'person:' || person.id,
       person.id, 0, occurrence.due_at, occurrence.expires_at, 'planned', '', 0
FROM person JOIN account ON account.person_id = person.id, occurrence
WHERE person.is_active AND person.zone = occurrence.zone AND person.check_ins = 'weekly'
"""


async def planning(directory: Path) -> list[Row]:
    template = directory / "planning"
    async with core_at(template, MONDAY_TEN) as core:
        await settle_people(core, PEOPLE, MONDAY_TEN - timedelta(minutes=5))
    written: set[int] = set()

    async def ours() -> float:
        with copy_of(template) as copy:
            async with core_at(copy, MONDAY_TEN) as core, timed() as watch:
                await plan(core, MONDAY_TEN)
            written.add(_planned(copy))
        return watch.seconds

    async def peer() -> float:
        with copy_of(template) as copy:
            async with timed() as watch:
                _insert_select(copy / DATABASE)
            assert _planned(copy) == PEOPLE
        return watch.seconds

    runs = await compare(TURNS, SECONDS, ours, peer)
    missing = PEOPLE - min(written)
    return [
        row_of(
            f"Planning {PEOPLE:,} deliveries",
            "s",
            runs,
            against="a raw INSERT … SELECT of the same rows",
            goal="< 3 (at 100,000)",
            mind=f"{missing} of {PEOPLE:,} people were left out" if missing else "",
        )
    ]


def _insert_select(file: Path) -> None:
    """The same transaction in raw SQLite."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for pragma in DURABLE:
            connection.execute(pragma)
        expires_at = MONDAY_TEN + timedelta(hours=28)
        connection.execute(_OCCURRENCE, (stored(MONDAY_TEN), stored(expires_at)))
        connection.execute(_DELIVERIES)


def _planned(directory: Path) -> int:
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        found = connection.execute("SELECT count(*) FROM delivery").fetchone()
    return int(found[0])
