"""Slack in a process: opened with the settings, and kept up to date with who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

import structlog

from bot.settings import Settings
from bot.store.database import AWAY
from bot.store.vault import TableVault
from bot.usecases.accounts import anybody_on
from bot.usecases.core import Core
from bot.usecases.sync_directories import ask_for_syncs

if TYPE_CHECKING:
    from adapters.slack.platform import SlackPlatform

log = structlog.get_logger(__name__)

# How soon what is due is seen: after an import, say, which another process may have done.
LOOKS_EVERY_S: Final = 15.0
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
    vault = TableVault(core.database, settings.secret_keys)
    async with SlackPlatform.opened(core, access, vault) as platform:
        yield platform


@asynccontextmanager
async def knowing_who_is_there(core: Core, platform: SlackPlatform) -> AsyncIterator[None]:
    """Ask who is there at once, and whenever it is due, for as long as the block lasts.

    If nobody is known yet, the block begins with the answer: what is planned before that is planned
    for nobody, and a second time when they are known.
    """
    from adapters.scheduler import Ticker  # noqa: PLC0415
    from adapters.slack.ids import SLACK  # noqa: PLC0415

    async def look() -> None:
        try:
            await platform.sync_due()
        except AWAY as error:
            log.warning("the database is away or busy", step="sync", why=type(error).__name__)

    ticker = Ticker(look, LOOKS_EVERY_S)
    await ask_for_syncs(core)
    platform.begin("directory", look())
    if not await anybody_on(core, SLACK):
        with suppress(TimeoutError):
            await asyncio.wait_for(platform.rest(), FIRST_WITHIN_S)
    ticker.start()
    try:
        yield
    finally:
        await ticker.stop()
