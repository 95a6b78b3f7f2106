"""Which workspaces the app is installed in, with their tokens, in the vault.

One installation a workspace, whoever made it: a second one replaces the first. Kept is what it
takes to speak there, and nothing about who installed it.

An installation for a whole Enterprise organisation names no workspace: it is refused, since people,
teams and limits here belong to one. Install the app in each workspace instead.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from bot.errors import VaultError
from bot.ports import Vault

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


class VaultInstallations:
    """The installations, each as one secret in `bot.ports.Vault`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

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
        if as_of is not None and await self._is_newer(team_id, as_of):
            return False
        await self._vault.forget(PREFIX + team_id)
        return True

    async def _is_newer(self, team_id: str, instant: datetime) -> bool:
        """One that can't be read is no use to anybody: it counts as one that was there."""
        try:
            installed = await self.find(team_id)
        except VaultError:
            return False
        return installed is not None and not installed.was_there(instant)
