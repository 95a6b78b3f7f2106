"""Who is there to be, and which conversations each of them is in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from adapters.playground.conversations import channel, direct, person_of
from adapters.playground.partner import Bot
from adapters.playground.wire import Json
from bot.errors import NotFound
from bot.usecases.directory import PersonCard


class People:
    """The roster, asked anew each time: it may change while tabs are open."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def all(self) -> Sequence[PersonCard]:
        return sorted(await self._bot.everyone(), key=lambda card: card.name.casefold())

    async def card(self, person_id: str) -> PersonCard:
        """Raises NotFound for somebody who isn't on the roster."""
        return await self._bot.card(person_id)

    async def in_conversation(self, conversation: str, people: Sequence[str]) -> list[str]:
        """Those of `people` who are in this conversation."""
        inside = []
        for person in people:
            with suppress(NotFound):  # they may have left since the tab was opened
                if is_in(await self.card(person), conversation):
                    inside.append(person)
        return inside


def rooms(card: PersonCard) -> set[str]:
    """The conversations that this person is in, but for those within their direct messages."""
    return {direct(card.id), *(channel(external_id) for external_id, _ in card.channels)}


def is_in(card: PersonCard, conversation: str) -> bool:
    """Whether this person is in a conversation; one within direct messages is their owner's."""
    return person_of(conversation) == card.id or conversation in rooms(card)


def card_json(card: PersonCard) -> Json:
    return {
        "id": card.id,
        "name": card.name,
        "team": card.team,
        "roles": list(card.roles),
        "zone": card.zone,
    }
