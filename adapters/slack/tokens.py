"""Where a workspace's token comes from: the settings, or what was installed.

Tokens that expire do so after twelve hours, and a refresh token is good once. So a token is renewed
hours ahead, when the old one is good for long enough to go on with whatever goes wrong; the new one
is kept before it is used. Two processes may renew at once: Slack refuses one of them, which then
finds in the vault what the other one kept.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from adapters.slack.exchange import Exchange, Granted
from adapters.slack.failures import code_of
from adapters.slack.installations import Installed, VaultInstallations
from bot.errors import TryLater, Undeliverable
from bot.ports import Clock

log = structlog.get_logger(__name__)

# How long before its end a token is renewed.
AHEAD: Final = timedelta(hours=2)
# For how long this process goes by what it has read of the vault.
KNOWN_FOR: Final = timedelta(seconds=30)
# How long another process may take to keep what it got.
WAIT_S: Final = 5.0

# What Slack says of a refresh token that won't get better by waiting.
REFUSED: Final = frozenset(
    {"invalid_refresh_token", "invalid_grant", "token_revoked", "token_expired", "account_inactive"}
)


class FixedToken:
    """Implements `adapters.slack.client.Tokens` for the one workspace that the settings name.

    `taken_at` is when Slack took the token, as far as is known.
    """

    def __init__(self, team_id: str, token: str, taken_at: datetime | None = None) -> None:
        self.team_id, self._token, self._taken_at = team_id, token, taken_at

    async def token(self, team_id: str) -> str:
        if team_id != self.team_id:
            raise Undeliverable("the app isn't installed in this workspace")
        return self._token

    async def forget(self, _team_id: str, as_of: datetime) -> bool:
        """Whether the app may have gone. What was removed before the token was taken was another.

        Slack tells instants in whole seconds.
        """
        return self._taken_at is None or int(self._taken_at.timestamp()) <= as_of.timestamp()


@dataclass(frozen=True, slots=True)
class Known:
    """What this process has read of the vault, and until when it goes by that."""

    installed: Installed
    until: datetime


class InstalledTokens:
    """Implements `adapters.slack.client.Tokens` on what was installed, and renews what expires."""

    def __init__(self, installations: VaultInstallations, exchange: Exchange, clock: Clock) -> None:
        self._installations, self._exchange, self._clock = installations, exchange, clock
        self._known: dict[str, Known] = {}
        self._refused: dict[str, str] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def token(self, team_id: str) -> str:
        """Raises Undeliverable if there is none any more, TryLater, or VaultError."""
        known = self._still_known(team_id)
        if known is None:
            async with self._turns[team_id]:
                known = self._still_known(team_id) or await self._look_up(team_id)
        return known.installed.bot_token

    async def forget(self, team_id: str, as_of: datetime | None = None) -> bool:
        """Forget an installation: see `VaultInstallations.forget`. Twice is as good as once."""
        self._known.pop(team_id, None)
        return await self._installations.forget(team_id, as_of)

    def look_again(self, team_id: str) -> None:
        """Somebody has just installed the app: go by what the vault has now."""
        self._known.pop(team_id, None)

    def _still_known(self, team_id: str) -> Known | None:
        known = self._known.get(team_id)
        return known if known is not None and known.until > self._clock.now() else None

    async def _look_up(self, team_id: str) -> Known:
        installed = await self._there(team_id)
        if not installed.lasts_beyond(self._clock.now() + AHEAD):
            installed = await self._renewed(installed)
        known = Known(installed, self._until(installed))
        self._known[team_id] = known
        return known

    def _until(self, installed: Installed) -> datetime:
        """Never beyond the token's own end."""
        until = self._clock.now() + KNOWN_FOR
        if installed.expires_at is None or installed.lasts_beyond(until):
            return until
        return datetime.fromtimestamp(installed.expires_at, until.tzinfo)

    async def _there(self, team_id: str) -> Installed:
        installed = await self._installations.find(team_id)
        if installed is None:
            self._known.pop(team_id, None)
            raise Undeliverable("the app isn't installed in this workspace any more")
        return installed

    # --- renewing --------------------------------------------------------------------------

    async def _renewed(self, old: Installed) -> Installed:
        try:
            granted = await self._exchange.refresh(old.refresh_token)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            return await self._without_renewing(old, code_of(error) or type(error).__name__)
        if not granted.token:
            return await self._without_renewing(old, "no token came back")
        return await self._keep(old, granted)

    async def _keep(self, old: Installed, granted: Granted) -> Installed:
        """Keep a renewed token, unless the app was removed or installed anew meanwhile."""
        there = await self._there(old.team_id)
        if there.refresh_token != old.refresh_token:
            return there
        new = replace(
            old,
            bot_token=granted.token,
            refresh_token=granted.refresh_token,
            expires_at=granted.expires_at(self._clock.now()),
        )
        await self._installations.keep(new)
        log.info("a token was renewed", team=old.team_id)
        return new

    async def _without_renewing(self, old: Installed, code: str) -> Installed:
        """What to go on with when Slack didn't renew a token."""
        there = await self._there(old.team_id)
        if there.refresh_token != old.refresh_token:
            return there
        log.warning("a token could not be renewed", team=old.team_id, why=code)
        if old.lasts_beyond(self._clock.now()):
            return old
        # Another process may have renewed it, and be about to keep it: give up at the second time.
        if code in REFUSED and self._refused.get(old.team_id) == old.refresh_token:
            raise Undeliverable("the app has to be installed in this workspace again")
        if code in REFUSED:
            self._refused[old.team_id] = old.refresh_token
        raise TryLater(WAIT_S)
