"""The fault suite in short: `make faults` does the same for half an hour."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.faults import kinds
from benchmarks.faults.rows import Kind, Outcome, Row, run
from benchmarks.faults.stage import Database, Stage
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.slow

PEOPLE = 90
SEED = 1


def _a_bad_day(stage: Stage, kills: int) -> None:
    """Replies lost, connections cut, kills, and on PostgreSQL a crash of the database."""
    kinds.everything(stage, kills)


def _a_bad_day_and_a_pause(stage: Stage, kills: int) -> None:
    """The same; on the next day a replica is paused until it has been replaced."""
    kinds.everything(stage, kills)
    stage.make_good()
    stage.settle()
    kinds.pause(stage, 1)


async def test_whatever_happens_nobody_is_missed_and_nobody_written_to_twice(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    async def outcome(
        database: Database, replicas: int, disturb: kinds.Disturb, kills: int
    ) -> Outcome:
        row = Row(Kind("a bad day", disturb), database, replicas, kills)
        return await asyncio.to_thread(run, row, PEOPLE, SEED, tmp_path / database, postgres)

    for lived in await asyncio.gather(
        outcome("sqlite", 1, _a_bad_day, 5),
        outcome("postgresql", 2, _a_bad_day_and_a_pause, 6),
    ):
        assert lived.wrong.counts == dict.fromkeys(lived.wrong.counts, 0)
        assert lived.is_good, lived.stopped_because
        # The faults weren't all in vain.
        assert lived.kills_with_something_in_hand > 0
        assert lived.looked_up > 0
