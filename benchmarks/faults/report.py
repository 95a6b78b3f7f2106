"""The table of faults for people, and the same as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.faults.rows import Outcome
from benchmarks.report import Machine

SHORT: Final = {"sqlite": "SQLite", "postgresql": "PG"}
HEADINGS: Final = {
    "Missed": "missed",
    "Twice": "twice",
    "Late": "late",
    "False": "misrecorded",
    "Open": "unfinished",
}
FOOT: Final = (
    "Asked: the platform, whether a message had arrived. False: sent by the bot's table and not "
    "there, or the other way round. Open: without an outcome when its time was over."
)


def print_table(outcomes: Sequence[Outcome], machine: Machine, seconds: float) -> None:
    """Print a line for each row, and what to know about them."""
    out = Console(highlight=False)
    table = Table("Fault", "Replicas", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("Kills", "Sent", "Asked", *HEADINGS):
        table.add_column(heading, justify="right", no_wrap=True)
    for outcome in outcomes:
        row, counts = outcome.row, outcome.wrong.counts
        table.add_row(
            row.kind.name if outcome.is_good else f"[bold red]{row.kind.name}[/bold red]",
            f"{SHORT[row.database]} x {row.replicas}",
            str(outcome.kills or ""),
            str(outcome.messages),
            str(outcome.looked_up or ""),
            *(str(counts[name]) for name in HEADINGS.values()),
        )
    out.print(table)
    out.print(FOOT, style="dim")
    kills = sum(outcome.kills for outcome in outcomes)
    in_hand = sum(outcome.kills_with_something_in_hand for outcome in outcomes)
    messages = sum(outcome.messages for outcome in outcomes)
    out.print(f"{messages} messages; {kills} kills, {in_hand} of them with messages in hand.")
    out.print(f"{machine.cores} cores, {machine.system}, {machine.date}; took {seconds:.0f} s.")
    for outcome in outcomes:
        if outcome.stopped_because:
            out.print(f"Stopped: {outcome.row.name}: {outcome.stopped_because}.", style="bold red")
        if outcome.badly_stopped:
            out.print(f"Ended badly on SIGTERM: {outcome.row.name}.", style="bold red")


def write_json(outcomes: Sequence[Outcome], machine: Machine, seconds: float, file: Path) -> None:
    """Write the same, with the seed of each row."""
    content = {
        "machine": asdict(machine),
        "seconds": round(seconds),
        "kills": sum(outcome.kills for outcome in outcomes),
        "rows": [_as_json(outcome) for outcome in outcomes],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    row = outcome.row
    return {
        "fault": row.kind.name,
        "database": row.database,
        "replicas": row.replicas,
        "times": row.times,
        "seed": outcome.seed,
        "messages": outcome.messages,
        "kills": outcome.kills,
        "kills_with_something_in_hand": outcome.kills_with_something_in_hand,
        "looked_up": outcome.looked_up,
        "over_quota": outcome.over_quota,
        "ended_by_themselves": outcome.ended_by_themselves,
        "badly_stopped": outcome.badly_stopped,
        **outcome.wrong.counts,
        "stopped_because": outcome.stopped_because,
        "seconds": round(outcome.seconds, 1),
    }
