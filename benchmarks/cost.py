"""What a delivery costs while ever more people wait: our own cost at 1,000 people is the peer.

The same number of messages is sent each time, to a platform that costs nothing; everybody else is
still due, as on a Monday morning. A cost that grows with the length of the queue shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Final

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.cost_worker import Used
from benchmarks.measure import Run, Runs, by_turns
from benchmarks.report import Row, row_of
from benchmarks.sending import planned

FEW: Final = 1_000
MORE, QUICK = (10_000, 100_000), (3_000,)
SENT: Final = 800
SECONDS: Final = 50.0
GOAL: Final = "≤ 1.2"


async def cost(bench: Bench) -> list[Row]:
    more = QUICK if bench.quick else MORE
    return [row for database in bench.databases for row in await _cost(bench, database, more)]


async def _cost(bench: Bench, database: DatabaseName, more: tuple[int, ...]) -> list[Row]:
    templates = {people: bench.place(f"cost{people}", database) for people in (FEW, *more)}
    used: Mapping[int, list[Used]] = {people: [] for people in templates}
    for people, template in templates.items():
        await planned(template, people)
    await by_turns(
        bench.turns,
        SECONDS,
        *(_measured(bench, template, used[people]) for people, template in templates.items()),
    )

    def runs(people: int, figure: Callable[[Used], float]) -> Runs:
        return Runs([figure(each) for each in used[people]], [figure(each) for each in used[FEW]])

    against = f"our own at {FEW:,} people"
    rows = []
    for people in more:
        at = f"at {people:,} people on {database}"
        goal = GOAL if people == more[-1] else "none"
        cpu, wall = runs(people, lambda each: each.cpu_ms), runs(people, lambda each: each.wall_ms)
        rows += [
            row_of(f"Processor time of a delivery {at}", "ms", cpu, against=against, goal=goal),
            row_of(f"Time of a delivery {at}", "ms", wall, against=against, goal=goal),
        ]
    peak = runs(more[-1], lambda each: each.peak_mib)
    work = f"Most memory at {more[-1]:,} people on {database}"
    return [*rows, row_of(work, "MiB", peak, against=against, goal=GOAL)]


def _measured(bench: Bench, template: Place, found: list[Used]) -> Run:
    numbers = count()

    async def run() -> float:
        log = bench.directory / f"{template.directory.name}-{next(numbers)}.log"
        with bench.copy_of(template) as place:
            child = Child(log, "benchmarks.cost_worker", str(place.directory), place.url, str(SENT))
            try:
                used = Used(**json.loads(child.wait_for('{"')))
            finally:
                child.end()
        found.append(used)
        return used.wall_ms

    return run
