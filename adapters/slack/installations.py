"""Which workspaces the app is installed in, with their tokens, in the vault.

Bolt's installation store. One installation a workspace, whoever made it: a second one replaces the
first. Kept is what it takes to speak there, and nothing about who installed it.

An installation for a whole Enterprise organisation names no workspace: it is refused, since people,
teams and limits here belong to one. Install the app in each workspace instead.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from logging import Logger
from typing import Any, Final

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from bot.errors import NotAllowed
from bot.ports import Clock, Vault

PREFIX: Final = "slack.installation."


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One workspace's installation.

    installed_at   when somebody installed it, which a renewed token doesn't change
    refresh_token  "" if the token doesn't expire
    expires_at     None if it doesn't; in seconds since 1970, as Slack says it
    """

    team_id: str
    team_name: str
    app_id: str
    bot_id: str
    bot_user_id: str
    scopes: str
    installed_at: float
    bot_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: int | None = None

    def lasts_beyond(self, instant: datetime) -> bool:
        return self.expires_at is None or self.expires_at > instant.timestamp()

    def was_there(self, instant: datetime) -> bool:
        """Whether it had been made by then. Slack tells instants in whole seconds."""
        return int(self.installed_at) <= instant.timestamp()


class VaultInstallations(AsyncInstallationStore):
    """Bolt's installation store, on `bot.ports.Vault`."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    @property
    def logger(self) -> Logger:
        return logging.getLogger(__name__)

    # --- ours ------------------------------------------------------------------------------

    async def find(self, team_id: str) -> Installed | None:
        """Raises VaultError if it was encrypted with a key that isn't here."""
        kept = await self._vault.read(PREFIX + team_id)
        return None if kept is None else Installed(**json.loads(kept))

    async def keep(self, installed: Installed) -> None:
        await self._vault.keep(PREFIX + installed.team_id, json.dumps(asdict(installed)))

    async def team_ids(self) -> list[str]:
        return [name.removeprefix(PREFIX) for name in await self._vault.names(PREFIX)]

    async def forget(self, team_id: str, as_of: datetime | None = None) -> bool:
        """Forget an installation, and say whether there is none now.

        `as_of` is when it was removed at Slack. News of that may come late, when somebody has
        installed the app again: then the new installation stays.
        """
        if as_of is not None:
            installed = await self.find(team_id)
            if installed is not None and not installed.was_there(as_of):
                return False
        await self._vault.forget(PREFIX + team_id)
        return True

    # --- Bolt's ----------------------------------------------------------------------------

    async def async_save(self, installation: Installation) -> None:
        """Raises NotAllowed for an installation without a workspace or a bot."""
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        if bot.is_enterprise_install or not bot.team_id or not bot.bot_token:
            raise NotAllowed("The app is installed in a workspace, not in a whole organisation.")
        await self.keep(
            Installed(
                team_id=bot.team_id,
                team_name=bot.team_name or "",
                app_id=bot.app_id or "",
                bot_id=bot.bot_id or "",
                bot_user_id=bot.bot_user_id or "",
                scopes=",".join(bot.bot_scopes or ()),
                installed_at=self._clock.now().timestamp(),
                bot_token=bot.bot_token,
                refresh_token=bot.bot_refresh_token or "",
                expires_at=bot.bot_token_expires_at,
            )
        )

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        found = await self._of(team_id, is_enterprise_install)
        return None if found is None else Bot(bot_id=found.bot_id, **_common(found))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The workspace's, whoever asks: who installed it isn't kept."""
        found = await self._of(team_id, is_enterprise_install)
        if found is None:
            return None
        return Installation(user_id=user_id or "", bot_id=found.bot_id, **_common(found))

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.forget(team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Somebody's own installation is none here: the workspace's stays as it is."""
        if user_id is None:
            await self.forget(team_id or "")

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.forget(team_id or "")

    async def _of(
        self, team_id: str | None, is_enterprise_install: bool | None
    ) -> Installed | None:
        if not team_id or is_enterprise_install:
            return None
        return await self.find(team_id)


def _common(found: Installed) -> dict[str, Any]:
    return {
        "app_id": found.app_id,
        "team_id": found.team_id,
        "team_name": found.team_name,
        "bot_token": found.bot_token,
        "bot_user_id": found.bot_user_id,
        "bot_scopes": found.scopes,
        "bot_refresh_token": found.refresh_token or None,
        "bot_token_expires_at": found.expires_at,
        "installed_at": datetime.fromtimestamp(found.installed_at, UTC),
    }
