from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotFound
from bot.message import ChoiceField
from tests.support.desk import ask, last, pick_up, press
from tests.support.organisation import World

THURSDAY_AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


@pytest.fixture
async def talking(desk: World) -> tuple[World, str]:
    """Somebody and the volunteer who picked it up."""
    await ask(desk, "ann")
    return desk, await pick_up(desk)


async def choose(world: World, **fields: str) -> None:
    value = last(world, "ann", "support.look_in").button("support.look_in").value
    await world.submit("ann", "support.look_in.save", value, **fields)


async def test_only_working_days_of_the_next_ten_can_be_chosen(talking: tuple[World, str]) -> None:
    world, _ = talking
    form = (await press(world, "ann", "support.look_in")).form
    assert form is not None
    days = form.fields[0]
    assert isinstance(days, ChoiceField)
    assert [choice.value for choice in days.choices] == [
        *(f"2026-11-{day}" for day in (25, 26, 27, 30)),
        *(f"2026-12-0{day}" for day in (1, 2, 3, 4)),
    ]


async def test_the_bot_looks_in_on_the_morning_of_that_day_once(talking: tuple[World, str]) -> None:
    world, _ = talking
    await choose(world, day="2026-11-26", by="bot")
    await world.live_until(THURSDAY_AT_TEN - timedelta(minutes=1))
    said = [post.message.summary for post in world.inbox("ann")]
    assert not any("look in on you today" in each for each in said)
    await world.live_until(THURSDAY_AT_TEN + timedelta(days=1))
    said = [post.message.summary for post in world.inbox("ann")]
    assert sum("look in on you today" in each for each in said) == 1


async def test_the_volunteer_is_asked_to_if_they_still_talk(talking: tuple[World, str]) -> None:
    world, name = talking
    await choose(world, day="2026-11-26", by="volunteer")
    await world.live_until(THURSDAY_AT_TEN)
    assert "asked you to look in" in world.inbox(name)[-1].message.summary


async def test_the_bot_does_it_if_they_have_stopped_talking(talking: tuple[World, str]) -> None:
    world, name = talking
    await choose(world, day="2026-11-26", by="volunteer")
    await press(world, "ann", "support.close")
    await world.live_until(THURSDAY_AT_TEN)
    assert "look in on you today" in world.inbox("ann")[-1].message.summary
    assert not any("asked you to look in" in p.message.summary for p in world.inbox(name))


async def test_a_day_that_was_chosen_can_be_left(talking: tuple[World, str]) -> None:
    world, _ = talking
    await choose(world, day="2026-11-26", by="bot")
    await choose(world, day="", by="bot")
    await world.live_until(THURSDAY_AT_TEN)
    assert not any("look in on you today" in p.message.summary for p in world.inbox("ann"))


async def test_a_day_that_was_not_offered_is_refused(talking: tuple[World, str]) -> None:
    world, _ = talking
    for day in ("2026-11-24", "2026-11-28", "2027-01-04", "someday"):
        with pytest.raises(NotFound, match="can't be chosen"):
            await choose(world, day=day, by="bot")


async def test_nobody_chooses_for_somebody_else(talking: tuple[World, str]) -> None:
    world, name = talking
    value = last(world, "ann", "support.look_in").button("support.look_in").value
    for other in (name, "mia", "amir"):
        with pytest.raises(NotFound):
            await world.submit(other, "support.look_in.save", value, day="2026-11-26", by="bot")
