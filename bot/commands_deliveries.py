"""`wellbeing deliveries`: how sending goes, and what to do about it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated

import typer

from bot.terminal import kindly, out, settings_of_the_environment

deliveries_app = typer.Typer(
    help="How sending goes: what was sent, what waits, what failed and why. Nobody's names."
)

Days = Annotated[int, typer.Option(min=1, max=366, help="How many days to look back.")]
OfProgramme = Annotated[
    str | None, typer.Option("--programme", help="Only of this programme, such as check-in-daily.")
]
AtLocalTime = Annotated[
    str | None, typer.Option("--at", help="Only of this local time, such as 2026-11-23T09:30.")
]
ForReason = Annotated[
    str | None, typer.Option("--reason", help="Only what failed for this reason, such as refused.")
]


@deliveries_app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show progress until all that is due was sent.")
    ] = False,
    days: Days = 7,
) -> None:
    if context.invoked_subcommand is not None:
        return
    with kindly(), suppress(KeyboardInterrupt):
        settings = settings_of_the_environment()
        from bot import cli_deliveries  # noqa: PLC0415

        show = cli_deliveries.watch if watch else cli_deliveries.show
        asyncio.run(show(settings, days, out))


@deliveries_app.command("retry")
def deliveries_retry(
    *,
    programme: OfProgramme = None,
    at: AtLocalTime = None,
    reason: ForReason = None,
    days: Days = 7,
) -> None:
    """Send what failed once more, unless it is too late for it."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_deliveries import retry_some  # noqa: PLC0415
        from bot.domain.outcomes import Choice  # noqa: PLC0415

        asyncio.run(retry_some(settings, days, Choice(programme, at, reason), out))


@deliveries_app.command("expire")
def deliveries_expire(
    *,
    programme: OfProgramme = None,
    at: AtLocalTime = None,
    reason: ForReason = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    days: Days = 7,
) -> None:
    """Call off what waits or failed: nobody gets it any more."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_deliveries import expire_some  # noqa: PLC0415
        from bot.domain.outcomes import Choice  # noqa: PLC0415

        choice = Choice(programme, at, reason)
        asyncio.run(
            expire_some(
                settings, days, choice, out, lambda question: yes or typer.confirm(question)
            )
        )
