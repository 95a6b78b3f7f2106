"""What becomes of a volunteer after a tough one, and what helps during it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.shifts import Shift
from bot.store import warriors
from tests.support.desk import PEOPLE, VOLUNTEERS, ask, last, press, request_of
from tests.support.organisation import World
from tests.support.reading import words
from tests.support.tables import dump
from tests.support.ticking import tick

WEDNESDAY_MORNING = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HOW_ARE_YOU = "How is it today?"


@pytest.fixture
async def ended(desk: World) -> World:
    """Wes is the only volunteer, and has ended a conversation with ann."""
    for name in VOLUNTEERS[1:]:
        await desk.tap(name, "support.leave")
    await ask(desk, "ann")
    await press(desk, "wes", "support.claim")
    await press(desk, "wes", "support.close")
    return desk


def said_to(world: World, name: str) -> list[str]:
    return [post.message.summary for post in world.inbox(name)]


def is_asked(world: World, name: str) -> bool:
    return any(b.action == "support.claim" for post in world.inbox(name) for b in post.buttons())


def how_often(world: World, name: str, words: str) -> int:
    return sum(words in each for each in said_to(world, name))


def have_room(world: World) -> None:
    """Let the week go by in which whoever picked one up isn't asked again."""
    world.clock.move_to(world.clock.now() + timedelta(days=8))


async def test_a_tough_one_stops_offers_for_a_day(ended: World) -> None:
    have_room(ended)
    await press(ended, "wes", "support.tough")
    await ask(ended, "asha")
    assert not is_asked(ended, "wes")
    await ended.live_until(ended.clock.now() + timedelta(hours=23))
    assert not is_asked(ended, "wes")
    await ended.live_until(ended.clock.now() + timedelta(hours=2))
    assert is_asked(ended, "wes")


async def test_what_was_asked_and_not_answered_goes_to_others(desk: World) -> None:
    await ask(desk, "ann")
    name = next(each for each in VOLUNTEERS if is_asked(desk, each))
    await desk.tap(name, "support.tough")
    await tick(desk.core)
    assert not is_asked(desk, name)
    assert sum(is_asked(desk, each) for each in VOLUNTEERS) == 3


async def test_it_suggests_a_break_and_places_to_turn(ended: World) -> None:
    reply = await press(ended, "wes", "support.tough")
    assert "take a break now" in words(reply.notice)
    assert "Samaritans" in words(reply.notice)


async def test_on_the_next_working_day_i_ask_how_they_are_once(ended: World) -> None:
    await press(ended, "wes", "support.tough")
    await press(ended, "wes", "support.tough")
    await ended.live_until(WEDNESDAY_MORNING - timedelta(minutes=1))
    assert how_often(ended, "wes", HOW_ARE_YOU) == 0
    await ended.live_until(WEDNESDAY_MORNING + timedelta(days=3))
    assert how_often(ended, "wes", HOW_ARE_YOU) == 1
    actions = {button.action for button in last(ended, "wes", "support.fine").buttons()}
    assert actions >= {"support.fine", "support.debrief", "support.longer_break"}


async def test_after_a_friday_i_ask_on_monday(ended: World) -> None:
    await ended.live_until(datetime(2026, 11, 27, 16, 0, tzinfo=UTC))
    await ended.tap("wes", "support.tough")
    await ended.live_until(datetime(2026, 11, 30, 9, 59, tzinfo=UTC))
    assert how_often(ended, "wes", HOW_ARE_YOU) == 0
    await ended.live_until(datetime(2026, 11, 30, 10, 0, tzinfo=UTC))
    assert how_often(ended, "wes", HOW_ARE_YOU) == 1


async def test_a_break_from_everything_is_a_break_from_this_too(ended: World) -> None:
    await press(ended, "wes", "support.tough")
    await ended.tap("wes", "pause.start", "week")
    await ended.live_until(WEDNESDAY_MORNING + timedelta(days=1))
    assert how_often(ended, "wes", HOW_ARE_YOU) == 0


async def test_a_debrief_names_the_volunteer_and_no_conversation(ended: World) -> None:
    request = await request_of(ended, "ann")
    await press(ended, "wes", "support.tough")
    await ended.live_until(WEDNESDAY_MORNING)
    value = last(ended, "wes", "support.debrief").button("support.debrief").value
    await press(ended, "wes", "support.debrief")
    await ended.tap("wes", "support.debrief", value)
    await tick(ended.core)
    assert how_often(ended, "cora", "Wes would like a debrief") == 1
    letters = [row for row in (await dump(ended.core))["supportnotice"] if row["kind"] == "debrief"]
    assert [row["request_id"] for row in letters] == [None]
    letter = ended.inbox("cora")[-1].message
    assert request.alias not in words(letter)
    assert "Ann" not in words(letter)


async def test_what_stays_is_the_same_whatever_was_pressed(ended: World) -> None:
    replies = [
        await ended.tap("wes", action)
        for action in ("support.fine", "support.debrief", "support.longer_break")
    ]
    assert len({repr(reply.replace) for reply in replies}) == 1
    assert len({words(reply.notice) for reply in replies}) == 3


async def test_a_longer_break_lasts_until_they_say_so(ended: World) -> None:
    await ask(ended, "asha")
    await ended.tap("wes", "support.longer_break")
    have_room(ended)
    await tick(ended.core)
    assert not is_asked(ended, "wes")
    await ended.tap("wes", "support.back")
    await tick(ended.core)
    assert is_asked(ended, "wes")


async def test_a_break_from_everything_a_cap_and_shifts_are_respected(ended: World) -> None:
    await ask(ended, "asha")
    assert not is_asked(ended, "wes")  # one new a week
    have_room(ended)
    await ended.tap("wes", "pause.start", "open")
    await tick(ended.core)
    assert not is_asked(ended, "wes")
    await ended.tap("wes", "pause.end")
    async with ended.core.database.writing() as session:
        found = await warriors.warrior(session, ended.ids["wes"], to_change=True)
        assert found is not None
        found.shifts = [Shift.EVENINGS]
    await tick(ended.core)
    assert not is_asked(ended, "wes")
    ended.clock.move_to(ended.clock.now().replace(hour=17, minute=30))
    await tick(ended.core)
    assert is_asked(ended, "wes")


async def test_what_helps_is_at_hand_in_a_conversation(desk: World) -> None:
    await ask(desk, "ann")
    name = next(each for each in VOLUNTEERS if is_asked(desk, each))
    await press(desk, name, "support.claim")
    reply = await press(desk, name, "support.script")
    said = words(reply.notice)
    for part in ("Listen:", "Your limits:", "Where to turn:", "If a life may be at risk:", "999"):
        assert part in said
    assert "[A life may be at risk]" in said
    other = next(each for each in VOLUNTEERS if each != name)
    theirs = await desk.tap(other, "support.script", (await request_of(desk, "ann")).id)
    assert "[A life may be at risk]" not in words(theirs.notice)


async def test_without_a_coordinator_a_debrief_says_so(ended: World) -> None:
    await ended.import_lines([each for each in PEOPLE if not each.startswith("Cora,")])
    reply = await ended.tap("wes", "support.debrief")
    assert "couldn't reach a coordinator" in words(reply.notice)
