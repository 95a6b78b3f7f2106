"""`wellbeing support`: what the organisation may know of the support desk."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import typer

from bot.domain.quarters import Quarter
from bot.terminal import err, kindly, out, settings_of_the_environment

support_app = typer.Typer(
    help="What the organisation may know of the support desk. Rough numbers, and nobody's names.",
    no_args_is_help=True,
)


@support_app.callback()
def support() -> None:
    """Has `export` stay a command of its own, though it is the only one."""


@support_app.command("export")
def support_export(
    *,
    quarter: Annotated[
        str, typer.Option("--quarter", help="Of a quarter that is over, such as 2026Q3.")
    ],
    format_: Annotated[
        Literal["csv", "json"], typer.Option("--format", help="How it is written.")
    ] = "csv",
) -> None:
    """Print how often things happened at the support desk in a quarter, in bands."""
    try:
        asked = Quarter.parse(quarter)
    except ValueError:
        err.print("Say which quarter, as a year and a number: --quarter 2026Q3.", style="red")
        raise typer.Exit(2) from None
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_support import export  # noqa: PLC0415 - `--help` stays fast

        asyncio.run(export(settings, asked, as_json=format_ == "json", out=out))
