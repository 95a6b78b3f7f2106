from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotAllowed, NotFound
from bot.ports import Reply
from tests.support.core import with_support_rules
from tests.support.desk import (
    PEOPLE,
    ask,
    last,
    letters,
    pick_up,
    press,
    request_of,
    say,
    with_roles,
)
from tests.support.organisation import World, line
from tests.support.reading import buttons, words
from tests.support.tables import rows_of
from tests.support.ticking import tick

AT_RISK = "thinks that a life may be at risk"
ASKS = "asks to learn whose made-up name it is"


async def talking(world: World) -> str:
    await ask(world, "ann")
    name = await pick_up(world)
    await say(world, "ann", "hello", last(world, "ann", "support.write").id)
    return name


async def call(world: World, name: str) -> Reply:
    """Say that a life may be at risk, and call the coordinators."""
    opened = await press(world, name, "support.harm")
    assert opened.notice is not None
    button = next(b for b in buttons(opened.notice) if b.action == "support.harm.call")
    reply = await world.tap(name, button.action, button.value)
    await tick(world.core)
    return reply


@pytest.fixture
def open_desk(desk: World) -> World:
    """The same organisation, where a pseudonym can be lifted."""
    allow_revealing(desk)
    return desk


def allow_revealing(world: World) -> None:
    world.core = with_support_rules(world.core, replace(world.core.support, reveal=True))


async def test_where_to_turn_and_what_helps_come_first_and_a_coordinator_is_called(
    desk: World,
) -> None:
    name = await talking(desk)
    opened = await press(desk, name, "support.harm")
    assert "ask plainly whether they are safe" in words(opened.notice)
    assert "Then call the coordinator" in words(opened.notice)
    assert "999" in words(opened.notice)
    assert not letters(desk, "cora", AT_RISK)
    reply = await call(desk, name)
    assert "I've called the coordinator" in words(reply.notice)
    (letter,) = letters(desk, "cora", AT_RISK)
    request = await request_of(desk, "ann")
    assert name.title() in words(letter.message)
    for hidden in ("Ann", request.alias, "Trees", "hello"):
        assert hidden not in words(letter.message)
    assert (await request_of(desk, "ann")).state == "talking"


async def test_whoever_asked_is_told_as_they_were_promised(desk: World) -> None:
    name = await talking(desk)
    await call(desk, name)
    told = words(desk.inbox("ann")[-1].message)
    assert "has asked a coordinator to help them" in told
    assert "999" in told


async def test_in_the_middle_of_the_night_as_well(desk: World) -> None:
    name = await talking(desk)
    desk.clock.move_to(desk.clock.now() + timedelta(hours=16))
    await call(desk, name)
    assert len(letters(desk, "cora", AT_RISK)) == 1


async def test_the_volunteer_hears_who_comes_and_other_coordinators_that_somebody_does(
    desk: World,
) -> None:
    await desk.import_lines([*PEOPLE, line("cleo", "Council / People", "top", roles="coordinator")])
    name = await talking(desk)
    await call(desk, name)
    reply = await press(desk, "cora", "support.harm.on_it")
    assert "get in touch with them" in words(reply.notice)
    assert "Cora, a coordinator, is on it" in words(desk.inbox(name)[-1].message)
    assert "Cora is on it" in words(desk.inbox("cleo")[-1].message)
    request = await request_of(desk, "ann")
    late = await desk.tap("cleo", "support.harm.on_it", request.id)
    assert "Another coordinator is on it" in words(late.notice)
    again = await desk.tap("cora", "support.harm.on_it", request.id)
    assert "get in touch with them" in words(again.notice)
    assert sum("is on it" in words(each.message) for each in desk.inbox(name)) == 1


async def test_a_second_press_is_the_same_call_and_a_later_one_calls_again(desk: World) -> None:
    name = await talking(desk)
    for _ in range(2):
        await call(desk, name)
    assert len(letters(desk, "cora", AT_RISK)) == 1
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=11))
    await call(desk, name)
    assert len(letters(desk, "cora", AT_RISK)) == 2
    told = [words(each.message) for each in desk.inbox("ann")]
    assert sum("has asked a coordinator" in each for each in told) == 1


