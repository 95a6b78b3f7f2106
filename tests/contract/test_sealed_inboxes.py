"""What every inbox promises, in files and in tables."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import InboxGone
from bot.store.database import Database, Lock, hold
from bot.store.inbox import SealedInbox, open_inbox

LONG_ENOUGH = 20
MARKERS = [bytes([n]) * 32 for n in (0x10, 0x80, 0xF0)]
MARKER, OTHER, _ = MARKERS
BOX = b"a box that is easily found".ljust(120, b"!")
NEW_BOX = b"a second box, of one length".ljust(120, b"?")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def inbox(database: Database, tmp_path: Path) -> SealedInbox:
    """An inbox in which the round r1 is open."""
    made = open_inbox(database, tmp_path / "inbox")
    await made.create("r1")
    return made


async def test_a_new_inbox_is_empty(inbox: SealedInbox) -> None:
    assert await inbox.boxes("r1") == []


async def test_a_box_comes_back_as_it_was(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert await inbox.boxes("r1") == [(MARKER, BOX)]


async def test_a_second_box_replaces_the_first(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", MARKER, NEW_BOX)
    assert await inbox.boxes("r1") == [(MARKER, NEW_BOX)]


async def test_a_withdrawn_box_is_gone_and_the_others_stay(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", OTHER, NEW_BOX)
    await inbox.withdraw("r1", MARKER)
    assert await inbox.boxes("r1") == [(OTHER, NEW_BOX)]


async def test_withdrawing_without_a_box_does_nothing(inbox: SealedInbox) -> None:
    await inbox.put("r1", OTHER, BOX)
    await inbox.withdraw("r1", MARKER)
    assert await inbox.boxes("r1") == [(OTHER, BOX)]


async def test_each_round_has_an_inbox_of_its_own(inbox: SealedInbox) -> None:
    await inbox.create("r2")
    await inbox.put("r1", MARKER, BOX)
    assert await inbox.boxes("r2") == []
    assert await inbox.rounds() == {"r1", "r2"}


async def test_a_round_may_be_named_as_programmes_and_days_are(inbox: SealedInbox) -> None:
    name = 'team_pulse-2026-11-24 "%s" 100% :x'
    await inbox.create(name)
    await inbox.put(name, MARKER, BOX)
    await inbox.blur()
    assert await inbox.boxes(name) == [(MARKER, BOX)]
    assert name in await inbox.rounds()
    await inbox.drop(name)
    assert await inbox.rounds() == {"r1"}


async def test_an_inbox_that_an_opening_left_behind_is_replaced(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.create("r1")
    assert await inbox.boxes("r1") == []


async def test_an_inbox_is_made_while_its_round_is_being_planned(
    inbox: SealedInbox, database: Database
) -> None:
    async with asyncio.timeout(LONG_ENOUGH), database.writing() as session:
        await hold(session, Lock.PLANNING)
        await inbox.create("r2")
        await inbox.drop("r1")
    assert await inbox.rounds() == {"r2"}


async def test_people_who_answer_at_the_same_time_all_get_in(inbox: SealedInbox) -> None:
    markers = [bytes([n]) * 32 for n in range(20)]
    await asyncio.gather(*(inbox.put("r1", marker, BOX) for marker in markers))
    assert await inbox.boxes("r1") == [(marker, BOX) for marker in markers]


async def test_nothing_is_lost_when_answers_come_while_the_inbox_is_blurred(
    inbox: SealedInbox,
) -> None:
    markers = [bytes([n]) * 32 for n in range(60)]

    async def blur() -> None:
        for _ in range(10):
            await inbox.blur()

    async def look() -> None:
        for _ in range(10):
            await inbox.boxes("r1")

    async def answer(some: list[bytes]) -> None:
        for marker in some:
            await inbox.put("r1", marker, BOX)
            await inbox.put("r1", marker, NEW_BOX)

    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(blur(), blur(), look(), *(answer(markers[n::4]) for n in range(4)))
    assert await inbox.boxes("r1") == [(marker, NEW_BOX) for marker in markers]


@pytest.mark.parametrize("order", list(itertools.permutations(MARKERS)))
async def test_boxes_come_back_in_the_same_order_whoever_was_first(
    inbox: SealedInbox, order: tuple[bytes, ...]
) -> None:
    for marker in order:
        await inbox.put("r1", marker, BOX)
    assert await inbox.boxes("r1") == [(marker, BOX) for marker in MARKERS]


# --- closing -------------------------------------------------------------------------------


async def test_an_answer_to_a_round_that_is_gone_is_not_kept(inbox: SealedInbox) -> None:
    await inbox.drop("r1")
    with pytest.raises(InboxGone):
        await inbox.put("r1", MARKER, BOX)
    with pytest.raises(InboxGone):
        await inbox.withdraw("r1", MARKER)
    assert await inbox.rounds() == frozenset()


async def test_a_dropped_inbox_is_gone_rather_than_empty(inbox: SealedInbox) -> None:
    await inbox.drop("r1")
    for gone in ("r1", "never"):
        with pytest.raises(InboxGone):
            await inbox.boxes(gone)


async def test_answers_that_come_while_an_inbox_is_dropped_are_told_that_it_is_gone(
    inbox: SealedInbox,
) -> None:
    puts = [inbox.put("r1", bytes([n]) * 32, b"box") for n in range(12)]
    async with asyncio.timeout(LONG_ENOUGH):
        outcomes = await asyncio.gather(
            *puts[:6], inbox.drop("r1"), *puts[6:], return_exceptions=True
        )
    assert {type(outcome) for outcome in outcomes} <= {type(None), InboxGone}


async def test_dropping_twice_does_nothing(inbox: SealedInbox) -> None:
    await inbox.drop("r1")
    await inbox.drop("r1")
    await inbox.drop("never")
    assert await inbox.rounds() == frozenset()
