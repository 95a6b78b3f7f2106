"""Who is in a tenant: whoever has the bot. Nobody else may be looked at, or written to.

Most of them are found in the rosters of the teams that have the bot, hundreds with one request;
the others are asked for one by one, as fast as Microsoft allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.teams.channels import Channels, is_person, teams_of
from adapters.teams.connector import Connector
from adapters.teams.failures import Gone
from adapters.teams.people import member_of
from bot.ports import Member, MemberGroup, Place, Timer
from bot.usecases.accounts import said_at
from bot.usecases.conversations import places
from bot.usecases.core import Core

# Microsoft allows 14 in a second, and 120 in 30 of them (FACTS: get members):
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
ONE_EVERY_S: Final = 0.25


class TeamsDirectory:
    """Implements `bot.ports.Directory` for one tenant. User groups are Slack's."""

    def __init__(
        self, core: Core, connector: Connector, channels: Channels, timer: Timer, workspace_id: str
    ) -> None:
        self._core, self._connector, self._channels = core, connector, channels
        self._timer, self._workspace_id = timer, workspace_id

    async def members(self) -> Sequence[Member]:
        known = await places(self._core, self._workspace_id)
        entries = await self._rosters(teams_of(known))
        said = await said_at(self._core, self._workspace_id)
        found = []
        for external_id, place in known.items():
            if not is_person(external_id):
                continue
            entry = entries.get(external_id) or await self._entry(external_id, place)
            # A roster has neither zone nor language: they came with what somebody did.
            zone, language = said.get(external_id, ("", ""))
            if entry is not None and (member := member_of(entry, external_id, zone, language)):
                found.append(member)
        return found

    async def user_groups(self) -> Sequence[MemberGroup]:
        return ()

    async def channels(self) -> Sequence[MemberGroup]:
        return await self._channels.listed(self._workspace_id)

    async def _rosters(self, teams: Mapping[str, Place]) -> dict[str, dict[str, Any]]:
        """External id → somebody in any of the teams."""
        found: dict[str, dict[str, Any]] = {}
        for team_id, place in teams.items():
            try:
                async for entry in self._connector.members(place.service_url, team_id):
                    found[str(entry.get("aadObjectId"))] = entry
            except Gone:
                continue  # whoever lists the channels forgets it
        return found

    async def _entry(self, external_id: str, place: Place) -> dict[str, Any] | None:
        """Somebody by themselves, or None if they have left."""
        await self._timer.sleep(ONE_EVERY_S)
        try:
            return await self._connector.member(
                place.service_url, place.conversation_id, external_id
            )
        except Gone:
            return None  # whether so many may go at once is decided where all are known
