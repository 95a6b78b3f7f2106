"""What `wellbeing summaries export` does: print what summaries have shown, as CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Final

from rich.console import Console

from bot import tabular
from bot.app import open_core
from bot.settings import Settings
from bot.usecases.export_summaries import Exported, exported

COLUMNS: Final = (
    "group",
    "day",
    "question",
    "outcome",
    "from",
    "to",
    "answered from",
    "answered to",
)


async def export(
    settings: Settings, leader: str | None, since: date | None, *, as_json: bool, out: Console
) -> None:
    """Print what was shown of the groups that somebody leads, or of all. Raises NotFound."""
    async with open_core(settings) as core:
        rows = await exported(core, leader, since)
    out.out(json_of(rows) if as_json else csv_of(rows), end="", highlight=False)


def csv_of(rows: Iterable[Exported]) -> str:
    """A line for each row below the names of the columns; what there isn't is empty."""
    return tabular.as_csv(COLUMNS, map(_values, rows))


def json_of(rows: Iterable[Exported]) -> str:
    """A list of objects with the same names; what there isn't is null."""
    return tabular.as_json(COLUMNS, map(_values, rows))


def _values(row: Exported) -> tuple[str | float | None, ...]:
    """In the order of the columns."""
    return (
        row.group,
        row.day.isoformat(),
        row.question,
        row.outcome,
        _number(row.low),
        _number(row.high),
        row.answered_from,
        row.answered_to,
    )


def _number(end: Fraction | None) -> float | None:
    """A band's end: 3, or 3.5."""
    if end is None:
        return None
    return end.numerator if end.denominator == 1 else float(end)
