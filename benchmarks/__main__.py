"""`python -m benchmarks`: measure, print the table of ratios, and keep it if asked to."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from benchmarks import document, results
from benchmarks.answering import answering
from benchmarks.bench import Bench
from benchmarks.closing import closing
from benchmarks.cost import cost
from benchmarks.drain import drain
from benchmarks.planning import planning
from benchmarks.quota import quota
from benchmarks.report import Row, print_table, this_machine
from benchmarks.results import Results
from benchmarks.sending import sending
from benchmarks.slack_sending import slack_sending
from benchmarks.slack_tap import slack_tap
from benchmarks.start import start
from benchmarks.tap import tap
from benchmarks.teams_sending import teams_sending
from benchmarks.teams_tap import teams_tap
from bot.logs import configure_logging
from tests.support.postgres import PostgresServer, PostgresUnavailable

WORK: Final[Mapping[str, Callable[[Bench], Awaitable[list[Row]]]]] = {
    "tap": tap,
    "slack_tap": slack_tap,
    "slack_sending": slack_sending,
    "teams_tap": teams_tap,
    "teams_sending": teams_sending,
    "planning": lambda bench: planning(bench.directory),
    "sending": sending,
    "quota": quota,
    "cost": cost,
    "drain": drain,
    "answering": answering,
    "closing": closing,
    "start": start,
}
# Only when asked for: it takes longer than all the others together.
BY_NAME_ONLY: Final = frozenset({"drain"})

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
progress = Console(stderr=True, highlight=False)


@app.command()
def main(
    *,
    only: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(WORK)}; again for another.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes and single turns: does it work?")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the figures, and renew docs/performance.md.")
    ] = False,
    json: Annotated[
        Path | None, typer.Option(help="Write the same figures to this file too.")
    ] = None,
) -> None:
    """Measure the bot against bare libraries doing the same work."""
    names = only or [name for name in WORK if name not in BY_NAME_ONLY]
    if unknown := set(names) - set(WORK):
        raise typer.BadParameter(f"there is no {', '.join(sorted(unknown))}")
    if quick and keep:
        raise typer.BadParameter("--quick isn't worth keeping")
    machine, started = this_machine(), time.perf_counter()
    rows = _measured(names, quick=quick)
    print_table(rows, machine, time.perf_counter() - started, Console(highlight=False))
    measured = Results(machine, rows)
    if json is not None:
        results.write(measured, json)
    if keep:
        results.keep(measured, list(WORK))
        document.renew()


def _measured(names: Sequence[str], *, quick: bool) -> list[Row]:
    # The server ends with the thread that starts it: this one, not one of the event loop's.
    with (
        _logging_to_nowhere(),
        tempfile.TemporaryDirectory(prefix="benchmarks-") as directory,
        _server() as server,
    ):
        return asyncio.run(_measure(names, Bench(Path(directory), server, quick=quick)))


async def _measure(names: Sequence[str], bench: Bench) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        machine, began = this_machine(), time.perf_counter()
        found = await WORK[name](bench)
        rows += [replace(row, group=name, at=machine.date, load=machine.load) for row in found]
        progress.print(f"{name}: {time.perf_counter() - began:.0f} s", style="dim")
    return rows


@contextmanager
def _server() -> Iterator[PostgresServer | None]:
    """A PostgreSQL that keeps its promises, if there is one here."""
    try:
        server = PostgresServer(durable=True)
    except PostgresUnavailable as error:
        progress.print(f"Without PostgreSQL: {error}", style="bold red")
        yield None
        return
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def _logging_to_nowhere() -> Iterator[None]:
    """Log as the product does, since it costs something, but leave the terminal alone."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        with redirect_stderr(nowhere):
            configure_logging("info", "text")
        yield


if __name__ == "__main__":
    app()
