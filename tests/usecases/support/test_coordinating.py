from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotAllowed, NotFound
from bot.message import MAX_BUTTONS, Buttons, Message
from bot.ports import Line, Reply
from bot.usecases.dispatch import typed
from bot.usecases.home import home
from tests.support.desk import (
    PEOPLE,
    ask,
    asked,
    last,
    pick_up,
    press,
    request_of,
    say,
    volunteer,
    with_roles,
)
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, words
from tests.support.ticking import tick

NEEDS_A_COORDINATOR = (
    "support.queue",
    "support.take_over",
    "support.reassign",
    "support.coordinator_close",
)


async def queue(world: World, name: str = "cora", value: str = "") -> Message:
    notice = (await world.tap(name, "support.queue", value)).notice
    assert notice is not None
    return notice


async def act(world: World, action: str, name: str = "cora") -> Reply:
    """Press the first button of this kind on what waits."""
    found = next(b for b in buttons(await queue(world, name)) if b.action == action)
    reply = await world.tap(name, action, found.value)
    await tick(world.core)
    return reply


def told(world: World, name: str, count: int) -> str:
    return "\n".join(words(posted.message) for posted in world.inbox(name)[count:])


# --- what waits ------------------------------------------------------------------------------


async def test_it_says_how_long_how_soon_and_how_far_and_not_whose(desk: World) -> None:
    await ask(desk, "ann", urgency="today", topic="loss")
    request = await request_of(desk, "ann")
    said = words(await queue(desk))
    assert "Today, please. Asked this morning. Volunteers have been asked." in said
    name = await pick_up(desk)
    await say(desk, "ann", "hello", last(desk, "ann", "support.write").id)
    for hidden in ("Ann", name.title(), request.alias, "Losing", "Trees"):
        assert hidden not in words(await queue(desk))
    desk.clock.move_to(desk.clock.now() + timedelta(days=2))
    said = words(await queue(desk))
    assert "2 days ago. A volunteer is there for them." in said
    await press(desk, "ann", "support.close")
    assert "No request is open" in words(await queue(desk))


async def test_a_coordinator_types_queue_and_to_others_it_is_a_word_like_any(desk: World) -> None:
    assert "What waits" in await say(desk, "cora", "Queue")
    for name in ("ann", "wes", "mia", "sam", "hal"):
        assert await say(desk, name, "queue") == await say(desk, name, "asdf qwer")
    for name, knows in (("cora", True), ("ann", False)):
        listed = await typed(desk.core, Line(desk.ids[name], "help"))
        assert ("queue" in words(listed)) == knows


async def test_nobody_else_can_do_any_of_it(desk: World) -> None:
    await ask(desk, "ann")
    request = await request_of(desk, "ann")
    for name in ("ann", "mia", "top", "sam", "hal", asked(desk)[0]):
        for action in NEEDS_A_COORDINATOR:
            for value in (request.id, f"{request.id}:sure", "", "0"):
                with pytest.raises(NotAllowed):
                    await desk.tap(name, action, value)
    assert (await request_of(desk, "ann")).state == "offered"


async def test_a_forged_value_changes_nothing(desk: World) -> None:
    for value in ("", "x", ":sure", "0" * 5000, "' OR 1=1 --"):
        for action in NEEDS_A_COORDINATOR[1:]:
            with pytest.raises(NotFound):
                await desk.tap("cora", action, value)
        assert "No request is open" in words(await queue(desk, value=value))


