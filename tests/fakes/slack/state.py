"""What there is in a workspace: people, groups, conversations, messages and views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.slack.json_types import Json


@dataclass(slots=True)
class User:
    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "Europe/London"
    locale: str = "en-GB"
    title: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    dnd_until: float = 0.0
    updated: int = 0


@dataclass(slots=True)
class Group:
    """A user group, such as `@housing`. `channels` are those its members are put into."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    deleted: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation. In a DM `im_user` is the person at the other end; else it is ""."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    im_user: str = ""

    @property
    def kind(self) -> Literal["channels", "groups", "im"]:
        """The family of scopes that it needs."""
        if self.im_user:
            return "im"
        return "groups" if self.is_private else "channels"


@dataclass(slots=True)
class Posted:
    """One message. `ephemeral_to` is who alone sees it, for a message that isn't kept.

    `thread_ts` is what its thread began with; that message itself has it once there is a reply.
    `broadcast`: a reply that its writer sent to the conversation too.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str = ""
    thread_ts: str = ""
    ephemeral_to: str = ""
    edited_ts: str = ""
    broadcast: bool = False
    extra: Json = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts not in {"", self.ts}

    @property
    def is_only_in_its_thread(self) -> bool:
        return self.is_reply and not self.broadcast


@dataclass(slots=True)
class View:
    """A modal or a home tab, as the bot sent it."""

    id: str
    team_id: str
    user: str
    payload: Json
    hash: str
    root_id: str = ""
    previous_id: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload.get("blocks", []))

    @property
    def title(self) -> str:
        return str((self.payload.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.payload.get("callback_id", ""))
