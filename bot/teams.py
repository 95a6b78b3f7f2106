"""Teams in a process, opened with the settings."""

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
    from adapters.teams.platform import Access, TeamsPlatform

# The tenant that Microsoft's Agents Playground makes up: its last part has 13 digits.
NO_TENANT: Final = "00000000-0000-0000-0000-0000000000001"


@asynccontextmanager
async def opened(
    settings: Settings, core: Core, timer: Timer | None = None
) -> AsyncIterator[TeamsPlatform]:
    """Raises SettingsError if a certificate can't be read."""
    from adapters.teams.platform import TeamsPlatform  # noqa: PLC0415 - it takes a second

    async with TeamsPlatform.opened(core, access_of(settings), timer) as platform:
        yield platform


def access_of(settings: Settings) -> Access:
    """Raises SettingsError if a certificate can't be read."""
    from adapters.teams.platform import Access  # noqa: PLC0415

    return Access(
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


def _read(path: Path | None) -> str:
    """Raises SettingsError."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path} can't be read: {type(error).__name__}."]) from None