async def test_five_are_shown_at_a_time_and_each_once(world: World) -> None:
    await world.import_lines(
        [
            *team_of(12, "Council / Parks", "mia"),
            line("cora", "Council / People", "", roles="coordinator"),
            line("wes", "Council / Roads", ""),
        ]
    )
    await world.launch()
    world.clock.move_to(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    await volunteer(world, "wes")
    for number in range(1, 13):
        await ask(world, f"mia-{number}")
    seen: list[str] = []
    value: str | None = ""
    pages = 0
    while value is not None:
        page = await queue(world, value=value)
        rows = [part for part in page.parts if isinstance(part, Buttons)]
        assert all(len(row.buttons) <= MAX_BUTTONS for row in rows)
        ids = [b.value for b in buttons(page) if b.action == "support.take_over"]
        assert len(ids) <= 5
        seen += ids
        value = next((b.value for b in buttons(page) if b.action == "support.queue"), None)
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 12


async def test_whoever_would_like_to_volunteer_is_there_by_name_and_can_be_answered(
    desk: World,
) -> None:
    await desk.tap("amir", "support.apply")
    assert "Amir" in words(await queue(desk))
    await act(desk, "support.approve")
    assert "Amir" not in words(await queue(desk))
    await desk.tap("asha", "support.apply")
    reply = await act(desk, "support.not_now")
    assert "Asha" in words(reply.notice)
    assert "Would like to volunteer" not in words(await queue(desk))


# --- taking one over -------------------------------------------------------------------------


async def test_a_coordinator_takes_one_over_and_the_conversation_begins(desk: World) -> None:
    await ask(desk, "ann")
    offered = asked(desk)
    reply = await act(desk, "support.take_over")
    assert "it's yours" in words(reply.notice)
    request = await request_of(desk, "ann")
    assert (request.state, request.warrior_id) == ("claimed", desk.ids["cora"])
    await say(desk, "cora", "hello from me", last(desk, "cora", "support.write").id)
    assert "hello from me" in words(desk.inbox("ann")[-1].message)
    assert "Cora" not in words(desk.inbox("ann")[-1].message)
    assert asked(desk) == []
    assert "Somebody else has picked this up" in words(desk.inbox(offered[0])[-1].message)
    again = await desk.tap("cora", "support.take_over", request.id)
    assert "it's yours" in words(again.notice)


async def test_the_letter_of_one_that_nobody_picked_up_has_the_same_button(desk: World) -> None:
    await desk.import_lines([each for each in PEOPLE if not each.startswith(("Vic,", "Val,"))])
    await ask(desk, "ann", urgency="today")
    await desk.live_until(desk.clock.now() + timedelta(hours=1))
    await press(desk, "cora", "support.take_over")
    assert (await request_of(desk, "ann")).warrior_id == desk.ids["cora"]


async def test_what_a_volunteer_has_cannot_be_taken(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    request = await request_of(desk, "ann")
    reply = await desk.tap("cora", "support.take_over", request.id)
    assert "picked this up" in words(reply.notice)
    assert (await request_of(desk, "ann")).warrior_id == desk.ids[name]


async def test_why_one_cannot_be_theirs_is_not_said(desk: World) -> None:
    """Their own, those of people in their line, and of who'd rather not: the same words."""
    await desk.import_lines(with_roles("mia", "Council / Parks", "coordinator"))
    for name in ("cora", "ann", "hal"):  # their own, under Mia, with the same manager as Cora
        await ask(desk, name)
    said = set()
    for coordinator, name in (("cora", "cora"), ("mia", "ann"), ("cora", "hal")):
        request = await request_of(desk, name)
        reply = await desk.tap(coordinator, "support.take_over", request.id)
        said.add(words(reply.notice))
        assert (await request_of(desk, name)).warrior_id is None
    assert len(said) == 1
    assert "can't say why" in said.pop()


# --- giving it to others ---------------------------------------------------------------------


async def test_giving_one_to_others_tells_both_sides(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    counts = len(desk.inbox("ann")), len(desk.inbox(name))
    await act(desk, "support.reassign")
    assert "looking for somebody else" in told(desk, "ann", counts[0])
    assert "find somebody else for" in told(desk, name, counts[1])
    assert name not in asked(desk)
    assert asked(desk)
    request = await request_of(desk, "ann")
    reply = await desk.tap("cora", "support.reassign", request.id)
    assert "over already" in words(reply.notice)


# --- ending one ------------------------------------------------------------------------------


async def test_ending_one_is_asked_about_first_and_tells_both_sides(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    counts = len(desk.inbox("ann")), len(desk.inbox(name))
    first = await act(desk, "support.coordinator_close")
    assert (await request_of(desk, "ann")).state == "claimed"
    assert first.notice is not None
    sure = next(b for b in buttons(first.notice) if b.action == "support.coordinator_close")
    for _ in range(2):
        await desk.tap("cora", sure.action, sure.value)
        await tick(desk.core)
    assert (await request_of(desk, "ann")).state == "closed"
    ann = told(desk, "ann", counts[0])
    assert ann.count("The coordinator has ended your request") == 1
    assert "Samaritans" in ann
    assert "has ended" in told(desk, name, counts[1])


async def test_a_coordinator_has_it_on_their_home_page_and_nobody_else(desk: World) -> None:
    for name in ("cora", "ann", "wes", "mia"):
        page = await home(desk.core, desk.ids[name])
        has = any(button.action == "support.queue" for button in buttons(page))
        assert has == (name == "cora")
