"""What somebody does with teams and channels, and how they come and go.

The bot hears of a team only while it is in it: then a method gives back its answers.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.teams import activities
from tests.fakes.teams.delivering import Answered, Delivering
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.site import Site
from tests.fakes.teams.state import Channel, Person, Team
from tests.fakes.teams.tenant import Tenant


class InTeams:
    """One person, as far as teams are concerned. Teams are known by their names or ids."""

    def __init__(self, site: Site, delivering: Delivering, tenant: Tenant, person: Person) -> None:
        self._site, self._delivering = site, delivering
        self.tenant, self.person = tenant, person

    # --- the bot in a team -----------------------------------------------------------------

    async def adds_bot_to(self, team: Team | str, channel: str = "General") -> list[Answered]:
        """Who adds it chooses a channel for it. Two activities come of it."""
        found = self.tenant.team(team)
        found.has_bot = True
        place = self._channel(found, channel)
        added = self._update(found, "teamMemberAdded", membersAdded=[self._bot()])
        added["conversation"] = activities.in_channel(self.tenant, place)
        added["channelData"]["settings"] = {"selectedChannel": {"id": place.id}}
        return await self._all(added, self._installation(found, place, "add"))

    async def removes_bot_from(self, team: Team | str) -> list[Answered]:
        found = self.tenant.team(team)
        found.has_bot = False
        removed = self._update(found, "teamMemberRemoved", membersRemoved=[self._bot()])
        return await self._all(removed, self._installation(found, found.channels[0], "remove"))

    def _bot(self) -> Json:
        return {"id": self._site.app.bot_id}

    def _installation(self, team: Team, channel: Channel, action: str) -> Json:
        return activities.team_installation(
            self._site, self.tenant, self.person, team, channel, action
        )

    # --- who is in a team ------------------------------------------------------------------

    async def joins_team(self, team: Team | str) -> list[Answered]:
        found = self.tenant.team(team)
        found.members.append(self.person.id)
        return await self._told(found, "teamMemberAdded", membersAdded=[self._account()])

    async def leaves_team(self, team: Team | str) -> list[Answered]:
        found = self.tenant.team(team)
        found.members.remove(self.person.id)
        return await self._told(found, "teamMemberRemoved", membersRemoved=[self._account()])

    async def leaves_tenant(self, *, deleted: bool = False) -> list[Answered]:
        """Their account is deactivated, of which no bot hears; or deleted for good."""
        self.person.active = False
        answers: list[Answered] = []
        for team in self.tenant.teams.values() if deleted else []:
            if self.person.id in team.members:
                answers += await self.leaves_team(team)
        return answers

    def returns_to_tenant(self) -> None:
        """Their account is active again."""
        self.person.active = True

    def _account(self) -> Json:
        return {"id": self.person.id, "aadObjectId": self.person.aad_id}

    # --- channels and names ----------------------------------------------------------------

    async def creates_channel(self, team: Team | str, name: str) -> list[Answered]:
        found = self.tenant.team(team)
        channel = self.tenant.add_channel(found, name)
        return await self._told_of_channel(found, "channelCreated", channel)

    async def renames_channel(self, team: Team | str, channel: str, name: str) -> list[Answered]:
        found = self.tenant.team(team)
        renamed = self._channel(found, channel)
        renamed.name = name
        return await self._told_of_channel(found, "channelRenamed", renamed)

    async def deletes_channel(self, team: Team | str, channel: str) -> list[Answered]:
        found = self.tenant.team(team)
        deleted = self._channel(found, channel)
        found.channels.remove(deleted)
        return await self._told_of_channel(found, "channelDeleted", deleted)

    async def renames_team(self, team: Team | str, name: str) -> list[Answered]:
        found = self.tenant.team(team)
        found.name = name
        return await self._told(found, "teamRenamed")

    async def deletes_team(self, team: Team | str) -> list[Answered]:
        found = self.tenant.team(team)
        del self.tenant.teams[found.id]
        return await self._told(found, "teamDeleted")

    def _channel(self, team: Team, words: str) -> Channel:
        for channel in team.channels:
            if words in {channel.id, channel.name}:
                return channel
        raise LookupError(f"there is no channel called {words} in {team.name}")

    # --- telling the bot -------------------------------------------------------------------

    async def _told_of_channel(self, team: Team, event: str, channel: Channel) -> list[Answered]:
        told = activities.channel_update(self._site, self.tenant, self.person, team, event, channel)
        return await self._all(told) if team.has_bot else []

    async def _told(self, team: Team, event: str, **more: Any) -> list[Answered]:
        return await self._all(self._update(team, event, **more)) if team.has_bot else []

    def _update(self, team: Team, event: str, **more: Any) -> Json:
        return activities.team_update(self._site, self.tenant, self.person, team, event, **more)

    async def _all(self, *told: Json) -> list[Answered]:
        return [await self._send(each) for each in told]

    async def _send(self, activity: Json) -> Answered:
        return await self._delivering.deliver(activity)
