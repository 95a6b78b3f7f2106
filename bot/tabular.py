"""Rows as CSV or JSON, for what commands export."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final

Row = Sequence[str | float | None]

# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A line for each row below the names of the columns; what there isn't is empty."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(columns)
    for row in rows:
        lines.writerow(_inert(each) if isinstance(each, str) else each for each in row)
    return written.getvalue()


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A list of objects with the same names; what there isn't is null."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(objects, indent=2, ensure_ascii=False) + "\n"


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: rosters name groups."""
    return f"'{text}" if text.startswith(_FORMULA) else text
