"""An attacker who writes the inbox: copies, replays, deletes, adds, cuts and changes boxes.

The worst is tried first: of a round in which only the victim answered, one box becomes as many as
people are counted. If they all opened, what is published would be the victim's answer.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.domain.bands import Band, publish
from bot.domain.gate import GateRules
from bot.domain.sealed_answer import (
    marker,
    marker_key_id,
    new_key_pair,
    new_marker_key,
    seal,
    unseal_all,
)
from bot.store.tables import Publication, Round
from tests.attacks.place import Place
from tests.attacks.published_stage import (
    HIGH,
    LOW,
    NO_IDEA,
    VALUES,
    a_world,
    agreement,
    close_now,
    is_band,
    open_next,
    publications,
    verdict_of,
)
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.support.organisation import World, team_of

RULES: Final = GateRules()
# So many that bands are as narrow as they get.
STAFF: Final = [f"boss-{number}" for number in range(1, 5 * RULES.counted + 1)]
VICTIMS: Final = STAFF[: RULES.answers + 2]
COPIED: Final = 2 * len(VALUES) - 1  # rounds: the top band holds two values
MARKER_BYTES: Final = 32


class Design(Protocol):
    """Rounds whose inbox the attacker reads and writes."""

    name: str
    database: str

    async def open(self) -> None: ...

    async def answer(self, person: str, value: int) -> None: ...

    async def boxes(self) -> list[tuple[bytes, bytes]]: ...

    async def put(self, mark: bytes, box: bytes) -> None: ...

    async def close(self) -> Callable[[Band | None], bool]:
        """End the round. What comes back says whether this is what the summary shows."""


async def copy_a_box(design: Design) -> Verdict:
    """In each round another victim; the attacker says what that one answered."""
    said: list[tuple[object, object]] = []
    for number, victim in enumerate(STAFF[:COPIED]):
        truth = VALUES[number % len(VALUES)]
        await design.open()
        await design.answer(victim, truth)
        ((_, box),) = await design.boxes()
        for _ in STAFF[1:]:
            await design.put(secrets.token_bytes(MARKER_BYTES), box)
        shows = await design.close()
        fits = [value for value in VALUES if shows(_all_of(value))]
        said.append((fits[0] if fits else NO_IDEA, truth))
    return verdict_of(
        "Copies a box under other markers",
        "may write the inbox; the summary",
        design.name,
        design.database,
        said,
    )


def _all_of(value: int) -> Band | None:
    """What is published if everybody answers alike."""
    counts = [len(STAFF) * (value == each) for each in VALUES]
    return publish(counts, LOW, HIGH, RULES, len(STAFF))


# --- ours ------------------------------------------------------------------------------------


@dataclass(slots=True)
class OurRounds:
    """Round after round of the real bot, each with its real close."""

    world: World
    database: str
    name: str = OURS
    opened: Round | None = None
    questions: list[str] = field(default_factory=list)
    ended: Round | None = None

    @property
    def round(self) -> Round:
        assert self.opened is not None
        return self.opened

    async def open(self) -> None:
        self.opened = await open_next(self.world)
        self.questions = await agreement(self.world, STAFF[0], self.round.id)
        assert self.questions

    async def answer(self, person: str, value: int) -> None:
        fields = dict.fromkeys(self.questions, str(value))
        await self.world.submit(person, "pulse.submit", self.round.id, **fields)

    async def boxes(self) -> list[tuple[bytes, bytes]]:
        return await self.world.core.inbox.boxes(self.round.id)

    async def put(self, mark: bytes, box: bytes) -> None:
        await self.world.core.inbox.put(self.round.id, mark, box)

    async def delete(self, mark: bytes) -> None:
        await self.world.core.inbox.withdraw(self.round.id, mark)

    async def close(self) -> Callable[[Band | None], bool]:
        row = await self.result()
        return lambda band: is_band(row, band)

    async def result(self) -> Publication:
        """End the round, and what was made known of its first question."""
        self.ended = await close_now(self.world, self.round)
        rows = await publications(self.world, self.round.id)
        return next(row for (_, question), row in rows.items() if question == self.questions[0])


@asynccontextmanager
async def our_rounds(place: Place) -> AsyncIterator[OurRounds]:
    async with a_world(place, team_of(len(STAFF)), STAFF[: max(COPIED, len(VICTIMS))]) as world:
        yield OurRounds(world, place.database)


# --- what else somebody could write ----------------------------------------------------------


async def replay_earlier_boxes(design: OurRounds) -> None:
    """Put the boxes of a round before into this one, under the same markers."""
    earlier = await design.boxes()
    await design.close()
    await design.open()
    for mark, box in earlier:
        await design.put(mark, box)


async def copy_over_others(design: OurRounds) -> None:
    (_, box), *others = await design.boxes()
    for mark, _ in others:
        await design.put(mark, box)


async def swap_two(design: OurRounds) -> None:
    (one, box), (other, other_box), *_ = await design.boxes()
    await design.put(one, other_box)
    await design.put(other, box)


async def cut_one_short(design: OurRounds) -> None:
    (mark, box), *_ = await design.boxes()
    await design.put(mark, box[:-1])


async def change_a_bit(design: OurRounds) -> None:
    (mark, box), *_ = await design.boxes()
    await design.put(mark, bytes([*box[:-1], box[-1] ^ 1]))


async def add_own_with_the_public_key(design: OurRounds) -> None:
    """Sealed as they should be, but with a marker key of the attacker's own."""
    keys = await design.world.core.collecting_keys.collecting(design.round.id)
    await _add(design, keys.public_key, new_marker_key(), 2)


