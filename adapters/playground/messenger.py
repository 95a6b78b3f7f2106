"""The core's Messenger on this platform: keep the message, then show it in open tabs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from adapters.playground.conversations import conversation_at
from adapters.playground.events import Hub, posted
from adapters.playground.store import BOT, PlaygroundStore
from bot.domain.pace import SendingLimits
from bot.errors import Undeliverable
from bot.message import Message
from bot.ports import Address, Clock

# The platform is a file on this machine: what was cut off has arrived at once, or never does.
LIMITS = SendingLimits(in_flight=16, lands_within_s=0, keeps_threads=True)


class PlaygroundMessenger:
    """Posts, finds and updates messages in the playground's own store."""

    limits = LIMITS

    def __init__(self, store: PlaygroundStore, hub: Hub, clock: Clock) -> None:
        self._store, self._hub, self._clock = store, hub, clock

    async def post(self, address: Address, message: Message, key: str) -> str:
        if address.thread:
            outside = conversation_at(replace(address, thread=""))
            if await self._store.message(outside, address.thread) is None:
                raise Undeliverable("there is no message that the conversation began with")
        return await self.say(conversation_at(address), BOT, message, key)

    async def find(self, address: Address, key: str) -> str | None:
        return await self._store.find(conversation_at(address), key)

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        await self.replace(conversation_at(address), message_id, message)

    async def undisturbed(self, _addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return {}

    async def say(
        self, conversation: str, author: str, message: Message, key: str | None = None
    ) -> str:
        """Post as the bot or as a person, without an address of the core's."""
        kept = await self._store.add(conversation, author, self._clock.now(), message, key)
        self._hub.publish(posted(kept))
        return kept.id

    async def replace(self, conversation: str, message_id: str, message: Message) -> None:
        """Replace a message in place. Raises Undeliverable if it isn't there."""
        if not await self._store.replace(conversation, message_id, message):
            raise Undeliverable("there is no such message")
        if changed := await self._store.message(conversation, message_id):
            self._hub.publish(posted(changed))
