"""A chat platform in memory, behind the Messenger port. Like a real one, it never deduplicates."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.pace import SendingLimits
from bot.errors import OutcomeUnknown, PlatformError
from bot.message import Button, Message
from bot.ports import Address
from tests.support.reading import buttons

ONE_BY_ONE = SendingLimits(in_flight=1, lands_within_s=0)
WITH_THREADS = SendingLimits(in_flight=1, lands_within_s=0, keeps_threads=True)


@dataclass
class Posted:
    id: str
    address: Address
    message: Message
    key: str

    def buttons(self) -> list[Button]:
        return buttons(self.message)

    def button(self, action: str, value_ends: str = "") -> Button:
        found = (b for b in self.buttons() if b.action == action and b.value.endswith(value_ends))
        return next(found)


class MemoryPlatform:
    """Posts messages; on demand it refuses, or posts and loses its reply or cuts its caller off."""

    def __init__(self, limits: SendingLimits = ONE_BY_ONE) -> None:
        self.limits = limits
        self.posted: list[Posted] = []
        self.refusals: list[PlatformError] = []
        self.losing_replies = 0
        self.cutting_off = 0
        self.quiet: dict[Address, datetime] = {}

    async def post(self, address: Address, message: Message, key: str) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        posted = Posted(f"m{len(self.posted)}", address, message, key)
        self.posted.append(posted)
        if self.losing_replies:
            self.losing_replies -= 1
            raise OutcomeUnknown
        if self.cutting_off:
            self.cutting_off -= 1
            raise CancelledError
        return posted.id

    async def find(self, address: Address, key: str) -> str | None:
        found = (post.id for post in self.posted if post.key == key and post.address == address)
        return next(found, None)

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        for posted in self.posted:
            if posted.id == message_id and posted.address == address:
                posted.message = message

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return {each: self.quiet[each] for each in addresses if each in self.quiet}

    def to(self, external_id: str) -> list[Posted]:
        return [post for post in self.posted if post.address.external_id == external_id]
