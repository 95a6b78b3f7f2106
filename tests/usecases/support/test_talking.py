from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import col

from bot.domain.support import Contact
from bot.errors import NotFound, OutcomeUnknown, TryLater, Undeliverable
from bot.message import TextField
from bot.ports import Line
from bot.store.tables import Account
from bot.usecases.dispatch import typed
from tests.support.desk import ask, asked, last, pick_up, press, request_of, say
from tests.support.organisation import World
from tests.support.reading import buttons, words
from tests.support.tables import dump
from tests.support.ticking import tick


@pytest.fixture
async def talking(desk: World) -> tuple[World, str]:
    """Somebody and the volunteer who picked it up."""
    await ask(desk, "ann")
    return desk, await pick_up(desk)


def thread(world: World, name: str) -> str:
    return last(world, name, "support.write").id


async def test_neither_sees_who_the_other_is(talking: tuple[World, str]) -> None:
    world, name = talking
    await say(world, "ann", "hello", thread(world, "ann"))
    await say(world, name, "hello", thread(world, name))
    seen = "\n".join(words(p.message) for who in ("ann", name) for p in world.inbox(who)[1:])
    assert not any(each.title() in seen.split() for each in ("ann", name))


async def test_each_step_shows_both_a_little_more_and_only_whoever_asked_takes_it(
    talking: tuple[World, str],
) -> None:
    world, name = talking
    value = last(world, "ann", "support.show").button("support.show").value
    with pytest.raises(NotFound):
        await world.tap(name, "support.show", value)
    await press(world, "ann", "support.show")
    assert "Ann" in words(world.inbox(name)[-1].message)
    assert "Trees" not in words(world.inbox(name)[-1].message)
    await press(world, "ann", "support.show")
    assert "Ann, Trees" in words(world.inbox(name)[-1].message)
    own = words(last(world, "ann", "support.write").message)
    assert name.title() in own


async def test_a_step_cannot_be_jumped_over_or_taken_back(talking: tuple[World, str]) -> None:
    world, _ = talking
    request = await request_of(world, "ann")
    for step in ("name_and_team", "pseudonym", "everything"):
        await world.tap("ann", "support.show", f"{request.id}:{step}")
        assert (await request_of(world, "ann")).shown == "pseudonym"


async def test_whoever_asked_by_name_is_known_and_knows(desk: World) -> None:
    await ask(desk, "ann", called="name")
    name = await pick_up(desk)
    assert "Ann, Trees" in words(last(desk, name, "support.write").message)
    assert name.title() in words(last(desk, "ann", "support.write").message)


@pytest.mark.parametrize("contact", list(Contact))
async def test_each_way_of_contact_begins_with_a_conversation(
    desk: World, contact: Contact
) -> None:
    await ask(desk, "ann", contact=contact)
    name = await pick_up(desk)
    by = desk.core.library.texts("en").say(f"support.talk.by.{contact}")
    assert by in words(last(desk, name, "support.write").message)
    assert by in words(last(desk, "ann", "support.write").message)


async def test_both_read_the_confidentiality_line_first(talking: tuple[World, str]) -> None:
    world, name = talking
    for who in ("ann", name):
        assert "stays between the two of you" in words(last(world, who, "support.write").message)


# --- words that don't arrive -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (TryLater(30), "could not be passed on"),
        (Undeliverable(), "can't reach your volunteer here any more"),
        (OutcomeUnknown(), "can't tell whether that arrived"),
    ],
)
async def test_whoever_wrote_it_is_told_at_once(
    talking: tuple[World, str], refusal: Exception, said: str
) -> None:
    world, name = talking
    world.platform.refusals.append(refusal)  # type: ignore[arg-type]
    count = len(world.inbox(name))
    assert said in await say(world, "ann", "I can't sleep", thread(world, "ann"))
    await world.live_until(world.clock.now() + timedelta(hours=1))
    assert not any("can't sleep" in words(p.message) for p in world.inbox(name)[count:])


async def lose_accounts(world: World, name: str) -> None:
    """As when somebody removes the app."""
    async with world.core.database.writing() as session:
        await session.execute(delete(Account).where(col(Account.person_id) == world.ids[name]))


async def test_a_volunteer_who_cannot_be_reached_is_said_to_be_and_somebody_else_goes_on(
    talking: tuple[World, str],
) -> None:
    world, name = talking
    await lose_accounts(world, name)
    assert "can't reach your volunteer" in await say(world, "ann", "hello?", thread(world, "ann"))
    await tick(world.core)
    assert "can't go on" in words(world.inbox("ann")[-1].message)
    assert name not in asked(world)
    assert asked(world)


async def test_whoever_asked_and_cannot_be_reached_stays_with_their_volunteer(
    talking: tuple[World, str],
) -> None:
    """Somebody new could do no more."""
    world, name = talking
    await lose_accounts(world, "ann")
    assert "can't reach them here" in await say(world, name, "hello?", thread(world, name))
    await lose_accounts(world, name)
    await tick(world.core)
    assert (await request_of(world, "ann")).warrior_id == world.ids[name]


async def test_no_word_is_kept(talking: tuple[World, str]) -> None:
    world, name = talking
    await say(world, "ann", "the word xylograph", thread(world, "ann"))
    await say(world, name, "xylograph indeed", thread(world, name))
    world.platform.refusals.append(TryLater(30))
    await say(world, "ann", "another xylograph", thread(world, "ann"))
    assert "xylograph" not in str(await dump(world.core))


async def test_a_file_is_not_passed_on_nor_the_words_beside_it(talking: tuple[World, str]) -> None:
    world, name = talking
    count = len(world.inbox(name))
    line = Line(world.ids["ann"], "look at this", thread(world, "ann"), has_files=True)
    answer = await typed(world.core, line)
    assert "words only" in words(answer)
    assert len(world.inbox(name)) == count


