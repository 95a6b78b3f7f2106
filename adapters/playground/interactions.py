"""What people do: tap, send a form, type a line. The reply is carried out here.

The page and the crowd come through the same functions, so what the crowd does is what a tap does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.playground.conversations import direct, thread
from adapters.playground.events import Hub, home_changed
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.partner import Bot
from adapters.playground.people import People, is_in
from adapters.playground.store import BOT, PlaygroundStore, PostedMessage
from bot.errors import WellbeingError
from bot.message import Button, Buttons, Message, Paragraph
from bot.ports import Line, Reply, Submission, Tap

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
        message = await self._vouch(person_id, place)
        # Only the message that the button is on may be replaced: a forged place isn't.
        buttons = buttons_of(message) if message is not None else []
        is_there = any((button.action, button.value) == (action, value) for button in buttons)
        reply = await self._bot.tap(Tap(person_id, action, value))
        await self._carry_out(person_id, place if is_there else Place(), reply)
        return reply

    async def submit(
        self, person_id: str, place: Place, action: str, value: str, fields: Mapping[str, str]
    ) -> Reply:
        """`place` is where the form was opened from. Raises as `tap` does."""
        await self._vouch(person_id, place)
        reply = await self._bot.submit(Submission(person_id, action, value, fields))
        await self._carry_out(person_id, Place(), reply)
        return reply

    async def say(self, person_id: str, text: str, root_id: str = "") -> None:
        """Post a line that somebody typed to the bot, and the bot's answer.

        `root_id` is the message that the conversation began with in which they typed it, if it is
        one of its own. Raises NotThere if they have no such message, and whatever the bot raises.
        """
        await self._people.card(person_id)
        root_id = await self._own_root(person_id, root_id) if root_id else ""
        conversation = thread(person_id, root_id) if root_id else direct(person_id)
        line = Message(summary=text, parts=(Paragraph(text),))
        await self._messenger.say(conversation, person_id, line)
        answer = await self._bot.typed(Line(person_id, text, root_id))
        if answer is not None:
            await self._messenger.say(conversation, BOT, answer)

    async def _own_root(self, person_id: str, root_id: str) -> str:
        """The id as the store writes it. Raises NotThere unless it's one of their own messages."""
        root = await self._store.message(direct(person_id), root_id)
        if root is None:
            raise NotThere("That conversation isn't there any more.")
        return root.id

    async def _vouch(self, person_id: str, place: Place) -> PostedMessage | None:
        """The message at this place, or None for the home page. Raises NotThere."""
        card = await self._people.card(person_id)
        if place.message_id == HOME:
            return None
        if not is_in(card, place.conversation):
            raise NotThere(f"{card.name} isn't in this conversation, so can't answer here.")
        message = await self._store.message(place.conversation, place.message_id)
        if message is None:
            raise NotThere("That message isn't there any more.")
        return message

    async def _carry_out(self, person_id: str, place: Place, reply: Reply) -> None:
        if reply.replace is not None and place.message_id != HOME:
            await self._messenger.replace(place.conversation, place.message_id, reply.replace)
        if reply.home:
            self._hub.publish(home_changed(person_id))


def buttons_of(message: PostedMessage) -> list[Button]:
    """The buttons of a message from the bot, as it stands; a person's own line has none."""
    if message.author != BOT:
        return []
    rows = [part for part in message.body.parts if isinstance(part, Buttons)]
    return [button for row in rows for button in row.buttons]
