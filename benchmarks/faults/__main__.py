"""`python -m benchmarks.faults`: everything bad; then count who was missed or written to twice."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.faults.report import print_table, write_json
from benchmarks.faults.rows import BOTH, Outcome, Row, rows, run
from benchmarks.faults.stage import Database
from benchmarks.report import this_machine
from bot.logs import configure_logging
from tests.support.postgres import PostgresServer


class Databases(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    BOTH = "both"


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    kills: Annotated[int, typer.Option(min=1, help="At least so many in all.")] = 200,
    people: Annotated[int, typer.Option(min=1, help="So many get a message a day.")] = 240,
    only: Annotated[str, typer.Option(help="Only rows whose name holds this.")] = "",
    database: Annotated[Databases, typer.Option()] = Databases.BOTH,
    seed: Annotated[int, typer.Option(help="Of all moments and chances.")] = 1,
    json: Annotated[Path | None, typer.Option(help="Write the same to this file too.")] = None,
    logs: Annotated[Path | None, typer.Option(help="Keep databases and logs here.")] = None,
) -> None:
    """Kill, pause, stop and cut off; nobody may be missed, and nobody written to twice."""
    configure_logging("warning", "json")
    chosen = [row for row in rows(kills, _databases(database)) if only in row.name]
    machine, began = this_machine(), time.monotonic()
    outcomes: list[Outcome] = []
    with _directory(logs) as directory, _server(chosen) as server:
        for number, row in enumerate(chosen, 1):
            outcome = run(row, people, seed + number, directory / f"row-{number}", server)
            outcomes.append(outcome)
            _say(outcome, f"{number}/{len(chosen)}")
            if json is not None:  # so that what was found is there though the rest isn't awaited
                write_json(outcomes, machine, time.monotonic() - began, json)
    print_table(outcomes, machine, time.monotonic() - began)
    if not all(outcome.is_good for outcome in outcomes):
        raise typer.Exit(1)


def _say(outcome: Outcome, which: str) -> None:
    wrong = "" if outcome.is_good else f" {dict(outcome.wrong.counts)} {outcome.stopped_because}"
    Console(stderr=True, highlight=False).print(
        f"{which} {outcome.row.name}: {outcome.seconds:.0f} s{wrong}", style="dim"
    )


def _databases(database: Databases) -> Sequence[Database]:
    return BOTH if database is Databases.BOTH else [each for each in BOTH if each == database.value]


@contextmanager
def _directory(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="faults-") as directory:
        yield Path(directory)


@contextmanager
def _server(chosen: Sequence[Row]) -> Iterator[PostgresServer | None]:
    if all(row.database == "sqlite" for row in chosen):
        yield None
        return
    server = PostgresServer(durable=True)
    try:
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    app()