async def add_more_than_are_counted(design: OurRounds) -> None:
    """With all that the collecting side has; only the number gives it away."""
    keys = await design.world.core.collecting_keys.collecting(design.round.id)
    await _add(design, keys.public_key, keys.marker_key, len(STAFF))


async def _add(design: OurRounds, public_key: bytes, marker_key: bytes, boxes: int) -> None:
    id_ = marker_key_id(marker_key, design.round.id)
    for number in range(boxes):
        mark = marker(marker_key, design.round.id, f"nobody {number}")
        box = seal(public_key, design.round.id, mark, 0, [HIGH, HIGH], key_id=id_)
        await design.put(mark, box)


TAMPERING: Final[Mapping[Callable[[OurRounds], Awaitable[None]], str]] = {
    replay_earlier_boxes: "box_damaged",
    copy_over_others: "box_damaged",
    swap_two: "box_damaged",
    cut_one_short: "box_damaged",
    change_a_bit: "box_damaged",
    add_own_with_the_public_key: "keys_mixed",
    add_more_than_are_counted: "too_many_boxes",
}


# --- a weaker one ----------------------------------------------------------------------------


@dataclass(slots=True)
class Unbound:
    """Boxes are sealed for their round, and not for their marker."""

    name: str = "a box that isn't bound to its marker"
    database: str = EITHER
    rows: dict[bytes, bytes] = field(default_factory=dict)
    public_key: bytes = b""
    private_key: bytes = b""
    marker_key: bytes = b""

    async def open(self) -> None:
        self.public_key, self.private_key = new_key_pair()
        self.marker_key = new_marker_key()
        self.rows = {}

    async def answer(self, person: str, value: int) -> None:
        id_ = marker_key_id(self.marker_key, "round")
        box = seal(self.public_key, "round", b"any marker", 0, [value], key_id=id_)
        self.rows[marker(self.marker_key, "round", person)] = box

    async def boxes(self) -> list[tuple[bytes, bytes]]:
        return list(self.rows.items())

    async def put(self, mark: bytes, box: bytes) -> None:
        self.rows[mark] = box

    async def close(self) -> Callable[[Band | None], bool]:
        boxes = [(b"any marker", box) for box in self.rows.values()]
        opened = unseal_all(self.private_key, "round", boxes)
        assert len(opened) <= len(STAFF)
        values = [answer.answers[0] for answer in opened]
        shown = publish([values.count(value) for value in VALUES], LOW, HIGH, RULES, len(STAFF))
        return lambda band: band == shown
