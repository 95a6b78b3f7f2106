"""The rows of the fault suite: which faults, on which database, with how many replicas."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.faults import kinds
from benchmarks.faults.counting import Wrong
from benchmarks.faults.members import Pace
from benchmarks.faults.stage import Cast, Database, NotInTime, Stage
from benchmarks.faults.staging import staged
from tests.support.postgres import PostgresServer

SQLITE: Final[Sequence[Database]] = ("sqlite",)
POSTGRESQL: Final[Sequence[Database]] = ("postgresql",)
BOTH: Final[Sequence[Database]] = (*SQLITE, *POSTGRESQL)
REPLICAS: Final = {"sqlite": (1,), "postgresql": (1, 2, 4)}
QUICK: Final = Pace(rate=0, in_flight=16)
SLOW: Final = Pace(rate=8)
EAGER: Final = Pace(rate=0, in_flight=16, tick_s=0.05)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. `times` is how often it happens in a row.

    kills_share  of all the kills that are asked for, over all its rows; instead of `times`
    all_at_once  each time costs a kill of every replica
    """

    name: str
    disturb: kinds.Disturb
    databases: Sequence[Database] = BOTH
    least_replicas: int = 1
    times: int = 2
    kills_share: float = 0
    all_at_once: bool = False
    pace: Pace = Pace()  # noqa: RUF009 - a value
    people: int | None = None


KINDS: Final[Sequence[Kind]] = (
    Kind("kill -9", kinds.kill, kills_share=0.5),
    Kind("kill -9 while planning", kinds.kill_while_planning, kills_share=0.16, pace=QUICK),
    Kind(
        "kill -9, all together",
        kinds.kill_all_together,
        POSTGRESQL,
        kills_share=0.16,
        all_at_once=True,
    ),
    Kind("paused, then woken", kinds.pause),
    Kind("database stopped", kinds.stop_the_database, POSTGRESQL, times=3),
    Kind("database crashed", kinds.crash_the_database, POSTGRESQL, times=3),
    Kind("database hangs", kinds.hang_the_database, POSTGRESQL),
    Kind("replies lost", kinds.lose_replies),
    Kind("connections cut", kinds.cut_connections),
    Kind("storm of 503s", kinds.storm),
    Kind("a clock set wrong", kinds.set_a_clock_wrong, pace=SLOW),
    Kind("all tick together", kinds.tick_together, POSTGRESQL, 2, times=4, pace=EAGER, people=90),
    Kind("rolling restarts", kinds.restart_one_by_one),
    Kind("hardly any time left", kinds.run_out_of_time, people=120),
    Kind("everything", kinds.everything, kills_share=0.18),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row to run."""

    kind: Kind
    database: Database
    replicas: int
    times: int

    @property
    def name(self) -> str:
        return f"{self.kind.name}, {self.database} x {self.replicas}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row. `stopped_because` is set if it couldn't be carried out."""

    row: Row
    wrong: Wrong
    messages: int
    kills: int
    kills_with_something_in_hand: int
    looked_up: int
    over_quota: int
    ended_by_themselves: int
    badly_stopped: int
    seconds: float
    seed: int
    stopped_because: str = ""

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.badly_stopped and not self.stopped_because


def rows(kills: int, databases: Sequence[Database]) -> list[Row]:
    """All rows, with at least so many kills in all of them together on both databases."""
    found = []
    for kind in KINDS:
        places = [
            (database, replicas)
            for database in kind.databases
            for replicas in REPLICAS[database]
            if replicas >= kind.least_replicas
        ]
        times = _times(kind, kills, [replicas for _, replicas in places])
        found += [
            Row(kind, database, replicas, times)
            for database, replicas in places
            if database in databases
        ]
    return found


def _times(kind: Kind, kills: int, replicas: Sequence[int]) -> int:
    if not kind.kills_share:
        return kind.times
    at_once = sum(replicas) if kind.all_at_once else len(replicas)
    return max(1, -(-int(kills * kind.kills_share) // at_once))  # rounded up


def run(
    row: Row, people: int, seed: int, directory: Path, server: PostgresServer | None
) -> Outcome:
    """Carry a row out, and count what went wrong."""
    began = time.monotonic()
    people = row.kind.people or people
    cast = Cast(row.database, row.replicas, people, pace=row.kind.pace)
    with staged(cast, seed, directory, server) as stage:
        stopped_because = _carried_out(row, stage)
        wrong, counts = stage.what_went_wrong(), stage.platform.counts()
        return Outcome(
            row=row,
            wrong=wrong,
            messages=counts.messages,
            kills=stage.kills,
            kills_with_something_in_hand=stage.kills_with_something_in_hand,
            looked_up=counts.finds,
            over_quota=counts.over_quota,
            ended_by_themselves=stage.ended_by_themselves,
            badly_stopped=stage.badly_stopped,
            seconds=time.monotonic() - began,
            seed=seed,
            stopped_because=stopped_because,
        )


def _carried_out(row: Row, stage: Stage) -> str:
    try:
        for member in stage.members:
            member.start()
        stage.wait_until_all_are_ready()
        row.kind.disturb(stage, row.times)
        stage.make_good()
        stage.settle()
    except (NotInTime, TimeoutError) as error:
        return str(error)
    return ""
