"""`wellbeing summaries`: what managers were shown, to take along."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Literal

import typer

from bot.terminal import err, kindly, out, settings_of_the_environment

summaries_app = typer.Typer(
    help="What the weekly summaries have shown. Bands only, and nobody's names.",
    no_args_is_help=True,
)


@summaries_app.callback()
def summaries() -> None:
    """Has `export` stay a command of its own, though it is the only one."""


@summaries_app.command("export")
def summaries_export(
    *,
    leader: Annotated[
        str | None,
        typer.Option("--leader", help="Of the groups that this person leads, by their address."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Of all groups.")] = False,
    format_: Annotated[
        Literal["csv", "json"], typer.Option("--format", help="How it is written.")
    ] = "csv",
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", formats=["%Y-%m-%d"], help="Only rounds from this day on: 2026-11-24."
        ),
    ] = None,
) -> None:
    """Print what was shown, by the names of groups and the days of rounds, as CSV or JSON."""
    if (leader is None) is not everything:
        err.print("Say whose: --leader ADDRESS, or --all.", style="red")
        raise typer.Exit(2)
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_summaries import export  # noqa: PLC0415 - `--help` stays fast

        day = since.date() if since else None
        asyncio.run(export(settings, leader, day, as_json=format_ == "json", out=out))
