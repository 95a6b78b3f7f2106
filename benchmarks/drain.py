"""A whole Monday morning in one worker process: plan for everybody, and write to them.

The worker is composed as the product's own, and is watched from outside: what it holds in memory,
and how much processor time it takes. The platform answers at once. The peer is the same worker with
a tenth of the people.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.fake_platform import Counts, Platform, platform_process
from benchmarks.measure import Runs
from benchmarks.processes import cpu_s, memory_mib, peak_mib
from benchmarks.replica import READY, workspace_id
from benchmarks.report import Row, row_of
from benchmarks.world import MONDAY_TEN, core_at, settle_people

PEOPLE, QUICK = 100_000, 5_000
IN_FLIGHT: Final = 64
LOOKS_EVERY_S: Final = 1.0
# It fails if nothing arrives for so long: planning is within it.
SILENT_S: Final = 120.0
GOAL: Final = "≤ 1.2"


@dataclass(frozen=True, slots=True)
class Drained:
    """What one worker took since it was ready. `memory_mib` is its memory each second."""

    people: int
    counts: Counts
    cpu_s: float
    peak_mib: float
    memory_mib: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return self.people / (self.counts.last_at - self.counts.first_at)

    @property
    def cpu_ms(self) -> float:
        return self.cpu_s / self.people * 1000

    @property
    def wrong(self) -> str:
        counts = self.counts
        if (counts.messages, counts.people) == (self.people, self.people):
            return ""
        return f"{counts.messages} messages came to {counts.people} of {self.people} people"


async def drain(bench: Bench) -> list[Row]:
    people = QUICK if bench.quick else PEOPLE
    return [row for database in bench.databases for row in await _drain(bench, database, people)]


async def _drain(bench: Bench, database: DatabaseName, people: int) -> list[Row]:
    fewer = await _drained(bench, database, people // 10)
    all_of_them = await _drained(bench, database, people)
    half = len(all_of_them.memory_mib) // 2
    against = f"the same with {people // 10:,} people"
    work = f"A morning of {people:,} on {database}"
    return [
        row_of(
            f"{work}: rate",
            "messages/s",
            Runs([all_of_them.per_second], [fewer.per_second]),
            against=against,
            goal="≥ 0.8",
            mind=all_of_them.wrong or fewer.wrong,
        ),
        row_of(
            f"{work}: processor time a message",
            "ms",
            Runs([all_of_them.cpu_ms], [fewer.cpu_ms]),
            against=against,
            goal=GOAL,
        ),
        row_of(
            f"{work}: most memory",
            "MiB",
            Runs([all_of_them.peak_mib], [fewer.peak_mib]),
            against=against,
            goal=GOAL,
        ),
        row_of(
            f"{work}: memory, second half",
            "MiB",
            Runs(
                [median(all_of_them.memory_mib[half:])],
                [median(all_of_them.memory_mib[:half] or all_of_them.memory_mib)],
            ),
            against="its memory in the first half",
            goal=GOAL,
        ),
    ]


async def _drained(bench: Bench, database: DatabaseName, people: int) -> Drained:
    place = bench.place(f"drain{people}", database)
    async with core_at(place, MONDAY_TEN) as core:
        await settle_people(core, people, MONDAY_TEN - timedelta(minutes=5), workspace_id(0))
    logs = place.directory
    with platform_process(logs / "platform.log") as platform:
        worker = _worker(place, platform)
        try:
            worker.wait_for(READY)
            drained = await _watched(worker.pid, platform, people)
        finally:
            worker.end()
    bench.remove(place)
    return drained


def _worker(place: Place, platform: Platform) -> Child:
    clock = place.directory / "clock"
    ahead = MONDAY_TEN - datetime.now(UTC)
    clock.write_text(str(ahead.total_seconds()), encoding="ascii")
    options = {
        "--database": place.url,
        "--data": place.directory,
        "--platform": platform.address,
        "--clock": clock,
        "--in-flight": IN_FLIGHT,
        "--tick-seconds": 1,
    }
    arguments = [str(part) for option in options.items() for part in option]
    return Child(place.directory / "worker.log", "benchmarks.replica", *arguments)


async def _watched(worker: int, platform: Platform, people: int) -> Drained:
    """Watch a worker until everybody has a message, and then for another moment."""
    memory, seen, seen_at = list[float](), 0, time.monotonic()
    cpu_before = cpu_s(worker)
    while seen < people:
        await asyncio.sleep(LOOKS_EVERY_S)
        counts = platform.counts()
        if counts.messages > seen:
            seen, seen_at = counts.messages, time.monotonic()
            memory.append(memory_mib(worker))
        elif time.monotonic() > seen_at + SILENT_S:
            break
    await asyncio.sleep(2 * LOOKS_EVERY_S)
    used_s = cpu_s(worker) - cpu_before
    return Drained(people, platform.counts(), used_s, peak_mib(worker), tuple(memory))
