"""What people do: tap, send a form, type a line. The reply is carried out here.

The page and the crowd come through the same functions, so what the crowd does is what a tap does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.playground.conversations import direct
from adapters.playground.events import Hub, home_changed
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.partner import Bot
from adapters.playground.people import People, rooms
from adapters.playground.store import BOT, PlaygroundStore
from bot.errors import WellbeingError
from bot.message import Message, Paragraph
from bot.ports import Reply, Submission, Tap

HOME = "home"


class NotThere(WellbeingError):
    """The message isn't there, or the person isn't in its conversation."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button was pressed: on a message of a conversation, or on the home page."""

    conversation: str = ""
    message_id: str = HOME


class Interactions:
    """Vouches for the person and the place, asks the bot, and carries out its reply.

    A notice and a form go back to the tab that asked. They are never kept and never logged.
    """

    def __init__(
        self, bot: Bot, store: PlaygroundStore, hub: Hub, messenger: PlaygroundMessenger
    ) -> None:
        self._bot, self._store, self._hub, self._messenger = bot, store, hub, messenger
        self._people = People(bot)

    async def tap(self, person_id: str, place: Place, action: str, value: str) -> Reply:
        """Raises NotThere, and whatever the bot raises."""
        await self._vouch(person_id, place)
        reply = await self._bot.tap(Tap(person_id, action, value))
        await self._carry_out(person_id, place, reply)
        return reply

    async def submit(
        self, person_id: str, place: Place, action: str, value: str, fields: Mapping[str, str]
    ) -> Reply:
        """`place` is where the form was opened from. Raises as `tap` does."""
        await self._vouch(person_id, place)
        reply = await self._bot.submit(Submission(person_id, action, value, fields))
        await self._carry_out(person_id, place, reply)
        return reply

    async def say(self, person_id: str, text: str) -> None:
        """Post a line that somebody typed to the bot, and the bot's answer."""
        await self._people.card(person_id)
        line = Message(summary=text, parts=(Paragraph(text),))
        await self._messenger.say(direct(person_id), person_id, line)
        answer = await self._bot.typed(person_id, text)
        await self._messenger.say(direct(person_id), BOT, answer)

    async def _vouch(self, person_id: str, place: Place) -> None:
        card = await self._people.card(person_id)
        if place.message_id == HOME:
            return
        if place.conversation not in rooms(card):
            raise NotThere(f"{card.name} isn't in this conversation, so can't answer here.")
        if await self._store.message(place.conversation, place.message_id) is None:
            raise NotThere("That message isn't there any more.")

    async def _carry_out(self, person_id: str, place: Place, reply: Reply) -> None:
        at_home = place.message_id == HOME
        if reply.replace is not None and not at_home:
            await self._messenger.replace(place.conversation, place.message_id, reply.replace)
        if reply.home or (reply.replace is not None and at_home):
            self._hub.publish(home_changed(person_id))
