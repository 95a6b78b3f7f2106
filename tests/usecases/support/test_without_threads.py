"""On a platform without threads, as Teams is, a line goes where there can be no doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.desk import ask, pick_up, press, request_of, say
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.reading import buttons, words


@pytest.fixture
def platform() -> MemoryPlatform:
    return MemoryPlatform()


async def test_the_only_conversation_that_one_has_or_had_needs_no_name(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    await say(desk, "ann", "I can't sleep")
    got = desk.inbox(name)[-1].message
    assert "I can't sleep" in words(got)
    request = await request_of(desk, "ann")
    assert [(b.action, b.value) for b in buttons(got)] == [("support.write", request.id)]
    assert request.alias in buttons(got)[0].label


async def test_a_command_is_still_one(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    count = len(desk.inbox(name))
    assert "break" in await say(desk, "ann", "pause")
    assert len(desk.inbox(name)) == count


async def test_with_two_a_line_needs_a_name_or_a_choice(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    desk.clock.move_to(desk.clock.now() + timedelta(days=8))
    await ask(desk, "amir", wanted=desk.ids[name])
    await press(desk, name, "support.claim")
    count = len(desk.platform.posted)
    assert "couldn't be sure for whom" in await say(desk, name, "hello")
    assert len(desk.platform.posted) == count
    alias = (await request_of(desk, "amir")).alias
    await say(desk, name, f"{alias.upper()}: hello")
    got = words(desk.inbox("amir")[-1].message)
    assert "hello" in got
    assert alias.upper() not in got


async def test_a_line_that_may_be_meant_for_one_who_has_gone_goes_to_nobody(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    await press(desk, "ann", "support.close")
    desk.clock.move_to(desk.clock.now() + timedelta(days=8))
    await ask(desk, "amir", wanted=desk.ids[name])
    await press(desk, name, "support.claim")
    count = len(desk.platform.posted)
    assert "couldn't be sure for whom" in await say(desk, name, "goodbye then")
    assert len(desk.platform.posted) == count
