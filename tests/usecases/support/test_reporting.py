from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, NotFound
from bot.ports import Reply
from bot.store import support
from bot.store.support_tables import AskingPause
from tests.support.desk import (
    PEOPLE,
    ask,
    asked,
    last,
    letters,
    pick_up,
    press,
    request_of,
    say,
)
from tests.support.organisation import World
from tests.support.reading import buttons, words
from tests.support.tables import rows_of
from tests.support.ticking import tick

REPORTED = "wasn't right"


async def talking(world: World) -> str:
    """A conversation between Ann and a volunteer, whose name this is."""
    await ask(world, "ann")
    name = await pick_up(world)
    await say(world, "ann", "hello", last(world, "ann", "support.write").id)
    return name


async def choose(world: World, name: str, action: str) -> Reply:
    """Open what can be done about the conversation, and do it."""
    opened = await press(world, name, "support.report")
    assert opened.notice is not None
    button = next(b for b in buttons(opened.notice) if b.action == action)
    reply = await world.tap(name, action, button.value)
    await tick(world.core)
    return reply


async def reported(world: World) -> str:
    name = await talking(world)
    await choose(world, name, "support.report.tell")
    return name


@pytest.mark.parametrize("is_asker", [True, False])
async def test_either_side_ends_it_and_they_never_meet_again(desk: World, is_asker: bool) -> None:
    name = await talking(desk)
    reply = await choose(desk, "ann" if is_asker else name, "support.report.block")
    assert "never put the two of you together again" in words(reply.notice)
    assert "Samaritans" in words(reply.notice)
    assert (await request_of(desk, "ann")).state == "closed"
    for _ in range(4):  # everybody is asked in turn, but for one
        await ask(desk, "ann")
        assert name not in asked(desk)
        await press(desk, asked(desk)[0], "support.claim")
        await press(desk, "ann", "support.close")
        desk.clock.move_to(desk.clock.now() + timedelta(days=8))
    assert not letters(desk, "cora", REPORTED)


async def test_nobody_says_a_last_word_to_whoever_would_rather_hear_no_more(desk: World) -> None:
    name = await talking(desk)
    request = await request_of(desk, "ann")
    await choose(desk, "ann", "support.report.block")
    count = len(desk.inbox("ann"))
    for who in ("ann", name):
        opened = await desk.tap(who, "support.goodbye", request.id)
        assert opened.form is None
        await desk.submit(who, "support.say_goodbye", request.id, words="you will be sorry")
    await tick(desk.core)
    assert len(desk.inbox("ann")) == count


async def test_the_list_of_wishes_lifts_no_pseudonym(desk: World) -> None:
    """Not even for whoever names the same person, and looks whether the list grows."""
    name = await talking(desk)
    await choose(desk, "ann", "support.report.block")
    listed = words((await desk.tap("ann", "support.wishes")).notice)
    assert "I don't say who" in listed
    assert name.title() not in listed
    await ask(desk, "ann", not_this=desk.ids[name])
    listed = words((await desk.tap("ann", "support.wishes")).notice)
    assert name.title() in listed
    assert "I don't say who" in listed
    await desk.tap("ann", "support.wishes.forget")
    assert await rows_of(desk.core, "notagain") == []


async def test_a_volunteers_report_names_them_and_not_whoever_asked(desk: World) -> None:
    name = await reported(desk)
    request = await request_of(desk, "ann")
    (letter,) = letters(desk, "cora", REPORTED)
    assert name.title() in words(letter.message)
    assert request.alias in words(letter.message)
    assert "Ann" not in words(letter.message)
    assert "has ended" in words(desk.inbox("ann")[-1].message)


async def test_a_report_comes_once_however_often_it_is_pressed(desk: World) -> None:
    name = await reported(desk)
    request = await request_of(desk, "ann")
    for _ in range(2):
        await desk.tap(name, "support.report.tell", request.id)
        await tick(desk.core)
    assert len(letters(desk, "cora", REPORTED)) == 1
    await desk.tap("ann", "support.report.tell", request.id)
    await tick(desk.core)
    assert len(letters(desk, "cora", REPORTED)) == 2  # the other side's own


async def test_it_can_be_said_after_the_end(desk: World) -> None:
    await talking(desk)
    await press(desk, "ann", "support.close")
    await choose(desk, "ann", "support.report.tell")
    assert "wasn't right" in words(desk.inbox("cora")[-1].message)


async def test_a_coordinator_who_is_part_of_it_is_not_told(desk: World) -> None:
    await ask(desk, "ann")
    request = await request_of(desk, "ann")
    await desk.tap("cora", "support.take_over", request.id)
    await tick(desk.core)
    reply = await choose(desk, "ann", "support.report.tell")
    assert "couldn't reach a coordinator who isn't part of it" in words(reply.notice)
    assert not letters(desk, "cora", REPORTED)


async def test_nobody_else_reports_a_conversation(desk: World) -> None:
    name = await talking(desk)
    request = await request_of(desk, "ann")
    others = [each for each in desk.ids if each not in {"ann", name}]
    for who in others:
        for action in ("support.report", "support.report.block", "support.report.tell"):
            with pytest.raises(NotFound):
                await desk.tap(who, action, request.id)
    await ask(desk, "amir")
    with pytest.raises(NotFound):  # nobody has picked it up
        await desk.tap("amir", "support.report.tell", (await request_of(desk, "amir")).id)


# --- pauses ----------------------------------------------------------------------------------


