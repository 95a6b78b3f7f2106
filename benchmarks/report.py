"""The table for people and the same as JSON for machines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Runs, Spread

NO_GOAL = "no goal yet"
FOOT = (
    "Medians of several turns. A ratio is ours over the peer's; under it, the least and the most "
    "of all turns. What a goal has in brackets is not yet measured here."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ratio` is ours over the peer's.

    against  what the peer is
    goal     from the budgets; the platform or size that a budget is for follows in brackets if
             it isn't what is measured here
    mind     something that isn't as it should be about the work itself
    """

    work: str
    unit: str
    ours: float
    peer: float
    ratio: Spread
    turns: int
    against: str
    goal: str = NO_GOAL
    mind: str = ""


def row_of(
    work: str, unit: str, runs: Runs, *, against: str, goal: str = NO_GOAL, mind: str = ""
) -> Row:
    """A row of the medians of several turns."""
    return Row(
        work=work,
        unit=unit,
        ours=median(runs.ours),
        peer=median(runs.peer),
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
        ratio = row.ratio
        table.add_row(
            f"{row.work}, {row.unit}\n[dim]against {row.against}[/dim]",
            _number(row.ours),
            _number(row.peer),
            f"{_number(ratio.median)}\n[dim]{_number(ratio.low)}-{_number(ratio.high)}[/dim]",
            row.goal,
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


def write_json(rows: Sequence[Row], machine: Machine, file: Path) -> None:
    """Write the same figures, unrounded."""
    content = {"machine": asdict(machine), "rows": [asdict(row) for row in rows]}
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    """Three digits that matter."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
