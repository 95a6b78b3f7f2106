from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.ports import Tap
from bot.store.database import Database
from bot.usecases.core import Core
from bot.usecases.dispatch import tap
from bot.usecases.support.clock import keep_time
from tests.support.desk import VOLUNTEERS, ask, asked, request_of
from tests.support.organisation import World
from tests.support.tables import rows_of

LONG_ENOUGH = 60
TAPS = 100


@pytest.fixture
async def other(core: Core, database_url: str) -> AsyncIterator[Core]:
    """The core of a second process."""
    database = Database(database_url)
    yield replace(core, database=database)
    await database.close()


async def test_of_a_hundred_who_pick_it_up_at_once_on_two_replicas_one_has_it(
    desk: World, other: Core
) -> None:
    await ask(desk, "ann")
    names = asked(desk)
    request = await request_of(desk, "ann")
    async with asyncio.timeout(LONG_ENOUGH):
        replies = await asyncio.gather(
            *(
                tap(
                    (desk.core, other)[number % 2],
                    Tap(desk.ids[names[number % 3]], "support.claim", request.id),
                )
                for number in range(TAPS)
            )
        )
    holder = (await request_of(desk, "ann")).warrior_id
    said = [reply.notice.summary for reply in replies if reply.notice]
    won = [said[number] for number in range(TAPS) if desk.ids[names[number % 3]] == holder]
    lost = [said[number] for number in range(TAPS) if desk.ids[names[number % 3]] != holder]
    assert all("it's yours" in each for each in won)
    assert all("Somebody else has picked this up" in each for each in lost)
    offers = await rows_of(desk.core, "supportoffer")
    assert [offer["state"] for offer in offers].count("taken") == 1
    began = [row for row in await rows_of(desk.core, "supportnotice") if row["kind"] == "yours"]
    assert len(began) == 1


async def test_several_who_ask_at_once_never_fill_a_volunteer_beyond_their_cap(
    desk: World, other: Core
) -> None:
    askers = ("ann", "amir", "asha")
    for name in askers:
        await ask(desk, name)
    requests = [await request_of(desk, name) for name in askers]
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(
            *(
                tap(core, Tap(desk.ids[name], "support.claim", request.id))
                for core in (desk.core, other)
                for name in asked(desk)
                for request in requests
            ),
            return_exceptions=True,  # not everybody was asked for each
        )
    held = [(await request_of(desk, name)).warrior_id for name in askers]
    assert all(held.count(desk.ids[name]) <= 1 for name in VOLUNTEERS)


async def test_two_clocks_take_each_step_once(desk: World, other: Core) -> None:
    await ask(desk, "ann", urgency="today")
    request = await request_of(desk, "ann")
    assert request.next_at is not None
    desk.clock.move_to(request.next_at)
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(*(keep_time(core, request.next_at) for core in (desk.core, other) * 3))
    letters = [row["kind"] for row in await rows_of(desk.core, "supportnotice")]
    assert letters.count("still_looking") == 1