async def test_what_is_too_long_is_said_to_be(talking: tuple[World, str]) -> None:
    world, name = talking
    count = len(world.inbox(name))
    assert "longer than" in await say(world, "ann", "x" * 2001, thread(world, "ann"))
    assert len(world.inbox(name)) == count
    await say(world, "ann", "x" * 2000, thread(world, "ann"))
    assert len(world.inbox(name)) == count + 1


# --- places that are not the right one -----------------------------------------------------------


async def test_a_thread_of_somebody_elses_is_nobodys(talking: tuple[World, str]) -> None:
    world, name = talking
    count = len(world.platform.posted)
    for who in ("mia", "amir", name):
        await say(world, who, "hello", thread(world, "ann"))
    assert len(world.platform.posted) == count


async def test_a_volunteer_with_two_conversations_writes_to_the_one_whose_thread_it_is(
    desk: World,
) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    desk.clock.move_to(desk.clock.now() + timedelta(days=8))  # one new conversation a week
    await ask(desk, "amir", wanted=desk.ids[name])
    await press(desk, name, "support.claim")
    first, second = (
        p for p in desk.inbox(name) if any(b.action == "support.hand_back" for b in p.buttons())
    )
    await say(desk, name, "for the second", second.id)
    await say(desk, name, "for the first", first.id)
    assert "for the second" in words(desk.inbox("amir")[-1].message)
    assert "for the first" in words(desk.inbox("ann")[-1].message)
    count = len(desk.platform.posted)
    assert "haven't sent that to anybody" in await say(desk, name, "for whom?")
    assert len(desk.platform.posted) == count


async def test_after_the_end_nothing_is_passed_on(talking: tuple[World, str]) -> None:
    world, name = talking
    own = thread(world, "ann")
    await press(world, name, "support.close")
    count = len(world.platform.posted)
    assert "is over" in await say(world, "ann", "one more thing", own)
    assert len(world.platform.posted) == count


async def test_a_dialog_goes_to_the_one_that_it_names(talking: tuple[World, str]) -> None:
    world, name = talking
    request = await request_of(world, "ann")
    form = (await press(world, "ann", "support.write")).form
    assert form is not None
    assert isinstance(form.fields[0], TextField)
    await world.submit("ann", form.action, form.value, words="from the dialog")
    assert "from the dialog" in words(world.inbox(name)[-1].message)
    count = len(world.platform.posted)
    for who in ("mia", "amir"):
        reply = await world.submit(who, "support.say", request.id, words="not mine")
        assert "is over" in words(reply.notice)
    assert len(world.platform.posted) == count


# --- going on, and ending ------------------------------------------------------------------------


async def test_either_can_end_it_and_both_can_say_goodbye(talking: tuple[World, str]) -> None:
    world, name = talking
    await press(world, "ann", "support.close")
    assert (await request_of(world, "ann")).state == "closed"
    for who, other in (("ann", name), (name, "ann")):
        form = (await press(world, who, "support.goodbye")).form
        assert form is not None
        await world.submit(who, form.action, form.value, words=f"take care, says {who}")
        assert f"says {who}" in words(world.inbox(other)[-1].message)
    await world.live_until(world.clock.now() + timedelta(days=2))
    late = await press(world, "ann", "support.goodbye")
    assert "is over" in words(late.notice)


async def test_a_volunteer_who_cannot_go_on_is_thanked_and_others_are_asked(
    talking: tuple[World, str],
) -> None:
    world, name = talking
    old = thread(world, "ann")
    reply = await press(world, name, "support.hand_back")
    assert "Looking after yourself comes first" in words(reply.notice)
    assert "nothing to do with you" in world.inbox("ann")[-1].message.summary
    assert name not in asked(world)
    other = await pick_up(world)
    assert other != name
    assert "is over" in await say(world, "ann", "hello", old)
    await say(world, "ann", "hello again", thread(world, "ann"))
    assert "hello again" in words(world.inbox(other)[-1].message)


async def test_handing_over_needs_the_consent_of_whoever_asked(talking: tuple[World, str]) -> None:
    world, name = talking
    await press(world, name, "support.hand_over")
    assert (await request_of(world, "ann")).warrior_id == world.ids[name]
    await press(world, "ann", "support.hand_over.answer", ":no")
    assert (await request_of(world, "ann")).warrior_id == world.ids[name]
    assert "rather stay with you" in world.inbox(name)[-1].message.summary
    await press(world, name, "support.hand_over")
    await press(world, "ann", "support.hand_over.answer", ":yes")
    request = await request_of(world, "ann")
    assert request.warrior_id is None
    assert request.state in {"offered", "handed_back"}
    assert any("agrees that somebody else goes on" in p.message.summary for p in world.inbox(name))


async def test_a_conversation_is_over_after_fourteen_days_for_both(
    talking: tuple[World, str],
) -> None:
    world, name = talking
    await world.live_until(world.clock.now() + timedelta(days=14))
    assert (await request_of(world, "ann")).state == "closed"
    assert "has ended" in "".join(p.message.summary for p in world.inbox("ann")[-3:])
    assert any("has ended" in p.message.summary for p in world.inbox(name)[-3:])


async def test_every_letter_has_a_way_out(talking: tuple[World, str]) -> None:
    world, name = talking
    for who in ("ann", name):
        for posted in world.inbox(who)[1:]:
            said = words(posted.message)
            has_button = any(
                b.action in {"support.withdraw", "support.close"} for b in buttons(posted.message)
            )
            assert has_button or "at any time" in said