async def test_help_comes_to_whoever_called_also_when_the_conversation_has_gone_on(
    desk: World,
) -> None:
    name = await talking(desk)
    await call(desk, name)
    await press(desk, name, "support.hand_back")
    reply = await press(desk, "cora", "support.harm.on_it")
    assert "get in touch with them" in words(reply.notice)
    assert len(letters(desk, name, "Cora, a coordinator, is on it")) == 1
    other = await pick_up(desk)
    assert other != name
    assert not letters(desk, other, "is on it")
    await call(desk, other)  # within minutes, and a call of their own
    (letter,) = [
        each for each in letters(desk, "cora", AT_RISK) if "is on it" not in words(each.message)
    ]
    assert other.title() in words(letter.message)
    await press(desk, "cora", "support.harm.on_it")
    assert len(letters(desk, other, "Cora, a coordinator, is on it")) == 1


async def test_without_a_coordinator_they_are_told_to_call_themselves(desk: World) -> None:
    await desk.import_lines([each for each in PEOPLE if not each.startswith("Cora,")])
    name = await talking(desk)
    reply = await call(desk, name)
    assert "couldn't reach a coordinator" in words(reply.notice)
    assert "999" in words(reply.notice)
    assert (await request_of(desk, "ann")).harm_at is None


async def test_nobody_else_calls(desk: World) -> None:
    name = await talking(desk)
    request = await request_of(desk, "ann")
    for who in [each for each in desk.ids if each != name]:
        for action in ("support.harm", "support.harm.call"):
            with pytest.raises(NotFound):
                await desk.tap(who, action, request.id)
    with pytest.raises(NotFound):
        await desk.tap("cora", "support.harm.on_it", request.id)
    with pytest.raises(NotAllowed):
        await desk.tap("sam", "support.harm.on_it", request.id)


# --- lifting a pseudonym ---------------------------------------------------------------------


async def test_where_the_organisation_does_not_allow_it_there_is_no_such_thing(
    desk: World,
) -> None:
    opened = await desk.tap("ann", "support.open")
    assert opened.form is not None
    assert not any("second named person" in str(part) for part in opened.form.intro)
    name = await talking(desk)
    await call(desk, name)
    (letter,) = letters(desk, "cora", AT_RISK)
    assert "support.reveal" not in {b.action for b in letter.buttons()}
    request = await request_of(desk, "ann")
    for value in (request.id, f"{request.id}:sure"):
        with pytest.raises(NotFound):
            await desk.tap("cora", "support.reveal", value)
    for value in (f"{request.id}:yes", f"{request.id}:no"):
        with pytest.raises(NotFound):
            await desk.tap("sam", "support.reveal.answer", value)


async def revealing(world: World) -> str:
    """Have the second person asked. The volunteer's name."""
    name = await talking(world)
    await call(world, name)
    first = await press(world, "cora", "support.reveal")
    assert not letters(world, "sam", ASKS)
    assert first.notice is not None
    sure = next(b for b in buttons(first.notice) if b.action == "support.reveal")
    await world.tap("cora", sure.action, sure.value)
    await tick(world.core)
    return name


async def test_it_takes_two_named_people_and_whoever_it_is_is_told(open_desk: World) -> None:
    opened = await open_desk.tap("ann", "support.open")
    assert opened.form is not None
    assert any("second named person" in str(part) for part in opened.form.intro)
    name = await revealing(open_desk)
    (question,) = letters(open_desk, "sam", ASKS)
    assert "Ann" not in words(question.message)
    await press(open_desk, "sam", "support.reveal.answer", ":yes")
    for who in ("cora", "sam"):
        assert "is Ann, Trees" in words(open_desk.inbox(who)[-1].message)
    assert "now know who you are" in words(open_desk.inbox("ann")[-1].message)
    for who in [each for each in open_desk.ids if each not in {"cora", "sam"}]:
        assert not any("is Ann" in words(each.message) for each in open_desk.inbox(who)), who
    assert not any("Ann" in words(each.message) for each in open_desk.inbox(name))
    days = [row["event"] for row in await rows_of(open_desk.core, "supportday")]
    assert days.count("reveal") == 1


