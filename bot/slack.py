"""Slack in a process: opened with the settings, and kept up to date with who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from bot.settings import Settings
from bot.store.database import Lock
from bot.store.vault import TableVault
from bot.usecases.accounts import anybody_on
from bot.usecases.core import Core

if TYPE_CHECKING:
    from adapters.slack.platform import SlackPlatform

# Slack tells of changes as they come; what it told while the bot was off is found by asking.
ASKS_EVERY_S: Final = 6 * 3600.0
# A first start waits so long for an answer. A large workspace's takes longer.
FIRST_WITHIN_S: Final = 10.0


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
    vault = TableVault(core.database, core.clock, settings.secret_keys)
    async with SlackPlatform.opened(core, access, vault) as platform:
        yield platform


@asynccontextmanager
async def knowing_who_is_there(core: Core, platform: SlackPlatform) -> AsyncIterator[None]:
    """Ask for everybody at once, and every few hours, for as long as the block lasts.

    If nobody is known yet, the block begins with the answer: what is planned before that is planned
    for nobody, and a second time when they are known.
    """
    from adapters.scheduler import Ticker  # noqa: PLC0415
    from adapters.slack.ids import SLACK  # noqa: PLC0415

    async def ask() -> None:
        async with core.database.alone(Lock.SYNCING) as mine:
            if mine:  # another process is at it otherwise
                await platform.sync_all()

    ticker = Ticker(ask, ASKS_EVERY_S)
    platform.begin("directory", ask())
    if not await anybody_on(core, SLACK):
        with suppress(TimeoutError):
            await asyncio.wait_for(platform.rest(), FIRST_WITHIN_S)
    ticker.start()
    try:
        yield
    finally:
        await ticker.stop()
