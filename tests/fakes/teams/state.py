"""What there is in a tenant: people, teams, channels, messages and dialogs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.fakes.teams.json_types import Json

ADAPTIVE_CARD: Final = "application/vnd.microsoft.card.adaptive"


@dataclass(slots=True)
class Person:
    """`id` is how the bot knows them, `aad_id` how their organisation does. `chat_id` is their
    personal chat with the bot. `blocking` is how the bot is refused while they block it.
    `handle` is what tests call them."""

    handle: str
    id: str
    aad_id: str
    chat_id: str
    name: str
    email: str = ""
    given_name: str = ""
    surname: str = ""
    zone: str = "Europe/London"
    locale: str = "en-GB"
    is_guest: bool = False
    active: bool = True
    installed: bool = False
    blocking: Literal["", "code", "sub_code"] = ""


@dataclass(slots=True)
class Channel:
    id: str
    name: str


@dataclass(slots=True)
class Team:
    """The first channel is «General», whose id is the team's. `members` are ids of people."""

    id: str
    name: str
    group_id: str
    channels: list[Channel] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    has_bot: bool = False


@dataclass(slots=True)
class Sent:
    """One message. In a channel `thread_id` is the message that it answers, or ""."""

    id: str
    conversation_id: str
    sender_id: str
    text: str
    attachments: list[Json] = field(default_factory=list)
    thread_id: str = ""
    summary: str = ""
    edited: bool = False

    @property
    def cards(self) -> list[Json]:
        """The contents of its Adaptive Cards."""
        return [
            each["content"] for each in self.attachments if each.get("contentType") == ADAPTIVE_CARD
        ]


@dataclass(slots=True)
class Dialog:
    """What is open over the chat. `card` is the content of an Adaptive Card."""

    title: str
    card: Json
    height: Any = None
    width: Any = None
