from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.playground import Hub, PlaygroundClock, PlaygroundMessenger, PlaygroundStore
from adapters.playground.travel import MOST_STEPS, TimeTravel, next_day, next_friday
from bot.errors import NotFound
from bot.message import Message, Paragraph
from bot.ports import Address, Line, Reply, Submission, Tap
from bot.usecases.directory import PersonCard
from tests.support.clock import MONDAY_MORNING, StillClock

LONDON = ZoneInfo("Europe/London")
HELLO = Message("Hello", (Paragraph("Hello"),))


class Timetable:
    """A bot that ticks; at some of its events it posts a message."""

    def __init__(
        self, events: Sequence[datetime], posts_at: Sequence[datetime], clock: PlaygroundClock
    ) -> None:
        self.events, self.posts_at, self.clock = events, posts_at, clock
        self.messenger: PlaygroundMessenger | None = None
        self.recipients = ["ada"]
        self.ticks: list[datetime] = []

    async def everyone(self) -> Sequence[PersonCard]:
        return []

    async def card(self, person_id: str) -> PersonCard:
        raise NotFound

    async def home(self, person_id: str) -> Message:
        return HELLO

    async def tap(self, tap: Tap) -> Reply:
        return Reply()

    async def submit(self, submission: Submission) -> Reply:
        return Reply()

    async def typed(self, line: Line) -> Message:
        return HELLO

    async def tick(self) -> None:
        self.ticks.append(self.clock.now())
        if self.messenger is not None and self.clock.now() in self.posts_at:
            # One after the other; the last one gets all that is left.
            to = self.recipients.pop(0) if len(self.recipients) > 1 else self.recipients[0]
            await self.messenger.post(Address("playground", "person", to), HELLO, "key")

    async def next_event(self, after: datetime) -> datetime | None:
        return min((event for event in self.events if event > after), default=None)


def hours(*numbers: float) -> list[datetime]:
    return [MONDAY_MORNING + timedelta(hours=number) for number in numbers]


@pytest.fixture
def journey(
    moving: PlaygroundClock, store: PlaygroundStore, hub: Hub, messenger: PlaygroundMessenger
) -> tuple[TimeTravel, Timetable]:
    bot = Timetable(hours(1, 2, 3, 30), hours(3), moving)
    bot.messenger = messenger
    return TimeTravel(bot, moving, store, hub, LONDON), bot


async def test_the_clock_carries_on_after_a_restart(
    store: PlaygroundStore, real: StillClock
) -> None:
    first = await PlaygroundClock.open(store, real.now)
    await first.move_to(MONDAY_MORNING + timedelta(days=2))
    real.move_by(minutes=5)

    again = await PlaygroundClock.open(store, real.now)

    assert again.now() == MONDAY_MORNING + timedelta(days=2, minutes=5)


async def test_the_clock_never_goes_back(moving: PlaygroundClock) -> None:
    await moving.move_to(MONDAY_MORNING - timedelta(days=1))

    assert moving.now() == MONDAY_MORNING


async def test_the_clock_stands_still_where_real_time_jumps_back(
    moving: PlaygroundClock, real: StillClock
) -> None:
    before = moving.now()
    real.move_by(hours=-1)

    assert moving.now() == before


@pytest.mark.parametrize(
    ("now", "friday"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 6, 12, tzinfo=UTC)),
        (datetime(2026, 3, 6, 11, 59, tzinfo=UTC), datetime(2026, 3, 6, 12, tzinfo=UTC)),
        (datetime(2026, 3, 6, 12, tzinfo=UTC), datetime(2026, 3, 13, 12, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 4, 3, 11, tzinfo=UTC)),
    ],
)
def test_the_next_friday_is_at_midday_in_london(now: datetime, friday: datetime) -> None:
    assert next_friday(now, LONDON) == friday


def test_a_day_later_is_the_same_time_on_the_clock_where_the_clocks_change() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert next_day(before, LONDON) == before + timedelta(hours=23)


async def test_travelling_ticks_at_every_event_on_the_way(
    journey: tuple[TimeTravel, Timetable], moving: PlaygroundClock
) -> None:
    travel, bot = journey

    outcome = await travel.one_day()

    assert bot.ticks == hours(0, 1, 2, 3, 24)
    assert moving.now() == MONDAY_MORNING + timedelta(days=1)
    assert outcome == "One message went out."


async def test_the_next_message_is_the_next_event_at_which_one_goes_out(
    journey: tuple[TimeTravel, Timetable], moving: PlaygroundClock
) -> None:
    travel, bot = journey

    await travel.next_message()

    assert bot.ticks == hours(0, 1, 2, 3)
    assert moving.now() == MONDAY_MORNING + timedelta(hours=3)


async def test_the_next_message_can_be_the_next_one_in_some_conversations(
    moving: PlaygroundClock, store: PlaygroundStore, hub: Hub, messenger: PlaygroundMessenger
) -> None:
    bot = Timetable(hours(1, 2, 3), hours(1, 3), moving)
    bot.messenger = messenger
    bot.recipients = ["bo", "ada"]

    await TimeTravel(bot, moving, store, hub, LONDON).next_message({"dm:ada"})

    assert moving.now() == MONDAY_MORNING + timedelta(hours=3)


async def test_nothing_due_is_said_kindly(
    moving: PlaygroundClock, store: PlaygroundStore, hub: Hub
) -> None:
    bot = Timetable(hours(24 * 40), [], moving)

    outcome = await TimeTravel(bot, moving, store, hub, LONDON).next_message()

    assert outcome == "Nothing is due in the next three weeks."
    assert moving.now() == MONDAY_MORNING


async def test_a_search_for_a_message_ends(
    moving: PlaygroundClock, store: PlaygroundStore, hub: Hub
) -> None:
    bot = Timetable(hours(*(number / 100 for number in range(2 * MOST_STEPS))), [], moving)

    await TimeTravel(bot, moving, store, hub, LONDON).next_message()

    assert len(bot.ticks) == MOST_STEPS + 1


async def test_open_tabs_see_time_move_and_then_what_came_of_it(
    journey: tuple[TimeTravel, Timetable], hub: Hub
) -> None:
    travel, _ = journey
    with hub.tab("bo") as tab:
        await travel.next_message()
        told = [await tab.next() for _ in range(5)]

    kinds = [event.kind for event in told if event]
    assert kinds == ["progress", "clock", "clock", "clock", "progress"]
    assert [event.data.get("running") for event in told if event][0::4] == [True, False]
