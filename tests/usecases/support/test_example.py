"""The example organisation: asking works from the first minute."""

from __future__ import annotations

from bot.playground import load_example
from bot.store import warriors
from bot.usecases.directory import everyone
from tests.support.desk import ask, request_of
from tests.support.organisation import World
from tests.support.ticking import tick


async def test_whoever_asks_in_the_example_is_heard_at_once(world: World) -> None:
    await load_example(world.core)
    world.ids = {card.name.split()[0].lower(): card.id for card in await everyone(world.core)}
    await tick(world.core)
    for name in ("aled", "jun", "mair", "ruth", "willa"):
        await ask(world, name)
        assert (await request_of(world, name)).state == "offered"


async def test_the_example_has_a_coordinator_and_volunteers_with_managers_of_their_own(
    world: World,
) -> None:
    await load_example(world.core)
    async with world.core.database.reading() as session:
        listed = await warriors.listed(session)
        assert len(await warriors.coordinators(session)) == 1
    assert len(listed) == len({each.manager_id for each in listed}) == 7


async def test_nobody_there_is_asked_to_become_a_volunteer(world: World) -> None:
    await load_example(world.core)
    await world.live_until(world.clock.now().replace(hour=23))
    said = [post.message.summary for post in world.platform.posted]
    assert not any("you're welcome as a Wellbeing Warrior" in each for each in said)
