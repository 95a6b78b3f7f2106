"""`python -m benchmarks.document`: renew the figures in docs/performance.md, and its picture.

The tables stand between markers; every other word there is written by people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import picture, results
from benchmarks.goals import goal_of
from benchmarks.report import Machine, Row, number, span
from benchmarks.results import Results

DOCS: Final = Path(__file__).parent.parent / "docs"
PAGE, PICTURE = DOCS / "performance.md", DOCS / "performance.svg"
FAULTS: Final = results.FOLDER / "faults.json"
WRONG: Final = ("missed", "twice", "late", "misrecorded", "unfinished")


def renew() -> None:
    """Write the page and the picture again, from the figures that are kept."""
    kept = results.read(results.LATEST)
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), kept, read_faults()), encoding="utf-8")
    PICTURE.write_text(picture.draw(kept), encoding="utf-8")


def read_faults() -> Mapping[str, Any] | None:
    """What the fault suite counted last, if it was kept."""
    if not FAULTS.exists():
        return None
    found: dict[str, Any] = json.loads(FAULTS.read_bytes())
    return found


def page(text: str, kept: Results, faults: Mapping[str, Any] | None) -> str:
    """The page with these figures in it. Raises ValueError if a marker is missing."""
    text = _between(text, "figures", figures(kept))
    return _between(text, "faults", fault_figures(faults))


# --- figures -------------------------------------------------------------------------------


def figures(kept: Results) -> str:
    """The table of rows, and on what machine they were measured."""
    lines = [
        "| Work | Ours | Against | Ratio | Goal |",
        "|---|--:|---|--:|---|",
        *(_line(row) for row in kept.rows),
        "",
        _measured(kept),
        *(f"\n**Mind:** {row.work}: {row.mind}." for row in kept.rows if row.mind),
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    cells = (
        row.work,
        f"{number(row.ours.median)} {row.unit}",
        f"{number(row.peer.median)}: {row.against}",
        _ratio(row),
        _verdict(row),
    )
    return f"| {' | '.join(cells)} |"


def _ratio(row: Row) -> str:
    median = number(row.ratio.median)
    return median if row.ratio.low == row.ratio.high else f"{median} ({span(row.ratio)})"


def _verdict(row: Row) -> str:
    goal = goal_of(row.goal)
    if goal is None:
        return ""
    met = goal.is_met(row.ours, row.ratio)
    return f"{row.goal}: met" if met else f"{row.goal}: **missed**"


def _measured(kept: Results) -> str:
    days = sorted({row.at[:10] for row in kept.rows})
    busiest = max((row.load for row in kept.rows), default=0.0)
    busy = (
        f" The machine was busy with other things too (a load of up to {busiest:g} before a row)."
        if busiest > kept.machine.cores
        else ""
    )
    return f"Measured on {_machine(kept.machine)}, {' to '.join(_ends(days))}.{busy}"


def _machine(machine: Machine) -> str:
    return f"{machine.cores} cores, {machine.system}, Python {machine.python}"


def _ends(days: Sequence[str]) -> Sequence[str]:
    return days if len(days) < 2 else (days[0], days[-1])


# --- faults --------------------------------------------------------------------------------


def fault_figures(faults: Mapping[str, Any] | None) -> str:
    """The table of the fault suite, all its rows of one kind together."""
    if faults is None:
        return "It hasn't been kept yet."
    rows: Sequence[Mapping[str, Any]] = faults["rows"]
    kinds = list(dict.fromkeys((row["fault"], row["database"]) for row in rows))
    heading = (
        "Fault",
        "Database",
        "Replicas",
        "Messages",
        "Kills",
        "Looked up",
        *map(str.capitalize, WRONG),
    )
    lines = [f"| {' | '.join(heading)} |", "|---|---|" + "--:|" * (len(heading) - 2)]
    lines += [
        _fault(kind, [row for row in rows if (row["fault"], row["database"]) == kind])
        for kind in kinds
    ]
    machine = Machine(**faults["machine"])
    return "\n".join([*lines, "", f"Counted on {_machine(machine)}, {machine.date[:10]}."])


def _fault(kind: tuple[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    counted = ("messages", "kills", "looked_up", *WRONG)
    sums = [f"{sum(row[name] for row in rows):,}" for name in counted]
    replicas = ", ".join(str(row["replicas"]) for row in rows)
    return f"| {' | '.join((*kind, replicas, *sums))} |"


# --- the page ------------------------------------------------------------------------------


def _between(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- {name}: measured -->", f"<!-- {name}: end -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"docs/performance.md needs {begin} and {end}, once each")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{content}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    renew()
