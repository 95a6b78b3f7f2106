"""Sending what is due to a platform that costs nothing.

The peer is SQLAlchemy Core with the least that a delivery needs in order not to be lost or sent
twice: a transaction that claims as many at once as ours does, and one that records the outcome
of each. It writes nothing to anybody, checks nobody's working time and logs nothing.

While it is measured, everybody else is still waiting in the queue, as on a Monday morning: a cost
that grows with the length of the queue shows.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.measure import Run, Runs, by_turns, timed
from benchmarks.peers import bare_engine, stored
from benchmarks.report import Row, row_of
from benchmarks.world import (
    DATABASE,
    MONDAY_TEN,
    MemoryMessenger,
    copy_of,
    core_at,
    settle_people,
)
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import BATCH, deliver
from bot.usecases.plan import plan

FEW, SOME, MANY = 1_000, 2_000, 5_000
SENT = 4 * BATCH
TURNS, SECONDS = 3, 20.0
LONGEST = 60.0  # seconds for one run; it fails if sending stops on the way

_CLAIM = text(
    "UPDATE delivery SET state = 'claimed', epoch = epoch + 1 WHERE id IN"
    " (SELECT id FROM delivery WHERE state = 'planned' AND due_at <= :now ORDER BY due_at"
    "  LIMIT :batch) RETURNING id, epoch"
)
_SETTLE = text(
    "UPDATE delivery SET state = 'sent', message_id = :message"
    " WHERE id = :delivery AND epoch = :epoch"
)


async def delivering(directory: Path) -> list[Row]:
    templates = {people: directory / f"delivering-{people}" for people in (FEW, SOME, MANY)}
    for people, template in templates.items():
        async with core_at(template, MONDAY_TEN) as core:
            await settle_people(core, people, MONDAY_TEN - timedelta(minutes=5))
            await plan(core, MONDAY_TEN)
    peer, few, some, many = await by_turns(
        TURNS,
        SECONDS,
        _bare(templates[SOME]),
        _ours(templates[FEW]),
        _ours(templates[SOME]),
        _ours(templates[MANY]),
    )
    return [
        row_of(
            f"Delivering while {SOME:,} are due, each",
            "ms",
            Runs(some, peer),
            against="bare SQLAlchemy claiming and recording the same rows",
        ),
        row_of(
            f"Cost per delivery at {MANY:,} people",
            "ms",
            Runs(many, few),
            against=f"our own cost at {FEW:,} people",
            goal="≤ 1.2 (at 100,000)",
        ),
    ]


def _ours(template: Path) -> Run:
    async def run() -> float:
        messenger = MemoryMessenger(enough=SENT)
        with copy_of(template) as copy:
            async with core_at(copy, MONDAY_TEN, messenger) as core, timed() as watch:
                work = asyncio.create_task(deliver(core, PLAYGROUND))
                await asyncio.wait_for(messenger.has_enough.wait(), LONGEST)
                watch.stop()
                work.cancel()
                await asyncio.wait([work])
        return watch.seconds / SENT * 1000

    return run


def _bare(template: Path) -> Run:
    async def run() -> float:
        with copy_of(template) as copy:
            async with timed() as watch:
                await _claim_and_settle(copy / DATABASE)
        return watch.seconds / SENT * 1000

    return run


async def _claim_and_settle(file: Path) -> None:
    engine = bare_engine(file)
    try:
        for _ in range(SENT // BATCH):
            async with engine.begin() as connection:
                claims = (
                    await connection.execute(_CLAIM, {"now": stored(MONDAY_TEN), "batch": BATCH})
                ).all()
            assert len(claims) == BATCH
            for delivery_id, epoch in claims:
                values = {"delivery": delivery_id, "epoch": epoch, "message": delivery_id}
                async with engine.begin() as connection:
                    await connection.execute(_SETTLE, values)
    finally:
        await engine.dispose()
