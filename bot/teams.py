"""Teams in a process: opened with the settings, and kept up to date with its channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import SettingsError
from bot.ports import Timer
from bot.settings import Settings
from bot.usecases.core import Core

if TYPE_CHECKING:
    from adapters.teams.platform import TeamsPlatform

# Teams tells of changed channels as they come; what it told while the bot was off is asked for.
ASKS_EVERY_S: Final = 6 * 3600.0
# The tenant that Microsoft's Agents Playground makes up: its last part has 13 digits.
NO_TENANT: Final = "00000000-0000-0000-0000-0000000000001"


@asynccontextmanager
async def opened(
    settings: Settings, core: Core, timer: Timer | None = None
) -> AsyncIterator[TeamsPlatform]:
    """Raises SettingsError if a certificate can't be read."""
    from adapters.teams.platform import Access, TeamsPlatform  # noqa: PLC0415 - it takes a second

    access = Access(
        app_id=settings.microsoft_app_id,
        app_type=settings.microsoft_app_type,
        tenants=settings.teams_tenants or [NO_TENANT],
        secret=settings.microsoft_app_password,
        certificate=_read(settings.wellbeing_teams_certificate),
        private_key=_read(settings.wellbeing_teams_certificate_key),
        login_url=settings.wellbeing_teams_login_url,
        openid_url=settings.wellbeing_teams_openid_url,
        public_url=settings.public_url,
        unknown=settings.wellbeing_teams_unknown,
        region=settings.wellbeing_region,
        is_anonymous=settings.teams_allow_anonymous,
    )
    async with TeamsPlatform.opened(core, access, timer) as platform:
        yield platform


@asynccontextmanager
async def knowing_the_channels(platform: TeamsPlatform) -> AsyncIterator[None]:
    """Ask for the channels at once, and every few hours, for as long as the block lasts."""
    from adapters.scheduler import Ticker  # noqa: PLC0415

    ticker = Ticker(platform.sync_all, ASKS_EVERY_S)
    platform.begin("channels", platform.sync_all())
    ticker.start()
    try:
        yield
    finally:
        await ticker.stop()


def _read(path: Path | None) -> str:
    """Raises SettingsError."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path} can't be read: {type(error).__name__}."]) from None
