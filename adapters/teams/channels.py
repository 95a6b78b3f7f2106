"""The channels of the teams that the bot was added to: where summaries may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from adapters.teams.failures import Gone
from adapters.teams.ids import workspace_of
from adapters.teams.incoming import Turn
from adapters.teams.people import place_of
from adapters.teams.reading import Reading
from bot.errors import PlatformError
from bot.ports import AccountId, MemberGroup, Place
from bot.usecases.conversations import forget, places, remember
from bot.usecases.core import Core
from bot.usecases.sync_directory import sync_channels

log = structlog.get_logger(__name__)

# Tells a team from a channel: a team's id is that of its first channel, too.
TEAM: Final = "team/"
# Teams' own ids of channels begin so.
CHANNEL: Final = "19:"


@dataclass(frozen=True, slots=True)
class Listing:
    """`channels` has those of `unread` teams, by their ids, without a name."""

    channels: Sequence[MemberGroup]
    unread: Sequence[str]


class Channels:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def came(self, turn: Turn) -> None:
        """Keep that the bot is in a team."""
        if (team := _team_of(turn)) is not None:
            await remember(self._core, team, place_of(turn))

    async def went(self, turn: Turn) -> None:
        """The bot isn't in a team any more."""
        if (team := _team_of(turn)) is not None:
            await forget(self._core, team)

    async def sync(self, workspace_id: str, reading: Reading) -> tuple[str, ...]:
        """Give the teams on the roster their channels. Returns what is wrong."""
        listing = await self.listed(workspace_id, reading)
        return await sync_channels(self._core, workspace_id, listing.channels)

    async def listed(self, workspace_id: str, reading: Reading) -> Listing:
        """Every channel, named `Team` where it is a team's first one, or else `Team / Channel`."""
        known = await places(self._core, workspace_id)
        found, unread = list[MemberGroup](), list[str]()
        for team_id, team in teams_of(known).items():
            try:
                found += await self._of_team(workspace_id, team_id, team.service_url, reading)
            except Gone:
                await forget(self._core, AccountId(workspace_id, f"{TEAM}{team_id}"))
            except PlatformError as error:
                unread.append(team_id)
                kind = type(error).__name__
                log.warning("a team's channels can't be read", workspace=workspace_id, kind=kind)
        rest = known.keys() - {each.channel_id for each in found}
        for channel in filter(_is_channel, rest):
            if unread:  # which of them is whose isn't kept
                found.append(MemberGroup("", frozenset(), channel))
            else:
                await forget(self._core, AccountId(workspace_id, channel))
        return Listing(found, unread)

    async def _of_team(
        self, workspace_id: str, team_id: str, service_url: str, reading: Reading
    ) -> list[MemberGroup]:
        team = await reading.team(service_url, team_id)
        found = []
        for channel in await reading.channels(service_url, team_id):
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


def _is_channel(external_id: str) -> bool:
    return external_id.startswith(CHANNEL)


def _team_of(turn: Turn) -> AccountId | None:
    team = turn.channel_data.team
    if team is None or not team.id:
        return None
    return AccountId(workspace_of(turn.tenant_id), f"{TEAM}{team.id}")
