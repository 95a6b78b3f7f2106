"""The channels of the teams that the bot was added to: where summaries may go."""

from __future__ import annotations

from collections.abc import Mapping
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
# Teams' own ids of channels begin so.
CHANNEL: Final = "19:"


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
        return await sync_channels(self._core, workspace_id, await self.listed(workspace_id))

    async def listed(self, workspace_id: str) -> list[MemberGroup]:
        """Every channel, named `Team` where it is a team's first one, or else `Team / Channel`.

        Raises PlatformError.
        """
        found = []
        for team_id, team in teams_of(await places(self._core, workspace_id)).items():
            try:
                found += await self._of_team(workspace_id, team_id, team.service_url)
            except Gone:
                await forget(self._core, AccountId(workspace_id, f"{TEAM}{team_id}"))
        return found

    async def _of_team(
        self, workspace_id: str, team_id: str, service_url: str
    ) -> list[MemberGroup]:
        team = await self._connector.team(service_url, team_id)
        found = []
        for channel in await self._connector.channels(service_url, team_id):
            channel_id, name = str(channel.get("id") or ""), channel.get("name")
            if channel_id:
                where = AccountId(workspace_id, channel_id)
                await remember(self._core, where, Place(channel_id, service_url))
                path = [str(team.get("name")), *([str(name)] if name else [])]
                found.append(MemberGroup(" / ".join(path), frozenset(), channel_id))
        return found


def teams_of(known: Mapping[str, Place]) -> dict[str, Place]:
    """Team id → where it is, of all the places that are known."""
    return {
        external_id.removeprefix(TEAM): place
        for external_id, place in known.items()
        if external_id.startswith(TEAM)
    }


def is_person(external_id: str) -> bool:
    """Whether it isn't the id of a team or a channel."""
    return not external_id.startswith((TEAM, CHANNEL))


def _team_of(turn: Turn) -> AccountId | None:
    team = turn.channel_data.team
    if team is None or not team.id:
        return None
    return AccountId(workspace_of(turn.tenant_id), f"{TEAM}{team.id}")
