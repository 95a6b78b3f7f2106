"""The playground's file is shared: one process moves time and shows pages, others send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.playground import (
    CoreBot,
    Hub,
    PlaygroundClock,
    PlaygroundMessenger,
    PlaygroundStore,
    SharedClock,
    after_journeys,
    following,
)
from adapters.playground.clock import real_time
from adapters.playground.events import Tab
from adapters.playground.partner import STILL_SENDING, StillSending
from adapters.playground.travel import TimeTravel
from bot.message import Message, Paragraph
from bot.ports import Address
from bot.usecases.core import Core
from tests.support.clock import MONDAY_MORNING, StillClock

LONG_ENOUGH_S = 10
ADA = Address("playground", "person", "ada")
HELLO, BYE = (Message(words, (Paragraph(words),)) for words in ("Hello", "Bye"))


@pytest.fixture
async def workers_store(store: PlaygroundStore, tmp_path: Path) -> AsyncIterator[PlaygroundStore]:
    """The same file, as another process has it."""
    opened = await PlaygroundStore.open(tmp_path / "playground.db")
    yield opened
    await opened.close()


@pytest.fixture
def worker(workers_store: PlaygroundStore, real: StillClock) -> PlaygroundMessenger:
    """A worker's messenger, whose own process has no tabs."""
    return PlaygroundMessenger(workers_store, Hub(), real)


async def heard(tab: Tab) -> tuple[str, str, int]:
    """The next message that a tab is told of: its kind of event, its words and its revision."""
    async with asyncio.timeout(LONG_ENOUGH_S):
        event = await tab.next()
    assert event is not None
    message = event.data["message"]
    return event.kind, message["body"]["summary"], message["revision"]


async def test_a_process_has_the_new_time_as_soon_as_another_one_has_moved_the_clock(
    store: PlaygroundStore, workers_store: PlaygroundStore, real: StillClock
) -> None:
    webs = await SharedClock.open(store, real.now)
    workers = await SharedClock.open(workers_store, real.now)
    assert workers.now() == MONDAY_MORNING

    await webs.move_to(MONDAY_MORNING + timedelta(days=1))

    assert workers.now() == webs.now() == MONDAY_MORNING + timedelta(days=1)


async def test_a_worker_ticks_as_soon_as_another_process_has_moved_the_clock(
    store: PlaygroundStore, workers_store: PlaygroundStore
) -> None:
    webs, workers = await SharedClock.open(store), await SharedClock.open(workers_store)
    ticked: asyncio.Queue[datetime] = asyncio.Queue()

    async def tick() -> None:
        await ticked.put(workers.now())

    async with after_journeys(workers, tick):
        await asyncio.sleep(0.3)
        assert ticked.empty()
        for days in (1, 2):
            target = real_time() + timedelta(days=days)
            await webs.move_to(target)
            async with asyncio.timeout(LONG_ENOUGH_S):
                assert await ticked.get() >= target


async def test_a_tab_is_shown_what_another_process_posts_and_replaces(
    store: PlaygroundStore, hub: Hub, worker: PlaygroundMessenger
) -> None:
    async with following(store, hub):
        with hub.tab("ada") as tab:
            message_id = await worker.post(ADA, HELLO, "key")
            assert await heard(tab) == ("posted", "Hello", 0)
            await worker.update(ADA, message_id, BYE)
            assert await heard(tab) == ("posted", "Bye", 1)


async def test_a_tab_that_opens_is_shown_what_came_while_none_was_open(
    store: PlaygroundStore, hub: Hub, worker: PlaygroundMessenger
) -> None:
    async with following(store, hub):
        await worker.post(ADA, HELLO, "key")
        with hub.tab("ada") as tab:
            assert await heard(tab) == ("posted", "Hello", 0)


async def test_what_was_posted_here_is_shown_once(
    store: PlaygroundStore, hub: Hub, messenger: PlaygroundMessenger, worker: PlaygroundMessenger
) -> None:
    async with following(store, hub):
        with hub.tab("ada") as tab:
            await messenger.post(ADA, HELLO, "one")
            await worker.post(ADA, BYE, "another")
            assert [await heard(tab), await heard(tab)] == [
                ("posted", "Hello", 0),
                ("posted", "Bye", 0),
            ]


class Unserved:
    """A queue that nobody serves."""

    async def enqueue(self, workspace_ids: object, connection: object) -> None: ...

    async def wake(self, workspace_id: str) -> None: ...

    async def rest(self) -> None:
        raise TimeoutError


async def test_a_journey_on_which_nobody_sends_ends_with_a_kind_sentence(
    town: Core, moving: PlaygroundClock, store: PlaygroundStore, hub: Hub
) -> None:
    unserved = Core(
        clock=town.clock,
        database=town.database,
        inbox=town.inbox,
        library=town.library,
        messengers=town.messengers,
        queue=Unserved(),
        collecting_keys=town.collecting_keys,
        tallying_keys=town.tallying_keys,
    )
    bot = CoreBot(unserved)
    with pytest.raises(StillSending):
        await bot.tick()

    said = await TimeTravel(bot, moving, store, hub, ZoneInfo("Europe/London")).one_day()

    assert said == STILL_SENDING
