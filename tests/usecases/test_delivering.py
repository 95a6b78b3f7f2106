"""A message is sent once: whatever the platform says, and wherever the process dies."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState, Next, Priority
from bot.domain.pace import Rate, SendingLimits
from bot.errors import PlatformError, TryLater, Undeliverable
from bot.message import Message
from bot.ports import Address
from bot.store import deliveries
from bot.store.deliveries import Result
from bot.store.tables import Delivery
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import LEASE_S, deliver
from bot.usecases.plan import plan
from bot.usecases.prepare import Letter, prepare
from tests.support.delivering import (
    LONG_ENOUGH_S,
    NINE,
    five_people_are_due,
    on_platform,
    states,
    until,
)
from tests.support.organisation import World, line
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of
from tests.support.ticking import tick
from tests.support.timer import SkippingTimer


@pytest.fixture
async def due(world: World) -> World:
    """One person, whose welcome has just come due."""
    await world.import_lines([line("ada", manager="")])
    await world.launch()
    world.clock.move_to(NINE)
    return world


async def test_a_message_carries_its_delivery_key(due: World) -> None:
    await tick(due.core)
    async with due.core.database.reading() as session:
        sent = await session.get(Delivery, due.inbox("ada")[0].key)
    assert sent is not None
    assert sent.message_id == due.inbox("ada")[0].id


async def test_a_lost_reply_is_looked_up_and_not_sent_again(due: World) -> None:
    due.platform.losing_replies = 1
    await tick(due.core)
    assert await states(due) == ["unknown"]
    await tick(due.core)
    assert await states(due) == ["sent"]
    assert len(due.inbox("ada")) == 1


async def test_a_welcome_whose_reply_was_lost_counts_as_a_welcome(due: World) -> None:
    due.platform.losing_replies = 1
    await tick(due.core)
    await due.live_until(NINE.replace(hour=12))
    assert [post.message.summary for post in due.inbox("ada")] == [
        "Hello from the Wellbeing Warrior",
        "How are you arriving today?",
    ]


async def test_to_wait_means_to_wait(due: World) -> None:
    due.platform.refusals = [TryLater(60)]
    await tick(due.core)
    due.clock.move_by(seconds=59)
    await tick(due.core)
    assert due.inbox("ada") == []
    due.clock.move_by(seconds=1)
    await tick(due.core)
    assert len(due.inbox("ada")) == 1


@pytest.mark.parametrize("error", [Undeliverable(), PlatformError()])
async def test_what_can_never_arrive_fails_and_is_left_alone(
    due: World, error: PlatformError
) -> None:
    due.platform.refusals = [error]
    await tick(due.core)
    await tick(due.core)
    assert await states(due) == ["failed"]
    assert due.inbox("ada") == []


async def test_a_process_that_died_after_claiming_loses_nothing(due: World) -> None:
    await plan(due.core, due.clock.now())
    async with due.core.database.writing() as session:
        await deliveries.claim(session, PLAYGROUND, due.clock.now(), limit=50)
    await tick(due.core)
    await tick(due.core)
    assert len(due.inbox("ada")) == 1


async def test_a_process_that_died_after_sending_repeats_nothing(due: World) -> None:
    await plan(due.core, due.clock.now())
    async with due.core.database.writing() as session:
        (claim,) = await deliveries.claim(session, PLAYGROUND, due.clock.now(), limit=50)
    address = Address(PLAYGROUND, "person", due.ids["ada"])
    await due.platform.post(address, Message("sent before it died", ()), claim.delivery_id)
    await tick(due.core)
    await tick(due.core)
    assert len(due.inbox("ada")) == 1
    assert await states(due) == ["sent"]


async def test_a_worker_whose_claim_was_taken_over_sends_nothing(due: World) -> None:
    await plan(due.core, due.clock.now())
    async with due.core.database.writing() as session:
        stale = await deliveries.claim(session, PLAYGROUND, due.clock.now(), limit=50)
        await deliveries.take_over(session, PLAYGROUND, Next(DeliveryState.UNKNOWN))
    async with due.core.database.reading() as session:
        assert await deliveries.standing(session, stale) == set()
    assert await prepare(due.core, stale) == []


async def test_a_claim_that_no_longer_stands_records_nothing(due: World) -> None:
    await plan(due.core, due.clock.now())
    async with due.core.database.writing() as session:
        (stale,) = await deliveries.claim(session, PLAYGROUND, due.clock.now(), limit=50)
        await deliveries.take_over(session, PLAYGROUND, Next(DeliveryState.UNKNOWN))
        sent = Result(stale, Next(DeliveryState.SENT), "m1", welcomed=(due.ids["ada"], NINE.date()))
        await deliveries.settle(session, [sent])
    assert await states(due) == ["unknown"]
    (ada,) = await rows_of(due.core, "person")
    assert ada["welcomed_on"] is None


class Hole(MemoryPlatform):
    """A platform whose client fails in a way that nobody foresaw."""

    async def post(self, address: Address, message: Message, key: str) -> str:
        raise RuntimeError("something odd")


async def test_a_message_that_always_goes_missing_is_given_up(due: World) -> None:
    core = on_platform(due.core, Hole())
    for _ in range(12):
        await tick(core)
    assert await states(due) == ["failed"]


async def test_a_worker_that_is_cut_off_in_the_middle_leaves_nobody_behind(world: World) -> None:
    await five_people_are_due(world)
    world.platform.cutting_off = 1
    for _ in range(3):
        await tick(world.core)
    assert set(await states(world)) == {"sent"}
    assert [len(world.inbox(name)) for name in world.ids] == [1] * 5


# --- several at once -----------------------------------------------------------------------


class Slow(MemoryPlatform):
    """A platform that answers when it is let go, and counts how many wait for it at once."""

    def __init__(self, in_flight: int) -> None:
        super().__init__(SendingLimits(in_flight=in_flight, lands_within_s=0))
        self.answers, self.at_once, self.most = asyncio.Event(), 0, 0

    async def post(self, address: Address, message: Message, key: str) -> str:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.answers.wait()
        finally:
            self.at_once -= 1
        return await super().post(address, message, key)


async def test_as_many_are_under_way_at_once_as_the_platform_takes(world: World) -> None:
    await five_people_are_due(world)
    slow = Slow(in_flight=3)
    core = on_platform(world.core, slow)
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: slow.at_once == 3)
    slow.answers.set()
    assert not await work
    assert slow.most == 3
    assert len(slow.posted) == 5


async def test_a_worker_that_is_stopped_finishes_what_is_under_way_and_hands_back_the_rest(
    world: World,
) -> None:
    await five_people_are_due(world)
    slow = Slow(in_flight=2)
    core = on_platform(world.core, slow)
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: slow.at_once == 2)
    work.cancel()
    slow.answers.set()
    async with asyncio.timeout(LONG_ENOUGH_S):
        await asyncio.wait([work])
    assert work.cancelled()
    assert sorted(await states(world)) == ["planned"] * 3 + ["sent"] * 2
    assert len(slow.posted) == 2


async def test_a_worker_that_slept_while_another_took_over_sends_nothing_more(
    world: World,
) -> None:
    await five_people_are_due(world)
    slow = Slow(in_flight=1)
    core = on_platform(world.core, slow)
    await plan(core, world.clock.now())
    work = asyncio.create_task(deliver(core, PLAYGROUND))
    await until(lambda: slow.at_once == 1)
    timer = core.timer
    assert isinstance(timer, SkippingTimer)
    timer.move_by(LEASE_S)
    await tick(world.core)  # the other: it finds four that were in hand, and one on its way
    sent_by_the_other = len(world.platform.posted)
    slow.answers.set()
    assert not await work
    assert len(slow.posted) == 1
    assert sent_by_the_other == 5
    assert set(await states(world)) == {"sent"}


# --- in which order, and for how long ------------------------------------------------------


async def rows_to_send(
    world: World, *priorities: Priority, workspace: str = PLAYGROUND
) -> list[str]:
    """One delivery of each priority, all due now, the most urgent of them the last to come due."""
    await plan(world.core, world.clock.now())
    occurrence, *_ = await rows_of(world.core, "occurrence")
    async with world.core.database.writing() as session:
        session.add_all(
            Delivery(
                id=f"{workspace}-{number}",
                occurrence_id=occurrence["id"],
                workspace_id=workspace,
                recipient=f"{workspace}-{number}",
                person_id=world.ids["ada"],
                due_at=NINE - timedelta(minutes=10 - number),
                expires_at=NINE + timedelta(hours=1),
                state=DeliveryState.PLANNED,
                priority=priority,
            )
            for number, priority in enumerate(priorities)
        )
    return [f"{workspace}-{number}" for number in range(len(priorities))]


async def test_what_somebody_waits_for_goes_first_and_summaries_last(due: World) -> None:
    summary, scheduled, personal, later = await rows_to_send(
        due, Priority.SUMMARY, Priority.SCHEDULED, Priority.PERSONAL, Priority.SCHEDULED
    )
    async with due.core.database.writing() as session:
        claims = await deliveries.claim(session, PLAYGROUND, NINE, limit=10)
    in_order = [claim.delivery_id for claim in claims]
    welcome = (set(in_order) - {summary, scheduled, personal, later}).pop()
    assert in_order == [personal, scheduled, later, welcome, summary]


async def test_a_turn_ends_when_its_time_is_over_and_says_what_is_left(world: World) -> None:
    await five_people_are_due(world)
    paced = MemoryPlatform(SendingLimits(workspace=Rate(1), in_flight=1, lands_within_s=0))
    core = on_platform(world.core, paced)
    await plan(core, world.clock.now())
    assert await deliver(core, PLAYGROUND, for_s=1.5)
    assert 0 < len(paced.posted) < 5
    assert not await deliver(core, PLAYGROUND, for_s=60)
    assert len(paced.posted) == 5


async def test_the_limit_holds_from_one_worker_to_the_next(world: World) -> None:
    await five_people_are_due(world)
    paced = MemoryPlatform(SendingLimits(workspace=Rate(1), in_flight=1, lands_within_s=0))
    core = on_platform(world.core, paced)
    timer = core.timer
    assert isinstance(timer, SkippingTimer)
    await plan(core, world.clock.now())
    await deliver(core, PLAYGROUND, for_s=1.5)
    await deliver(core, PLAYGROUND)
    assert sum(timer.slept) >= 4


async def test_a_refusal_slows_the_workspace_down_and_loses_nothing(world: World) -> None:
    await five_people_are_due(world)
    world.platform.refusals = [TryLater(3)]
    timer = world.core.timer
    assert isinstance(timer, SkippingTimer)
    await tick(world.core)
    world.clock.move_by(seconds=3)
    await tick(world.core)
    assert sum(timer.slept) >= 3
    assert set(await states(world)) == {"sent"}
    assert len(world.platform.posted) == 5


async def test_a_turn_is_not_spent_on_waiting_for_a_platform_that_asked_for_it(
    world: World,
) -> None:
    await five_people_are_due(world)
    world.platform.refusals = [TryLater(40)]
    await plan(world.core, NINE)
    timer = world.core.timer
    assert isinstance(timer, SkippingTimer)
    assert not await deliver(world.core, PLAYGROUND, for_s=10)
    assert sum(timer.slept) < 40
    assert set(await states(world)) == {"planned"}


async def test_what_expires_while_it_waits_for_its_turn_is_not_sent(due: World) -> None:
    await plan(due.core, NINE)
    async with due.core.database.writing() as session:
        claims = await deliveries.claim(session, PLAYGROUND, NINE, limit=1)
    (letter,) = await prepare(due.core, claims)
    assert isinstance(letter, Letter)
    paced = MemoryPlatform(SendingLimits(in_flight=1, lands_within_s=0))
    core = on_platform(due.core, paced)
    async with due.core.database.writing() as session:
        await deliveries.hand_back(session, claims)
    due.clock.move_to(letter.expires_at)
    await deliver(core, PLAYGROUND)
    assert await states(due) == ["expired"]
    assert paced.posted == []


async def test_a_platform_that_is_switched_off_keeps_its_deliveries(due: World) -> None:
    await plan(due.core, NINE)
    assert not await deliver(replace(due.core, messengers={}), PLAYGROUND)
    assert await states(due) == ["planned"]


# --- looking up ----------------------------------------------------------------------------


class Deaf(MemoryPlatform):
    """A platform that can't be asked for a while."""

    def __init__(self, error: PlatformError) -> None:
        super().__init__()
        self.error: PlatformError | None = error
        self.asked = 0

    async def find(self, address: Address, key: str) -> str | None:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return await super().find(address, key)


