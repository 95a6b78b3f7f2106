"""Slack in a process, opened with the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.store.vault import TableVault
from bot.usecases.core import Core

if TYPE_CHECKING:
    from adapters.slack.platform import SlackPlatform


@asynccontextmanager
async def opened(settings: Settings, core: Core) -> AsyncIterator[SlackPlatform]:
    """Raises SettingsError if Slack doesn't take the token that is set."""
    from adapters.slack.platform import Access, SlackPlatform  # noqa: PLC0415 - more than a second

    access = Access(
        api_url=settings.slack_api_url,
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        public_url=settings.public_url,
        workspaces=settings.slack_workspaces,
        per_minute=settings.wellbeing_slack_per_minute,
        teams_from=settings.wellbeing_teams_from,
        region=settings.wellbeing_region,
    )
    vault = TableVault(core.database, settings.secret_keys)
    async with SlackPlatform.opened(core, access, vault) as platform:
        yield platform
