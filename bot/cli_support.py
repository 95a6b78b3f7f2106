"""What `wellbeing support export` does: print a quarter of the support desk, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Final

from rich.console import Console

from bot.app import open_core
from bot.domain.quarters import Quarter
from bot.settings import Settings
from bot.usecases.support.quarterly import quarterly

COLUMNS: Final = ("quarter", "what", "at least", "at most")


async def export(settings: Settings, quarter: Quarter, *, as_json: bool, out: Console) -> None:
    """Print how often each thing happened, in bands. Raises NotAllowed for one that isn't over."""
    async with open_core(settings) as core:
        rows = await quarterly(core, quarter)
    values = [(str(quarter), row.what, row.low, row.high) for row in rows]
    out.out(json_of(values) if as_json else csv_of(values), end="", highlight=False)


def csv_of(rows: Iterable[tuple[str, str, int, int | None]]) -> str:
    """A line for each row below the names of the columns; empty for "or more"."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(rows)
    return written.getvalue()


def json_of(rows: Iterable[tuple[str, str, int, int | None]]) -> str:
    """A list of objects with the same names; null for "or more"."""
    objects = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return json.dumps(objects, indent=2) + "\n"
