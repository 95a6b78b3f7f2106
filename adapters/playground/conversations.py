"""The names of conversations: one of direct messages a person, one a channel."""

from __future__ import annotations

from bot.ports import Address

_DIRECT, _CHANNEL = "dm:", "channel:"


def direct(person_id: str) -> str:
    return f"{_DIRECT}{person_id}"


def channel(external_id: str) -> str:
    return f"{_CHANNEL}{external_id}"


def conversation_at(address: Address) -> str:
    """The conversation that an address of the core leads to."""
    of = direct if address.kind == "person" else channel
    return of(address.external_id)


def person_of(conversation: str) -> str | None:
    """Whose direct messages these are, or None for a channel."""
    return conversation.removeprefix(_DIRECT) if conversation.startswith(_DIRECT) else None
