"""`python -m benchmarks [--json FILE]`: measure, and print the table of ratios."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from benchmarks.closing import closing
from benchmarks.delivering import delivering
from benchmarks.planning import planning
from benchmarks.report import Row, print_table, this_machine, write_json
from benchmarks.start import start
from benchmarks.tap import tap
from bot.logs import configure_logging

WORK: Final[Mapping[str, Callable[[Path], Awaitable[list[Row]]]]] = {
    "answering taps": tap,
    "planning": planning,
    "delivering": delivering,
    "closing a round": closing,
    "starting": start,
}


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    json: Annotated[
        Path | None, typer.Option(help="Write the same figures to this file too.")
    ] = None,
) -> None:
    """Measure the bot against bare libraries doing the same work, in a minute or so."""
    machine = this_machine()
    started = time.perf_counter()
    with _logging_to_nowhere(), tempfile.TemporaryDirectory(prefix="benchmarks-") as directory:
        rows = asyncio.run(_measure(Path(directory)))
    print_table(rows, machine, time.perf_counter() - started, Console(highlight=False))
    if json is not None:
        write_json(rows, machine, json)


async def _measure(directory: Path) -> list[Row]:
    rows: list[Row] = []
    progress = Console(stderr=True)
    for name, measure in WORK.items():
        with progress.status(f"Measuring {name} ..."):
            rows += await measure(directory)
    return rows


@contextmanager
def _logging_to_nowhere() -> Iterator[None]:
    """Log as the product does, since it costs something, but leave the terminal alone."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        with redirect_stderr(nowhere):
            configure_logging("info", "text")
        yield


if __name__ == "__main__":
    app()
