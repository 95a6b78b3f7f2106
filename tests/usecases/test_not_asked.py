"""A platform that can't be asked: what goes out is written down first, and only that is in doubt.

What becomes of it there is the messenger's choice: it counts as sent, or it is sent again.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState, Next
from bot.domain.pace import SendingLimits
from bot.message import Message
from bot.ports import Address
from bot.store import deliveries
from bot.store.deliveries import Claim
from bot.store.tables import Delivery
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.deliver import LOOKS_UP_EVERY_S, deliver
from bot.usecases.plan import plan
from tests.support.delivering import five_people_are_due, on_platform, states, until
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of
from tests.support.ticking import tick
from tests.support.timer import SkippingTimer

MISS, REPEAT = "unknown", None
either = pytest.mark.parametrize("found", [MISS, REPEAT])


class Mute(MemoryPlatform):
    """A platform that doesn't say what has arrived. It answers when it is let go."""

    def __init__(self, found: str | None, in_flight: int = 8, lands_within_s: float = 0) -> None:
        super().__init__(SendingLimits(None, None, in_flight, lands_within_s, can_be_asked=False))
        self.answers, self.at_once = asyncio.Event(), 0
        self._found = found

    async def post(self, address: Address, message: Message, key: str) -> str:
        self.at_once += 1
        try:
            await self.answers.wait()
        finally:
            self.at_once -= 1
        return await super().post(address, message, key)

    async def find(self, address: Address, key: str) -> str | None:
        return self._found

    def answering(self) -> Mute:
        self.answers.set()
        return self


async def claimed(core: Core, world: World) -> list[Claim]:
    await plan(core, world.clock.now())
    async with core.database.writing() as session:
        return await deliveries.claim(session, PLAYGROUND, world.clock.now(), limit=50)


def received(platform: MemoryPlatform) -> list[str]:
    return [posted.key for posted in platform.posted]


@either
async def test_what_was_claimed_and_never_begun_is_sent_by_the_next_worker(
    world: World, found: str | None
) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(found).answering())
    claims = await claimed(core, world)
    await tick(core)
    assert sorted(received(platform)) == sorted(claim.delivery_id for claim in claims)
    assert set(await states(world)) == {"sent"}


@pytest.mark.parametrize(("found", "copies"), [(MISS, 0), (REPEAT, 1)])
async def test_what_was_begun_counts_as_sent_or_is_sent_again(
    world: World, found: str | None, copies: int
) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(found).answering())
    claims = await claimed(core, world)
    async with core.database.writing() as session:
        assert await deliveries.begin(session, claims[:2], world.clock.now())
    for _ in range(2):
        await tick(core)
    assert set(await states(world)) == {"sent"}
    times = [received(platform).count(claim.delivery_id) for claim in claims]
    assert times == [copies, copies, 1, 1, 1]


@either
async def test_what_is_under_way_is_written_down_and_nothing_else_is(
    world: World, found: str | None
) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(found, in_flight=2))
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: platform.at_once == 2)
    assert sorted(await states(world)) == ["claimed"] * 3 + ["unknown"] * 2
    platform.answers.set()
    assert not await work
    assert set(await states(world)) == {"sent"}


@either
async def test_a_worker_that_is_stopped_hands_back_what_it_has_not_begun(
    world: World, found: str | None
) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(found, in_flight=2))
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: platform.at_once == 2)
    work.cancel()
    platform.answers.set()
    await asyncio.wait([work])
    assert work.cancelled()
    assert sorted(await states(world)) == ["planned"] * 3 + ["sent"] * 2


async def test_a_claim_that_another_worker_has_by_now_is_not_begun(world: World) -> None:
    await five_people_are_due(world)
    stale = await claimed(world.core, world)
    async with world.core.database.writing() as session:
        await deliveries.take_over(session, PLAYGROUND, Next(DeliveryState.PLANNED))
    others = await claimed(world.core, world)
    async with world.core.database.writing() as session:
        assert not await deliveries.begin(session, stale, world.clock.now())
    async with world.core.database.reading() as session:
        assert await deliveries.standing(session, others) == set(others)


async def test_a_worker_that_was_replaced_begins_nothing_more(world: World) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(REPEAT, in_flight=1, lands_within_s=30))
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: platform.at_once == 1)
    other = Mute(REPEAT, lands_within_s=30).answering()
    await tick(on_platform(world.core, other))
    platform.answers.set()
    assert not await work
    everything = received(platform) + received(other)
    assert (len(received(platform)), len(everything), len(set(everything))) == (1, 5, 5)
    assert set(await states(world)) == {"sent"}


async def test_what_is_under_way_is_not_sent_again_when_the_clock_is_set_ahead(
    world: World,
) -> None:
    await five_people_are_due(world)
    core = on_platform(world.core, platform := Mute(REPEAT, lands_within_s=30))
    await plan(core, world.clock.now())
    await one_is_due_later(world, timedelta(minutes=30))
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: platform.at_once == 4)
    world.clock.move_by(seconds=3600)
    timer = core.timer
    assert isinstance(timer, SkippingTimer)
    timer.move_by(LOOKS_UP_EVERY_S)
    await until(lambda: platform.at_once == 5)  # it has looked up what is in doubt before
    platform.answers.set()
    assert not await work
    assert len(received(platform)) == len(set(received(platform))) == 5


async def one_is_due_later(world: World, by: timedelta) -> None:
    (first, *_) = await rows_of(world.core, "delivery")
    async with world.core.database.writing() as session:
        found = await session.get_one(Delivery, first["id"])
        found.due_at += by
