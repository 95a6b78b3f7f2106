"""Who is in a Slack workspace: people, user groups, and the channels that the bot is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.slack.client import SlackClient
from adapters.slack.failures import Gone
from adapters.slack.ids import team_of
from adapters.slack.reading import Reading
from bot.domain.availability import known_zone
from bot.ports import Member, MemberGroup, Timer

Json = Mapping[str, Any]

SLACKBOT: Final = "USLACKBOT"
# Bots, guests of one or several channels, people of other companies, and accounts that are closed.
NOT_WRITTEN_TO: Final = (
    "is_bot",
    "deleted",
    "is_restricted",
    "is_ultra_restricted",
    "is_stranger",
)


class SlackDirectory:
    """Implements `bot.ports.Directory`. It takes its time where Slack asks it to."""

    def __init__(self, client: SlackClient, workspace_id: str, timer: Timer | None = None) -> None:
        self._team_id = team_of(workspace_id)
        self._reading = Reading(client, self._team_id, timer or client.timer)

    async def members(self) -> Sequence[Member]:
        users = await self._reading.all_of("users.list", "members", include_locale=True)
        members = (member_of(user, self._team_id) for user in users)
        # Somebody who is listed on two pages, because the list changed between, is there once.
        return list({member.external_id: member for member in members if member}.values())

    async def user_groups(self) -> Sequence[MemberGroup]:
        """Groups that are in use. Their members may be guests or bots, who are no `members`."""
        answer = await self._reading.call("usergroups.list", include_users=True)
        return [_user_group(group) for group in answer["usergroups"] if not group["date_delete"]]

    async def channels(self) -> Sequence[MemberGroup]:
        """Channels that the bot is in. Their members may be guests or bots, itself among them."""
        channels = await self._reading.all_of(
            "users.conversations",
            "channels",
            types="public_channel,private_channel",
            exclude_archived=True,
        )
        groups = [await self._channel(channel) for channel in channels]
        return [group for group in groups if group is not None]

    def unread(self) -> Sequence[str]:
        return ()  # it is all or nothing

    async def _channel(self, channel: Json) -> MemberGroup | None:
        """A channel, or None if the bot was taken out of it just now."""
        try:
            ids = await self._reading.all_of(
                "conversations.members", "members", channel=channel["id"]
            )
        except Gone:
            return None
        return MemberGroup(channel["name"], frozenset(map(str, ids)), channel["id"])


def member_of(user: Json, team_id: str) -> Member | None:
    """Somebody in a workspace as Slack describes them, or None if they aren't to be written to.

    People of other workspaces who share a channel with this one aren't, either.
    """
    user_id, profile = user.get("id"), user.get("profile") or {}
    if not isinstance(user_id, str) or user_id in {"", SLACKBOT}:
        return None
    if any(user.get(name) for name in NOT_WRITTEN_TO) or _is_foreign(user, team_id):
        return None
    return Member(
        external_id=user_id,
        name=_first(profile.get("real_name"), user.get("real_name"), user.get("name")),
        email=_first(profile.get("email")).lower(),
        zone=_zone(user.get("tz")),
        language=_first(user.get("locale")).partition("-")[0].partition("_")[0].lower(),
    )


def _user_group(group: Json) -> MemberGroup:
    """A group's channels are those that its members are put into; its summary goes to the first."""
    channels = (group.get("prefs") or {}).get("channels") or [""]
    return MemberGroup(group["name"], frozenset(group.get("users") or ()), channels[0])


def _is_foreign(user: Json, team_id: str) -> bool:
    """In an organisation of several workspaces somebody may belong to more than one.

    Whoever isn't said to belong to this one doesn't.
    """
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return user.get("team_id") != team_id and team_id not in teams


def _first(*names: object) -> str:
    return next((name.strip() for name in names if isinstance(name, str) and name.strip()), "")


def _zone(name: object) -> str:
    return name if isinstance(name, str) and known_zone(name) else ""
