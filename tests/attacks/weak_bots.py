"""The real bot with holes: in its log, in its chat, with its keys; and boxes that aren't padded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import text

from adapters.playground import CoreBot
from bot.domain import sealed_answer
from bot.message import Message, Paragraph
from bot.ports import Address, Reply, Submission
from bot.store.database import Database
from bot.store.inbox import SealedInbox, open_inbox
from bot.usecases.accounts import PLAYGROUND
from tests.attacks.haul import Haul, Knowledge, Row
from tests.attacks.place import Place
from tests.attacks.plot import ROUND
from tests.attacks.the_bot import TheBot

LABELS = ("Strongly disagree", "Disagree", "In between", "Agree", "Strongly agree")


class Leaky(CoreBot):
    """It logs what was answered, and confirms it with a message that stays."""

    async def submit(self, submission: Submission) -> Reply:
        reply = await CoreBot.submit(self, submission)
        value, *_ = submission.fields.values()
        structlog.get_logger().debug("an answer was sealed", value=value)
        words = f"Thank you. You answered {value} ."
        confirmation = Message(summary=words, parts=(Paragraph(words),))
        address = Address(PLAYGROUND, "person", str(submission.who))
        await self.core.messengers[PLAYGROUND].post(address, confirmation, self.core.new_id())
        return reply


async def keep_keys_in_the_database(bot: TheBot) -> None:
    """As if they were settings like all others."""
    async with bot.core.database.writing() as session:
        await session.execute(text("CREATE TABLE setting (name TEXT, content TEXT)"))
        for number, key in enumerate(await bot.keys_of_the_round()):
            row = {"name": f"key {number}", "content": key.hex()}
            await session.execute(text("INSERT INTO setting VALUES (:name, :content)"), row)


@dataclass(slots=True)
class UnpaddedBoxes:
    """Our inbox and our sealing, but what is sealed is as long as it happens to be."""

    place: Place
    inbox: SealedInbox
    people: Sequence[str]
    knowledge: Knowledge
    marker_key: bytes
    public_key: bytes
    name: str = "boxes that aren't padded"

    @property
    def database(self) -> str:
        return self.place.database

    async def answer(self, person: int, value: int) -> None:
        marker = self._marker(person)
        plain = json.dumps({"answer": LABELS[value - 1]}).encode()
        key = X25519PublicKey.from_public_bytes(self.public_key)
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        await self.inbox.put(ROUND, marker, suite.encrypt(plain, key, info=marker))

    async def withdraw(self, person: int) -> None:
        await self.inbox.withdraw(ROUND, self._marker(person))

    async def tick(self) -> None:
        await self.inbox.blur()

    async def close(self) -> None:
        await self.inbox.drop(ROUND)

    async def copy(self) -> Haul:
        there = ROUND in await self.inbox.rounds()
        boxes = await self.inbox.boxes(ROUND) if there else []
        return Haul({}, [Row(marker, box) for marker, box in boxes])

    async def copy_all(self) -> Haul:
        return await self.copy()

    async def back_up(self) -> Mapping[str, bytes]:
        return {}

    async def places(self) -> Mapping[int, bytes]:
        return {number: self._marker(number) for number in range(len(self.people))}

    def _marker(self, person: int) -> bytes:
        return sealed_answer.marker(self.marker_key, ROUND, self.people[person])

    async def keys_of_the_round(self) -> Collection[bytes]:
        return set()


@asynccontextmanager
async def unpadded_boxes(
    place: Place, people: int, knowledge: Knowledge
) -> AsyncIterator[UnpaddedBoxes]:
    directory: Path = place.new_directory()
    with place.new_url(directory, migrated=False) as url:
        database = Database(url)
        inbox = open_inbox(database, directory / "inbox")
        await inbox.create(ROUND)
        public_key, _ = sealed_answer.new_key_pair()
        names = [f"person-{number}" for number in range(people)]
        try:
            yield UnpaddedBoxes(
                place, inbox, names, knowledge, sealed_answer.new_marker_key(), public_key
            )
        finally:
            await database.close()
