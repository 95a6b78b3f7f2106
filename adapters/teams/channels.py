"""The channels of the teams that the bot was added to: where summaries may go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from adapters.teams.connector import Connector
from adapters.teams.failures import Gone
from adapters.teams.ids import workspace_of
from adapters.teams.incoming import Turn
from adapters.teams.people import place_of
from bot.ports import AccountId, MemberGroup, Place
from bot.usecases.conversations import forget, places, remember
from bot.usecases.core import Core
from bot.usecases.sync_directory import sync_channels

# Tells a team from a channel: a team's id is that of its first channel, too.
TEAM: Final = "team/"


class Channels:
    def __init__(self, core: Core, connector: Connector) -> None:
        self._core, self._connector = core, connector

    async def came(self, turn: Turn) -> None:
        """Keep that the bot is in a team."""
        if (team := _team_of(turn)) is not None:
            await remember(self._core, team, place_of(turn))

    async def went(self, turn: Turn) -> None:
        """The bot isn't in a team any more."""
        if (team := _team_of(turn)) is not None:
            await forget(self._core, team)

    async def sync(self, workspace_id: str) -> tuple[str, ...]:
        """Give the teams on the roster their channels. Returns what is wrong.

        Raises PlatformError; then nothing has changed.
        """
        found = [each async for each in self._all(workspace_id)]
        return await sync_channels(self._core, workspace_id, found)

    async def _all(self, workspace_id: str) -> AsyncIterator[MemberGroup]:
        """Every channel, named `Team` where it is a team's first one, or else `Team / Channel`."""
        for external_id, team in (await places(self._core, workspace_id)).items():
            if not external_id.startswith(TEAM):
                continue
            team_id = external_id.removeprefix(TEAM)
            try:
                named = await self._connector.team(team.service_url, team_id)
                channels = await self._connector.channels(team.service_url, team_id)
            except Gone:
                await forget(self._core, AccountId(workspace_id, external_id))
                continue
            for channel in channels:
                channel_id, name = str(channel.get("id") or ""), channel.get("name")
                if channel_id:
                    where = AccountId(workspace_id, channel_id)
                    await remember(self._core, where, Place(channel_id, team.service_url))
                    path = [str(named.get("name")), *([str(name)] if name else [])]
                    yield MemberGroup(" / ".join(path), frozenset(), channel_id)


def _team_of(turn: Turn) -> AccountId | None:
    team = turn.channel_data.team
    if team is None or not team.id:
        return None
    return AccountId(workspace_of(turn.tenant_id), f"{TEAM}{team.id}")