@pytest.mark.parametrize(("error", "seconds"), [(PlatformError(), 30), (TryLater(90), 90)])
async def test_a_platform_that_cannot_be_asked_is_asked_again_later(
    due: World, error: PlatformError, seconds: int
) -> None:
    deaf = Deaf(error)
    deaf.losing_replies = 1
    core = on_platform(due.core, deaf)
    await tick(core)
    await tick(core)
    due.clock.move_by(seconds=seconds - 1)
    await tick(core)
    assert (deaf.asked, await states(due)) == (1, ["unknown"])
    deaf.error = None
    due.clock.move_by(seconds=1)
    await tick(core)
    assert await states(due) == ["sent"]
    assert len(deaf.posted) == 1


async def test_a_platform_that_asks_to_wait_is_not_asked_for_the_others_either(
    world: World,
) -> None:
    await five_people_are_due(world)
    deaf = Deaf(TryLater(90))
    deaf.losing_replies = 20
    core = on_platform(world.core, deaf)
    for _ in range(3):
        await tick(core)
    assert deaf.asked < 5 * 3
    assert set(await states(world)) == {"unknown"}


async def test_what_was_cut_off_is_asked_for_only_once_it_would_have_landed(due: World) -> None:
    slow_to_land = Deaf(PlatformError())
    slow_to_land.error = None
    slow_to_land.limits = SendingLimits(in_flight=1, lands_within_s=20)
    slow_to_land.losing_replies = 1
    core = on_platform(due.core, slow_to_land)
    await tick(core)
    due.clock.move_by(seconds=19)
    await tick(core)
    assert slow_to_land.asked == 0
    due.clock.move_by(seconds=1)
    await tick(core)
    assert await states(due) == ["sent"]
    assert len(slow_to_land.posted) == 1
