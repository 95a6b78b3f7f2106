from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.shifts import Shift
from bot.message import Message
from tests.support.desk import PEOPLE, ask, asked, request_of, volunteer
from tests.support.organisation import World
from tests.support.reading import words

AT_NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
IN_THE_MORNING = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


@pytest.fixture
async def night(world: World) -> World:
    await world.import_lines(PEOPLE)
    await world.launch()
    await volunteer(world, "wes", "val")
    await world.live_until(AT_NIGHT)
    return world


async def test_that_nobody_is_there_is_said_before_it_is_sent(night: World) -> None:
    form = (await night.tap("ann", "support.open")).form
    assert form is not None
    shown = words(Message("", form.intro))
    assert "Nobody is there just now" in shown
    assert "999" in shown


async def test_nobody_is_woken_and_all_are_asked_in_the_morning(night: World) -> None:
    await ask(night, "ann", urgency="today")
    assert asked(night) == []
    assert (await request_of(night, "ann")).state == "open"
    await night.live_until(IN_THE_MORNING - timedelta(minutes=1))
    assert asked(night) == []
    await night.live_until(IN_THE_MORNING + timedelta(minutes=1))
    assert sorted(asked(night)) == ["val", "wes"]


async def test_the_clock_starts_in_the_morning(night: World) -> None:
    await ask(night, "ann", urgency="today")
    await night.live_until(IN_THE_MORNING + timedelta(minutes=59))
    assert not any("coordinator" in post.message.summary for post in night.inbox("ann"))
    await night.live_until(IN_THE_MORNING + timedelta(minutes=60))
    assert any("told the coordinator" in post.message.summary for post in night.inbox("ann"))


async def test_a_volunteer_of_the_evenings_is_asked_in_the_evening(night: World) -> None:
    await volunteer(night, "vic", shifts=(Shift.EVENINGS,))
    await night.live_until(datetime(2026, 11, 25, 19, 0, tzinfo=UTC))
    await ask(night, "ann")
    assert asked(night) == ["vic"]
