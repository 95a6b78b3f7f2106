"""What every command shares: where it prints, its settings, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from bot.errors import WellbeingError

if TYPE_CHECKING:
    from bot.settings import Settings

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def kindly() -> Iterator[None]:
    """Turn the project's errors into sentences and exit status 1."""
    try:
        yield
    except WellbeingError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def say(sentence: str) -> None:
    out.print(sentence, soft_wrap=True, markup=False)


def settings_of_the_environment() -> Settings:
    """The settings, with logging as they say. Raises SettingsError."""
    from bot.logs import configure_logging  # noqa: PLC0415 - `--help` stays fast
    from bot.settings_checks import load_settings  # noqa: PLC0415

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
