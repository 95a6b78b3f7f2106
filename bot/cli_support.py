"""What `wellbeing support export` does: print a quarter of the support desk, as CSV or JSON."""

from __future__ import annotations

from typing import Final

from rich.console import Console

from bot import tabular
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
    write = tabular.as_json if as_json else tabular.as_csv
    out.out(write(COLUMNS, values), end="", highlight=False)
