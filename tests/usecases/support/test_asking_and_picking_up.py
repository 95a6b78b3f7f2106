from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.message import ChoiceField, Message, TextField
from tests.support.desk import VOLUNTEERS, ask, asked, last, pick_up, press, request_of, say
from tests.support.organisation import World
from tests.support.reading import words
from tests.support.ticking import tick


async def test_where_to_turn_comes_before_the_form_which_has_no_box_to_write_in(
    desk: World,
) -> None:
    form = (await desk.tap("ann", "support.open")).form
    assert form is not None
    shown = words(Message("", form.intro))
    assert "999" in shown
    assert "Somebody is there now." in shown
    assert not any(isinstance(field, TextField) for field in form.fields)
    assert all(
        field.chosen for field in form.fields if field.required and isinstance(field, ChoiceField)
    )


async def test_at_most_three_are_asked_and_the_first_has_it(desk: World) -> None:
    await ask(desk, "ann")
    names = asked(desk)
    assert len(names) == 3
    await press(desk, names[1], "support.claim")
    assert (await request_of(desk, "ann")).state == "claimed"
    assert asked(desk) == []
    assert "Somebody else has picked this up" in words(desk.inbox(names[0])[-1].message)


async def test_whoever_is_late_is_thanked(desk: World) -> None:
    await ask(desk, "ann")
    first, second, _ = asked(desk)
    late = last(desk, second, "support.claim").button("support.claim")
    await press(desk, first, "support.claim")
    reply = await desk.tap(second, late.action, late.value)
    assert "Somebody else has picked this up" in words(reply.notice)
    assert (await request_of(desk, "ann")).warrior_id == desk.ids[first]


async def test_nobody_who_was_not_asked_can_pick_it_up(desk: World) -> None:
    await ask(desk, "ann")
    request = await request_of(desk, "ann")
    for name in set(VOLUNTEERS) - set(asked(desk)) | {"mia", "ann", "cora"}:
        with pytest.raises(NotFound):
            await desk.tap(name, "support.claim", request.id)


async def test_a_declined_offer_goes_to_somebody_else(desk: World) -> None:
    await ask(desk, "ann")
    before = asked(desk)
    await press(desk, before[0], "support.decline")
    after = asked(desk)
    assert len(after) == 3
    assert before[0] not in after


async def test_words_go_both_ways_and_into_the_right_thread(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    own, theirs = last(desk, "ann", "support.write"), last(desk, name, "support.write")
    assert "Passed on" in await say(desk, "ann", "I can't sleep", own.id)
    got = desk.inbox(name)[-1]
    assert got.address.thread == theirs.id
    assert "I can't sleep" in words(got.message)
    assert await say(desk, name, "That sounds hard", theirs.id) == ""
    assert "That sounds hard" in words(desk.inbox("ann")[-1].message)
    assert (await request_of(desk, "ann")).state == "talking"


async def test_a_line_outside_of_the_thread_goes_to_nobody(desk: World) -> None:
    await ask(desk, "ann")
    await pick_up(desk)
    count = len(desk.platform.posted)
    assert "haven't sent that to anybody" in await say(desk, "ann", "I can't sleep")
    assert len(desk.platform.posted) == count


async def test_a_request_that_nobody_picks_up_is_never_silent(desk: World) -> None:
    await ask(desk, "ann", urgency="today")
    said = []
    for minutes in (30, 30, 60):
        await desk.live_until(desk.clock.now() + timedelta(minutes=minutes))
        said.append(desk.inbox("ann")[-1].message.summary)
    assert "asked again" in said[0]
    assert "told the coordinator" in said[1]
    assert "nobody is free" in said[2]
    assert "Nobody has picked up" in desk.inbox("cora")[-1].message.summary
    await press(desk, "ann", "support.look_on")
    assert (await request_of(desk, "ann")).state in {"open", "offered"}


async def test_taking_it_back_ends_it_for_everybody(desk: World) -> None:
    await ask(desk, "ann")
    await press(desk, "ann", "support.withdraw")
    assert (await request_of(desk, "ann")).state == "withdrawn"
    assert asked(desk) == []
    await tick(desk.core)


async def test_either_side_may_say_goodbye_for_a_day(desk: World) -> None:
    await ask(desk, "ann")
    name = asked(desk)[0]
    await press(desk, name, "support.claim")
    await press(desk, name, "support.close")
    reply = await press(desk, "ann", "support.goodbye")
    assert reply.form is not None
    await desk.submit("ann", reply.form.action, reply.form.value, words="Thank you")
    assert "Thank you" in words(desk.inbox(name)[-1].message)
    desk.clock.move_to(desk.clock.now() + timedelta(days=2))
    late = await press(desk, "ann", "support.goodbye")
    assert "haven't sent that" in words(late.notice)
