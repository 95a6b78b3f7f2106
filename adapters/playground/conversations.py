"""The names of conversations: one of direct messages a person, others within it, one a channel."""

from __future__ import annotations

from bot.message import Heading, Message
from bot.ports import Address

_DIRECT, _CHANNEL, _BEGAN_WITH = "dm:", "channel:", "/"


def direct(person_id: str) -> str:
    return f"{_DIRECT}{person_id}"


def thread(person_id: str, root_id: str) -> str:
    """A conversation of its own in somebody's direct messages, which began with this message."""
    return f"{direct(person_id)}{_BEGAN_WITH}{root_id}"


def channel(external_id: str) -> str:
    return f"{_CHANNEL}{external_id}"


def conversation_at(address: Address) -> str:
    """The conversation that an address of the core leads to."""
    if address.kind == "channel":
        return channel(address.external_id)
    if address.thread:
        return thread(address.external_id, address.thread)
    return direct(address.external_id)


def person_of(conversation: str) -> str | None:
    """Whose direct messages these are or are within, or None for a channel."""
    if not conversation.startswith(_DIRECT):
        return None
    return conversation.removeprefix(_DIRECT).partition(_BEGAN_WITH)[0]


def root_of(conversation: str) -> str:
    """The message that a conversation of its own began with; "" for all others."""
    if not conversation.startswith(_DIRECT):
        return ""
    return conversation.removeprefix(_DIRECT).partition(_BEGAN_WITH)[2]


def title_of(root: Message) -> str:
    """What a conversation is called that began with this message."""
    headings = (part.text for part in root.parts if isinstance(part, Heading))
    return next(headings, root.summary)
