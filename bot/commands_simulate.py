"""`wellbeing simulate`: try the rules out on made-up people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import kindly, out

simulate_app = typer.Typer(
    help="Try the rules out on made-up people. Needs no settings and no database.",
    no_args_is_help=True,
)


@simulate_app.command("anonymity")
def simulate_anonymity(
    *,
    people: Annotated[
        list[int], typer.Option(min=8, help="How many people; give it again for more sizes.")
    ] = [12, 40, 150, 1000, 20000],  # noqa: B006 - read by Typer, changed by nobody
    turnover: Annotated[
        list[float], typer.Option(min=0, max=100, help="How many of 100 leave in a year.")
    ] = [8, 18, 30],  # noqa: B006
    seed: Annotated[int, typer.Option(help="Another one makes other people.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Less of everything, less exact.")] = False,
    redraw: Annotated[
        bool, typer.Option("--redraw", help="Don't simulate: show what --results holds.")
    ] = False,
    results: Annotated[
        Path | None, typer.Option(help="A JSON file for what is found.", dir_okay=False)
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="An SVG file to draw.", dir_okay=False)
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="A Markdown file to write the table into.", dir_okay=False)
    ] = None,
) -> None:
    """Play a year of pulses with made-up people, and see what an attacker learns."""
    with kindly():
        from bot import cli_simulate  # noqa: PLC0415
        from bot.simulation.study import study  # noqa: PLC0415

        wanted = cli_simulate.Wanted(people, turnover, seed, quick, results, picture, page, redraw)
        cli_simulate.simulate_anonymity(wanted, study, out)
