"""Results that are kept: the latest figure of every row, and each day's in a file of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from benchmarks.report import Machine, Row

FOLDER: Final = Path(__file__).parent / "results"
LATEST: Final = FOLDER / "latest.json"


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured on one machine."""

    machine: Machine
    rows: Sequence[Row]

    def renewed_by(self, other: Results, order: Sequence[str]) -> Results:
        """With the other's rows in place of those of the same groups, in the order of groups.

        Figures of different machines aren't mixed: if the other's is another, it is all there is.
        """
        if not self.machine.is_like(other.machine):
            return other
        measured = {row.group for row in other.rows}
        kept = [row for row in self.rows if row.group in order and row.group not in measured]
        rows = sorted([*kept, *other.rows], key=lambda row: order.index(row.group))
        return Results(other.machine, rows)


_RESULTS: Final = TypeAdapter(Results)


def read(file: Path) -> Results:
    return _RESULTS.validate_json(file.read_bytes())


def write(results: Results, file: Path) -> None:
    content = json.dumps(asdict(results), indent=2, ensure_ascii=False)
    file.write_text(content + "\n", encoding="utf-8")


def keep(results: Results, order: Sequence[str], folder: Path = FOLDER) -> Results:
    """Renew `latest.json` and the day's file, and return what the first holds now."""
    folder.mkdir(exist_ok=True)
    latest, today = folder / "latest.json", folder / f"{results.machine.date[:10]}.json"
    for file in (latest, today):
        before = read(file) if file.exists() else results
        write(before.renewed_by(results, order), file)
    return read(latest)
