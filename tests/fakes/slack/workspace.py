"""One workspace, and what anybody did in it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.state import Channel, Group, Posted, User, View

SLACKBOT = "USLACKBOT"


class Workspace:
    """`id` is like T0001. `refuses_charts`: its clients don't know `data_visualization` yet."""

    def __init__(
        self, team_id: str, name: str, domain: str = "", bot_name: str = "wellbeing"
    ) -> None:
        self.id, self.name = team_id, name
        self.domain = domain or name.lower().replace(" ", "-")
        self.refuses_charts = False
        self.locked = False
        self.bot_id = f"B{team_id[1:]}"
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Posted]] = {}
        self.ephemeral: list[Posted] = []
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.kept: list[Json] = []
        self._numbers = itertools.count(1)
        self._keep_user(User(SLACKBOT, "slackbot", "Slackbot"))
        self.bot = self.add_user(bot_name, id=f"UBOT{team_id[1:]}", is_bot=True)

    # --- making ----------------------------------------------------------------------------

    def new_id(self, letter: str) -> str:
        """Ids are unique among workspaces too, as Slack's are."""
        return f"{letter}{self.id[1:]}{next(self._numbers):05d}"

    def add_user(self, name: str, **details: Any) -> User:
        details.setdefault("id", self.new_id("U"))
        details.setdefault("real_name", name.replace(".", " ").title())
        details.setdefault("email", f"{name}@example.org")
        return self._keep_user(User(name=name, **details))

    def _keep_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_group(self, handle: str, users: list[str], **details: Any) -> Group:
        details.setdefault("id", self.new_id("S"))
        details.setdefault("name", handle.replace("-", " ").title())
        group = Group(handle=handle, users=list(users), **details)
        self.groups[group.id] = group
        return group

    def add_channel(
        self, name: str, users: list[str], *, bot_is_member: bool = False, **details: Any
    ) -> Channel:
        members = [*users, self.bot.id] if bot_is_member else list(users)
        details.setdefault("id", self.new_id("C"))
        channel = Channel(name=name, members=members, **details)
        self.channels[channel.id] = channel
        return channel

    # --- finding ---------------------------------------------------------------------------

    def user(self, words: str) -> User:
        """Somebody by their id, name, real name or address."""
        for user in self.users.values():
            if words in {user.id, user.name, user.real_name, user.email}:
                return user
        raise LookupError(f"there is nobody called {words} in {self.name}")

    def people(self) -> list[User]:
        """Those who are neither bots nor gone."""
        return [
            user
            for user in self.users.values()
            if not (user.is_bot or user.deleted or user.id == SLACKBOT)
        ]

    def dm(self, user_id: str) -> Channel:
        """The conversation of the bot with one person; it is opened if need be."""
        for channel in self.channels.values():
            if channel.im_user == user_id:
                return channel
        channel = Channel(self.new_id("D"), "", [user_id, self.bot.id], im_user=user_id)
        self.channels[channel.id] = channel
        return channel

    def has_dm(self, user_id: str) -> bool:
        return any(channel.im_user == user_id for channel in self.channels.values())

    def in_channel(self, channel_id: str) -> list[Posted]:
        return self.messages.setdefault(channel_id, [])

    def message(self, channel_id: str, ts: str) -> Posted | None:
        both = [*self.in_channel(channel_id), *self.ephemeral]
        found = (each for each in both if (each.channel, each.ts) == (channel_id, ts))
        return next(found, None)

    def thread(self, channel_id: str, root_ts: str) -> list[Posted]:
        """What a thread began with, and its replies, the newest last."""
        there = self.in_channel(channel_id)
        return [each for each in there if root_ts in {each.ts, each.thread_ts}]

    # --- changing --------------------------------------------------------------------------

    def post(self, posted: Posted) -> Posted:
        """Put a message where it belongs. Ephemeral ones aren't kept in the channel."""
        place = self.ephemeral if posted.ephemeral_to else self.in_channel(posted.channel)
        place.append(posted)
        self._remember(posted)
        root = self.message(posted.channel, posted.thread_ts)
        if posted.is_reply and not posted.ephemeral_to and root is not None:
            root.thread_ts = root.ts
            root.extra = {**root.extra, "reply_count": root.extra.get("reply_count", 0) + 1}
        return posted

    def change(self, posted: Posted, **changes: Any) -> Posted:
        """Replace what a message says."""
        place = self.ephemeral if posted.ephemeral_to else self.in_channel(posted.channel)
        changed = replace(posted, **changes)
        place[place.index(posted)] = changed
        self._remember(changed)
        return changed

    def remove(self, posted: Posted) -> None:
        place = self.ephemeral if posted.ephemeral_to else self.in_channel(posted.channel)
        place.remove(posted)

    def _remember(self, posted: Posted) -> None:
        """An owner's export has every version of what is kept in chat, and what was deleted."""
        if not posted.ephemeral_to:
            self.kept.append(
                {"text": posted.text, "blocks": posted.blocks, "metadata": posted.metadata}
            )

    def stack(self, user_id: str) -> list[View]:
        """The modals that somebody has open, the top one last."""
        return self.modals.setdefault(user_id, [])

    def close(self, view: View) -> None:
        stack = self.stack(view.user)
        if view in stack:
            stack.remove(view)