async def test_an_answer_counts_once(open_desk: World) -> None:
    await revealing(open_desk)
    request = await request_of(open_desk, "ann")
    for answer in ("yes", "yes", "no"):
        await open_desk.tap("sam", "support.reveal.answer", f"{request.id}:{answer}")
        await tick(open_desk.core)
    told = [words(each.message) for each in open_desk.inbox("ann")]
    assert sum("now know who you are" in each for each in told) == 1
    assert not any("doesn't agree" in words(each.message) for each in open_desk.inbox("cora"))


async def test_after_a_no_nobody_learns_it(open_desk: World) -> None:
    await revealing(open_desk)
    await press(open_desk, "sam", "support.reveal.answer", ":no")
    assert "doesn't agree" in words(open_desk.inbox("cora")[-1].message)
    everything = [words(each.message) for who in open_desk.ids for each in open_desk.inbox(who)]
    assert not any("is Ann" in each or "now know who you are" in each for each in everything)


async def test_one_person_is_not_two(open_desk: World) -> None:
    """A coordinator who is also the second named person needs another."""
    lines = with_roles("cora", "Council / People", "coordinator safeguarding")
    await open_desk.import_lines(lines)
    await revealing(open_desk)
    request = await request_of(open_desk, "ann")
    with pytest.raises(NotAllowed):
        await open_desk.tap("cora", "support.reveal.answer", f"{request.id}:yes")
    await open_desk.import_lines([each for each in lines if not each.startswith("Sam,")])
    with pytest.raises(NotAllowed):
        await open_desk.tap("cora", "support.reveal.answer", f"{request.id}:yes")


async def test_without_a_second_person_the_name_stays_unknown(open_desk: World) -> None:
    await open_desk.import_lines([each for each in PEOPLE if not each.startswith("Sam,")])
    name = await talking(open_desk)
    await call(open_desk, name)
    request = await request_of(open_desk, "ann")
    reply = await open_desk.tap("cora", "support.reveal", f"{request.id}:sure")
    assert "no second person" in words(reply.notice)
    assert (await request_of(open_desk, "ann")).revealing_id is None


async def test_whoever_was_not_told_beforehand_is_never_revealed(desk: World) -> None:
    """The setting was switched on after they asked."""
    name = await talking(desk)
    allow_revealing(desk)
    await call(desk, name)
    (letter,) = letters(desk, "cora", AT_RISK)
    assert "support.reveal" not in {b.action for b in letter.buttons()}
    request = await request_of(desk, "ann")
    with pytest.raises(NotFound):
        await desk.tap("cora", "support.reveal", f"{request.id}:sure")


async def test_nobody_reveals_without_a_call_for_help_or_without_the_role(
    open_desk: World,
) -> None:
    name = await talking(open_desk)
    request = await request_of(open_desk, "ann")
    with pytest.raises(NotFound):
        await open_desk.tap("cora", "support.reveal", f"{request.id}:sure")
    await call(open_desk, name)
    for who in ("ann", name, "mia", "hal", "sam"):
        with pytest.raises(NotAllowed):
            await open_desk.tap(who, "support.reveal", f"{request.id}:sure")
    answered = await open_desk.tap("sam", "support.reveal.answer", f"{request.id}:yes")
    assert "answered already" in words(answered.notice)  # nobody has asked
    for who in ("ann", name, "mia", "hal", "cora"):
        with pytest.raises(NotAllowed):
            await open_desk.tap(who, "support.reveal.answer", f"{request.id}:yes")


async def test_two_weeks_later_nothing_of_it_is_left_but_the_day(open_desk: World) -> None:
    await revealing(open_desk)
    await press(open_desk, "sam", "support.reveal.answer", ":yes")
    await press(open_desk, "ann", "support.close")
    await open_desk.live_until(open_desk.clock.now() + timedelta(days=15))
    for table in ("supportrequest", "supportnotice", "supportoffer"):
        assert await rows_of(open_desk.core, table) == []
    days = [row["event"] for row in await rows_of(open_desk.core, "supportday")]
    assert {"harm", "reveal"} <= set(days)
