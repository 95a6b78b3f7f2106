"""What the command about Teams does: write the package that an admin uploads."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from adapters.content import load_library
from adapters.content.library import FALLBACK
from adapters.teams.app_package import packed
from adapters.teams.manifest import App, manifest
from bot.errors import SettingsError
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command. What is None is as the settings say, or the project."""

    website: str | None = None
    privacy: str | None = None
    terms: str | None = None
    app_version: str | None = None


def write_package(settings: Settings, wanted: Wanted, output: Path, out: Console) -> None:
    """Raises SettingsError or ContentError; then nothing is written."""
    website = settings.public_url if wanted.website is None else wanted.website
    app = App(
        bot_id=settings.microsoft_app_id,
        organisation=settings.wellbeing_organisation,
        version=version("wellbeing-warrior") if wanted.app_version is None else wanted.app_version,
        website=website,
        privacy=wanted.privacy or website,
        terms=wanted.terms or website,
    )
    made = manifest(load_library(settings.wellbeing_prompts).texts(FALLBACK), app)
    try:
        output.write_bytes(packed(made))
    except OSError as error:
        raise SettingsError([f"{output} can't be written: {error.strerror}."]) from None
    out.print(
        f"{output} is version {app.version} of the app, for the bot {app.bot_id}. Upload it in the "
        "Teams admin center: Teams apps, Manage apps, Upload new app.",
        soft_wrap=True,
        markup=False,
    )
