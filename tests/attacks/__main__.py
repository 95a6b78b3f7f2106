"""`python -m tests.attacks`: play every attacker against every design, and print the table.

Ends with 1 if one of them won against ours, or lost against a design that is there to be beaten.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from adapters.content import load_library
from bot.logs import configure_logging
from tests.attacks import published, stored
from tests.attacks.place import Place
from tests.attacks.table import markdown
from tests.attacks.verdict import Verdict
from tests.support.postgres import PostgresServer

PROMPTS = Path(__file__).parents[2] / "prompts"
BEGIN, END = "<!-- attacks:begin -->", "<!-- attacks:end -->"

app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    *,
    write: Annotated[
        Path | None, typer.Option(help="Put the table into this file, between its marks.")
    ] = None,
) -> None:
    """Play every attacker against every design, and print the table."""
    configure_logging("warning", "text")
    verdicts = everything()
    table = markdown(verdicts)
    typer.echo(table)
    if write:
        _put(table, write)
    wrong = [verdict for verdict in verdicts if not verdict.as_it_should_be]
    for verdict in wrong:
        typer.echo(f"{verdict.attacker}, {verdict.design}, {verdict.database}: {verdict.figures}")
    sys.exit(1 if wrong else 0)


def everything() -> list[Verdict]:
    """What each attacker got, on both databases."""
    server = PostgresServer()
    try:
        return asyncio.run(_on_both(server))
    finally:
        server.stop()


async def _on_both(server: PostgresServer) -> list[Verdict]:
    library, verdicts = load_library(PROMPTS), []
    with tempfile.TemporaryDirectory() as directory:
        for which in (server, None):
            place = Place(Path(directory), library, which)
            verdicts += [*await stored.ours(place), *await stored.weak(place)]
            verdicts += [*await published.ours(place), *await published.reorganised(place)]
    verdicts += await published.without_a_database()
    return verdicts


def _put(table: str, page: Path) -> None:
    """Replace what stands between the marks."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise typer.BadParameter(f"{page} lacks {BEGIN} or {END}")
    page.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    app()
