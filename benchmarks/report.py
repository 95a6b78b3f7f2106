"""Rows of the table, and the table for people who wait for it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.goals import NO_GOAL, goal_of
from benchmarks.measure import Runs, Spread

FOOT = (
    "Medians of the turns. A ratio is ours over the peer's; under it, the least and the most of "
    "all turns. What a goal has in brackets isn't what is measured here."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ratio` is ours over the peer's.

    against  what the peer is
    goal     as `benchmarks.goals` reads it
    mind     something that isn't as it should be about the work itself
    group    the name of the module that measured it
    at       when it was measured, and how busy the machine was before
    """

    work: str
    unit: str
    ours: Spread
    peer: Spread
    ratio: Spread
    turns: int
    against: str
    goal: str = NO_GOAL
    mind: str = ""
    group: str = ""
    at: str = ""
    load: float = 0.0

    @property
    def is_good(self) -> bool:
        goal = goal_of(self.goal)
        return not self.mind and (goal is None or goal.is_met(self.ours, self.ratio))


def row_of(
    work: str, unit: str, runs: Runs, *, against: str, goal: str = NO_GOAL, mind: str = ""
) -> Row:
    """A row of several turns. Raises ValueError if its goal can't be read."""
    goal_of(goal)
    return Row(
        work=work,
        unit=unit,
        ours=Spread.of(runs.ours),
        peer=Spread.of(runs.peer),
        ratio=runs.ratios(),
        turns=len(runs.ours),
        against=against,
        goal=goal,
        mind=mind,
    )


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when it was measured."""

    cores: int
    load: float
    python: str
    system: str
    date: str

    def is_like(self, other: Machine) -> bool:
        """Whether figures of the two may stand in one table."""
        return (self.cores, self.python, self.system) == (other.cores, other.python, other.system)


def this_machine() -> Machine:
    """What this machine is, and how busy with other things."""
    return Machine(
        cores=os.cpu_count() or 1,
        load=round(os.getloadavg()[0], 1),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        date=datetime.now(UTC).isoformat(timespec="minutes"),
    )


def print_table(rows: Sequence[Row], machine: Machine, seconds: float, out: Console) -> None:
    """Print the table, the machine under it, and whatever isn't as it should be."""
    table = Table("Work", box=box.SIMPLE_HEAD, padding=(0, 1, 1, 0), pad_edge=False)
    for heading in ("Ours", "Peer", "Ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Goal", min_width=12)
    for row in rows:
        table.add_row(
            f"{row.work}, {row.unit}\n[dim]against {row.against}[/dim]",
            number(row.ours.median),
            number(row.peer.median),
            f"{number(row.ratio.median)}\n[dim]{span(row.ratio)}[/dim]",
            row.goal if row.is_good else f"[bold red]{row.goal}[/bold red]",
        )
    out.print(table)
    out.print(FOOT, style="dim")
    out.print(
        f"{machine.cores} cores (load {machine.load} before), Python {machine.python}, "
        f"{machine.system}, {machine.date}; took {seconds:.0f} s."
    )
    for row in rows:
        if row.mind:
            out.print(f"Mind: {row.work}: {row.mind}.", style="bold red")


def number(value: float) -> str:
    """Three digits that matter."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def span(spread: Spread) -> str:
    """From the least to the most."""
    return f"{number(spread.low)}-{number(spread.high)}"