async def test_asking_is_paused_by_pseudonym_and_they_are_told_with_places_to_turn(
    desk: World,
) -> None:
    await reported(desk)
    request = await request_of(desk, "ann")
    await ask(desk, "ann")
    reply = await press(desk, "cora", "support.pause", ":week")
    assert "I've told them" in words(reply.notice)
    assert (await request_of(desk, "ann")).state == "closed"
    told = words(desk.inbox("ann")[-1].message)
    assert "until Tuesday 1 December" in told
    assert "Samaritans" in told
    opened = await desk.tap("ann", "support.open")
    assert opened.form is None
    assert "until Tuesday 1 December" in words(opened.notice)
    assert "Samaritans" in words(opened.notice)
    await ask(desk, "ann")
    assert (await request_of(desk, "ann")).state == "closed"
    page = words((await desk.tap("cora", "support.queue")).notice)
    assert f"{request.alias}" in page
    assert "Ann" not in page


async def test_a_second_press_changes_nothing_and_another_length_does(desk: World) -> None:
    await reported(desk)
    for _ in range(2):
        await press(desk, "cora", "support.pause", ":week")
    told = [words(each.message) for each in desk.inbox("ann")]
    assert sum("1 December" in each for each in told) == 1
    await press(desk, "cora", "support.pause", ":month")
    (pause,) = await rows_of(desk.core, "askingpause")
    assert pause["until"].isoformat() == "2026-12-24"


async def test_a_pause_ends_by_itself_and_can_be_lifted(desk: World) -> None:
    await reported(desk)
    await press(desk, "cora", "support.pause", ":week")
    await desk.live_until(desk.clock.now() + timedelta(days=8))
    assert (await desk.tap("ann", "support.open")).form is not None
    await press(desk, "cora", "support.pause", ":week")
    page = (await desk.tap("cora", "support.queue")).notice
    assert page is not None
    lift = next(b for b in buttons(page) if b.action == "support.pause.lift")
    await desk.tap("cora", lift.action, lift.value)
    await tick(desk.core)
    assert (await desk.tap("ann", "support.open")).form is not None
    assert "You can ask to talk to someone again" in words(desk.inbox("ann")[-1].message)
    with pytest.raises(NotFound):
        await desk.tap("cora", lift.action, lift.value)


async def test_those_that_end_first_are_shown_and_the_others_counted(desk: World) -> None:
    async with desk.core.database.writing() as session:
        for number, name in enumerate(("ann", "amir", "asha", "mia", "wes", "walt", "wu")):
            until = desk.clock.now().date() + timedelta(days=number)
            pause = AskingPause(person_id=desk.ids[name], id=name, alias=f"No {name}", until=until)
            await support.pause_asking(session, pause)
    page = words((await desk.tap("cora", "support.queue")).notice)
    assert "No ann" in page
    assert "No walt" not in page
    assert "And 2 more, which end later." in page


async def test_only_who_was_reported_by_their_volunteer_is_paused(desk: World) -> None:
    name = await talking(desk)
    request = await request_of(desk, "ann")
    with pytest.raises(NotFound):
        await desk.tap("cora", "support.pause", f"{request.id}:week")
    await choose(desk, "ann", "support.report.tell")
    with pytest.raises(NotFound):  # it was Ann who reported
        await desk.tap("cora", "support.pause", f"{request.id}:week")
    await desk.tap(name, "support.report.tell", request.id)
    for length in ("", "year", "week:week"):
        with pytest.raises(NotFound):
            await desk.tap("cora", "support.pause", f"{request.id}:{length}")
    for who in ("ann", name, "mia", "top", "sam", "hal"):
        for action in ("support.pause", "support.pause.lift", "support.stop_volunteer"):
            with pytest.raises(NotAllowed):
                await desk.tap(who, action, f"{request.id}:week")
    assert await rows_of(desk.core, "askingpause") == []


# --- a volunteer who was reported ------------------------------------------------------------


async def test_a_reported_volunteer_stops_once_the_coordinator_means_it(desk: World) -> None:
    name = await talking(desk)
    await choose(desk, "ann", "support.report.tell")
    (letter,) = letters(desk, "cora", REPORTED)
    assert name.title() in words(letter.message)
    assert "Ann" not in words(letter.message)
    first = await press(desk, "cora", "support.stop_volunteer")
    page = words((await desk.tap(name, "support.volunteer")).notice)
    assert "You're there for others" in page
    assert first.notice is not None
    sure = next(b for b in buttons(first.notice) if b.action == "support.stop_volunteer")
    for _ in range(2):
        await desk.tap("cora", sure.action, sure.value)
        await tick(desk.core)
    told = [words(each.message) for each in desk.inbox(name)]
    assert sum("doesn't have you down as a volunteer" in each for each in told) == 1
    await ask(desk, "amir", wanted=desk.ids[name])
    assert name not in asked(desk)


async def test_without_a_report_nobody_is_stopped(desk: World) -> None:
    await talking(desk)
    request = await request_of(desk, "ann")
    for value in (request.id, f"{request.id}:sure", ""):
        with pytest.raises(NotFound):
            await desk.tap("cora", "support.stop_volunteer", value)


async def test_it_survives_that_somebody_leaves(desk: World) -> None:
    name = await reported(desk)
    lines = [each for each in PEOPLE if not each.startswith((f"{name.title()},", "Ann,"))]
    await desk.import_lines(lines)
    await desk.live_until(desk.clock.now() + timedelta(hours=1))
    await press(desk, "cora", "support.pause", ":week")
    page = (await desk.tap("cora", "support.queue")).notice
    assert "Asking is paused for" in words(page)
