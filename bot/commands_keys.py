"""`wellbeing keys`: the secrets of web and worker, and lost ones."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.terminal import kindly, out, settings_of_the_environment

keys_app = typer.Typer(help="The secrets of web and worker, and lost ones.", no_args_is_help=True)


@keys_app.command("new")
def keys_new() -> None:
    """Print new secrets for web and worker on PostgreSQL, each with an environment of its own."""
    from bot.cli_keys import print_new_secrets  # noqa: PLC0415

    print_new_secrets(out)


@keys_app.command("vault")
def keys_vault() -> None:
    """Print a new key for the tokens of chat platforms, which are kept encrypted."""
    from bot.cli_keys import print_new_vault_key  # noqa: PLC0415

    print_new_vault_key(out)


@keys_app.command("forget")
def keys_forget(*, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Give open pulses up, when a secret is lost: their answers can never be read."""
    with kindly():
        settings = settings_of_the_environment()
        from bot.cli_keys import forget_keys  # noqa: PLC0415

        if yes or typer.confirm("Destroy the keys of every open pulse, for good?"):
            asyncio.run(forget_keys(settings, out))
