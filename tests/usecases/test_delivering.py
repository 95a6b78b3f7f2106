"""A message is sent once: whatever the platform says, and wherever the process dies."""

from __future__ import annotations

from asyncio import CancelledError
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.workqueue.inline import InlineQueue
from bot.errors import PlatformError, TryLater, Undeliverable
from bot.message import Message
from bot.ports import Address
from bot.store import deliveries
from bot.store.tables import Delivery
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import deliver
from bot.usecases.plan import plan
from bot.usecases.tick import tick
from tests.support.organisation import World, line, team_of
from tests.support.tables import rows_of

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def due(world: World) -> World:
    """One person, whose welcome has just come due."""
    await world.import_lines([line("ada", manager="")])
    await world.launch()
    world.clock.move_to(NINE)
    return world


async def states(world: World) -> list[str]:
    return [row["state"] for row in await rows_of(world.core, "delivery")]


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
        (stale,) = await deliveries.claim(session, PLAYGROUND, due.clock.now(), limit=50)
        await deliveries.doubt_claims(session, PLAYGROUND)
    async with due.core.database.reading() as session:
        assert await deliveries.claimed(session, stale) is None


class Hole:
    """A platform whose client fails in a way that nobody foresaw."""

    async def post(self, address: Address, message: Message, key: str) -> str:
        raise RuntimeError("something odd")

    async def find(self, address: Address, key: str) -> str | None:
        return None

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        raise RuntimeError("something odd")


async def test_a_message_that_always_goes_missing_is_given_up(due: World) -> None:
    queue = InlineQueue()
    core = replace(due.core, messengers={PLAYGROUND: Hole()}, queue=queue)
    queue.serve(lambda workspace_id: deliver(core, workspace_id))
    for _ in range(12):
        await tick(core)
    assert await states(due) == ["failed"]


async def test_a_tick_that_is_cut_off_in_the_middle_leaves_nobody_behind(world: World) -> None:
    await world.import_lines(team_of(4))
    await world.launch()
    world.clock.move_to(NINE)
    world.platform.cutting_off = 1
    with pytest.raises(CancelledError):
        await tick(world.core)
    assert (await states(world)).count("claimed") == 5
    for _ in range(3):
        await tick(world.core)
    assert set(await states(world)) == {"sent"}
    assert [len(world.inbox(name)) for name in world.ids] == [1] * 5
