"""Who is in a tenant: whoever has the bot. Nobody else may be looked at, or written to.

Most of them are found in the rosters of the teams that have the bot, hundreds with one request;
the others are asked for one by one, as fast as Microsoft allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from adapters.teams.channels import Channels, is_person, teams_of
from adapters.teams.failures import Gone
from adapters.teams.people import member_of
from adapters.teams.reading import Reading
from bot.domain.membership import listed
from bot.errors import PlatformError
from bot.ports import Member, MemberGroup, Place
from bot.usecases.accounts import said_at
from bot.usecases.conversations import places
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


class TeamsDirectory:
    """Implements `bot.ports.Directory` for one reading of one tenant. User groups are Slack's."""

    def __init__(self, core: Core, reading: Reading, channels: Channels, workspace_id: str) -> None:
        self._core, self._reading, self._channels = core, reading, channels
        self._workspace_id = workspace_id
        self._unread: list[str] = []
        self.gone: dict[str, Place] = {}  # who isn't there any more, and where they were

    async def members(self) -> Sequence[Member]:
        known = await places(self._core, self._workspace_id)
        entries = await self._rosters(teams_of(known))
        said = await said_at(self._core, self._workspace_id)
        people = {each: place for each, place in known.items() if is_person(each)}
        found, unread, failure = list[Member](), 0, PlatformError()
        for external_id, place in people.items():
            # A roster has neither zone nor language: they came with what somebody did.
            zone, language = said.get(external_id, ("", ""))
            try:
                entry = entries.get(external_id) or await self._reading.member(place, external_id)
            except Gone:
                self.gone[external_id] = place  # whether so many may go at once is decided later
                continue
            except PlatformError as error:
                unread, failure = unread + 1, error
                found.append(Member(external_id, "", "", zone, language))
                continue
            if member := member_of(entry, external_id, zone, language):
                found.append(member)
        if unread:
            self._note_people(unread, len(people), failure)
        return found

    async def user_groups(self) -> Sequence[MemberGroup]:
        return ()

    async def channels(self) -> Sequence[MemberGroup]:
        listing = await self._channels.listed(self._workspace_id, self._reading)
        if listing.unread:
            self._unread.append(
                f"Teams doesn't say now which channels its teams {listed(listing.unread)} have: "
                "those that are known stay."
            )
        return listing.channels

    def unread(self) -> Sequence[str]:
        return self._unread

    async def _rosters(self, teams: Mapping[str, Place]) -> dict[str, dict[str, Any]]:
        """External id → somebody in any of the teams. Who isn't here may be in one all the same."""
        found: dict[str, dict[str, Any]] = {}
        unread = []
        for team_id, place in teams.items():
            try:
                async for entry in self._reading.members(place.service_url, team_id):
                    found[str(entry.get("aadObjectId"))] = entry
            except Gone:
                continue  # whoever lists the channels forgets it
            except PlatformError as error:
                unread.append(team_id)
                log.warning(
                    "a team's roster can't be read",
                    workspace=self._workspace_id,
                    kind=type(error).__name__,
                )
        if unread:
            self._unread.append(
                f"Teams doesn't say now who is in its teams {listed(unread)}: "
                "their people were asked for one by one."
            )
        return found

    def _note_people(self, unread: int, of: int, failure: PlatformError) -> None:
        """Raises PlatformError if nobody was read."""
        log.warning(
            "people can't be asked about",
            workspace=self._workspace_id,
            count=unread,
            kind=type(failure).__name__,
        )
        if unread == of:
            raise failure
        self._unread.append(
            f"{unread} of {of} people can't be asked about in Teams now: "
            "they stay as they are known."
        )
