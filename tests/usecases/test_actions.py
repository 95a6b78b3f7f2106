"""From a summary to the next check-in and to its end: "You said, we did"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actions import KEPT_FOR, LONGEST, MOST_OPEN
from bot.errors import NotAllowed
from bot.message import Message
from bot.ports import Reply
from bot.usecases.home import home
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, words

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
TITLE = "You said, we did"
SAID = "We end meetings ten minutes earlier"
DUE = "2026-12-12"


@pytest.fixture
async def council(world: World) -> World:
    """Two teams with a manager each, under one director, after their first week."""
    await world.import_lines(
        [
            line("director", "Services", ""),
            *team_of(9, "Services / Housing", "one")[1:],
            line("one", "Services / Housing", "director"),
            *team_of(9, "Services / Libraries", "two")[1:],
            line("two", "Services / Libraries", "director"),
        ]
    )
    await world.launch()
    await world.live_until(SATURDAY)
    return world


async def summary_of(world: World, leader: str, group: str = "Housing") -> Message:
    page = await home(world.core, world.ids[leader])
    block = next(each.value for each in buttons(page) if each.label == group)
    shown = (await world.tap(leader, "summary.read", block)).notice
    assert shown is not None
    return shown


async def press(world: World, name: str, message: Message, label: str) -> Reply:
    button = next(each for each in buttons(message) if each.label == label)
    return await world.tap(name, button.action, button.value)


async def say(world: World, leader: str, said: str = SAID, **fields: str) -> Reply:
    """Press the button on the summary, fill the form in, and send it."""
    group = "Libraries" if leader == "two" else "Housing"
    opened = await press(
        world, leader, await summary_of(world, leader, group), "Say what will happen"
    )
    assert opened.form is not None
    filled_in = {"words": said, "commitment": "systemic", "due": DUE} | fields
    return await world.submit(leader, opened.form.action, opened.form.value, **filled_in)


async def listed(world: World, leader: str) -> Message:
    group = "Libraries" if leader == "two" else "Housing"
    shown = await summary_of(world, leader, group)
    page = (await press(world, leader, shown, "What was said will happen")).notice
    assert page is not None
    return page


def last_check_in(world: World, name: str) -> str:
    sent = [
        each.message for each in world.inbox(name) if "check_in.answer" in _actions(each.message)
    ]
    return words(sent[-1])


def _actions(message: Message) -> set[str]:
    return {each.action for each in buttons(message)}


def channel_text(world: World, team: str) -> str:
    shown = [
        words(each.message)
        for each in world.platform.posted
        if each.address.kind == "channel" and f"\n{team}\n" in words(each.message)
    ]
    return shown[-1]


async def test_it_is_in_the_teams_next_check_in_once(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY)
    told = last_check_in(council, "one-1")
    assert f"{TITLE}\nIn hand, for changing systems: {SAID} (by Saturday 12 December)" in told
    await council.live_until(MONDAY + WEEK)
    assert TITLE not in last_check_in(council, "one-1")


async def test_another_team_hears_nothing_of_it(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY + WEEK)
    assert TITLE not in last_check_in(council, "two-1")
    assert SAID not in words(await home(council.core, council.ids["two-1"]))


async def test_every_summary_has_it_until_it_is_done(council: World) -> None:
    await say(council, "one")
    for week in (1, 2):
        await council.live_until(SATURDAY + week * WEEK)
        assert f"{SAID} (by Saturday 12 December)" in channel_text(council, "Housing")
        assert SAID in words(await summary_of(council, "one"))
    await press(council, "one", await listed(council, "one"), "It's done")
    await council.live_until(SATURDAY + 3 * WEEK)
    assert f"Done, for changing systems: {SAID}" in channel_text(council, "Housing")
    assert f"Done, for changing systems: {SAID}" in last_check_in(council, "one-1")
    await council.live_until(SATURDAY + 5 * WEEK)
    assert TITLE not in channel_text(council, "Housing")


async def test_what_cannot_be_done_is_told_with_its_reason(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY)
    form = (await press(council, "one", await listed(council, "one"), "It can't be done")).form
    assert form is not None
    await council.submit("one", form.action, form.value, reason="the rota is set by law")
    await council.live_until(MONDAY + WEEK)
    told = f"Not possible, for changing systems: {SAID} (we can't, because the rota is set by law)"
    assert told in last_check_in(council, "one-1")
    assert told in words(await home(council.core, council.ids["one-1"]))


async def test_a_no_needs_a_reason_and_what_was_written_stays(council: World) -> None:
    await say(council, "one")
    form = (await press(council, "one", await listed(council, "one"), "It can't be done")).form
    assert form is not None
    reply = await council.submit("one", form.action, form.value, reason=" \u200b ")
    assert reply.errors.keys() == {"reason"}
    reply = await council.submit("one", form.action, form.value, reason="x" * (LONGEST + 1))
    assert reply.form is not None
    assert "x" * LONGEST in reply.form.fields[0].text  # type: ignore[union-attr]
    assert "In hand" in words(await listed(council, "one"))


async def test_a_day_that_has_passed_is_said_plainly(council: World) -> None:
    await say(council, "one")
    await council.live_until(SATURDAY + 3 * WEEK)
    late = f"{SAID} (it was meant for Saturday 12 December, and takes longer)"
    assert late in words(await summary_of(council, "one"))


async def test_staff_find_it_on_their_home_page(council: World) -> None:
    await say(council, "one")
    page = await home(council.core, council.ids["one-1"])
    assert f"{SAID} (by Saturday 12 December)" in words(page)
    assert not [each for each in buttons(page) if each.action.startswith("action.")]


async def test_it_never_says_who_wrote_it(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY)
    for shown in (last_check_in(council, "one-1"), words(await summary_of(council, "director"))):
        assert SAID in shown
        assert "One" not in shown


async def test_a_form_with_gaps_stays_open_with_what_was_written(council: World) -> None:
    reply = await say(council, "one", "", commitment="none", due="someday")
    assert reply.errors.keys() == {"words", "commitment", "due"}
    reply = await say(council, "one", "x" * (LONGEST + 1))
    assert reply.errors.keys() == {"words"}
    reply = await say(council, "one", due="2026-11-27")
    assert reply.errors.keys() == {"due"}
    assert reply.form is not None
    assert reply.form.fields[0].text == SAID  # type: ignore[union-attr]
    assert TITLE not in words(await summary_of(council, "one"))


async def test_sent_twice_it_is_one(council: World) -> None:
    opened = await press(council, "one", await summary_of(council, "one"), "Say what will happen")
    assert opened.form is not None
    for _ in range(2):
        await council.submit(
            "one", "action.save", opened.form.value, words=SAID, commitment="learning", due=DUE
        )
    assert words(await summary_of(council, "one")).count(SAID) == 1


async def test_there_is_room_for_a_few(council: World) -> None:
    for number in range(MOST_OPEN):
        await say(council, "one", f"{SAID}, part {number}")
    full = await press(council, "one", await summary_of(council, "one"), "Say what will happen")
    assert "plenty" in words(full.notice)
    # A form that was open meanwhile.
    forged = f"{'a' * 32} {_block(await summary_of(council, 'one'))}"
    reply = await council.submit(
        "one", "action.save", forged, words=SAID, commitment="learning", due=DUE
    )
    assert reply.errors.keys() == {"words"}
    await press(council, "one", await listed(council, "one"), "It's done")
    assert not (await say(council, "one", "And one more")).errors


def _block(summary: Message) -> str:
    return next(each.value for each in buttons(summary) if each.action == "action.new")


async def test_what_one_team_has_in_hand_takes_no_room_from_another(council: World) -> None:
    for number in range(3):
        await say(council, "one", f"{SAID}, part {number}")
        await say(council, "two", f"{SAID}, part {number}")
    opened = await council.tap("director", "action.new", "all")
    assert opened.form is not None
    reply = await council.submit(
        "director", "action.save", opened.form.value, words=SAID, commitment="learning", due=DUE
    )
    assert not reply.errors


async def test_put_otherwise_it_is_told_again(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY)
    form = (await press(council, "one", await listed(council, "one"), "Change it")).form
    assert form is not None
    assert form.fields[0].text == SAID  # type: ignore[union-attr]
    await council.submit(
        "one", "action.save", form.value, words="Half an hour", commitment="listening", due=DUE
    )
    await council.live_until(MONDAY + WEEK)
    assert "In hand, for listening: Half an hour" in last_check_in(council, "one-1")
    assert SAID not in last_check_in(council, "one-1")


async def test_what_was_done_can_be_begun_again(council: World) -> None:
    await say(council, "one")
    await press(council, "one", await listed(council, "one"), "It's done")
    form = (await press(council, "one", await listed(council, "one"), "Change it")).form
    assert form is not None
    await council.submit(
        "one", "action.save", form.value, words=SAID, commitment="learning", due=DUE
    )
    assert f"In hand, for learning: {SAID}" in words(await summary_of(council, "one"))


async def test_nobody_else_says_changes_or_ends_it(council: World) -> None:
    await say(council, "one")
    page = await listed(council, "one")
    theirs = {each.action: each.value for each in buttons(page)}
    block = _block(await summary_of(council, "one"))
    for other in ("two", "one-1", "two-1"):
        for action, value in (*theirs.items(), ("action.new", block), ("action.list", block)):
            with pytest.raises(NotAllowed):
                await council.tap(other, action, value)
        for value in (theirs["action.change"], f"{'b' * 32} {block}", f"{'b' * 300} {block}", ""):
            with pytest.raises(NotAllowed):
                await council.submit(
                    other, "action.save", value, words="Mine", commitment="learning", due=DUE
                )
        with pytest.raises(NotAllowed):
            await council.submit(other, "action.drop.save", theirs["action.drop"], reason="no")
    assert f"In hand, for changing systems: {SAID}" in words(await summary_of(council, "one"))


async def test_whoever_is_above_says_it_to_all_and_each_leader_ends_their_own(
    council: World,
) -> None:
    opened = await council.tap("director", "action.new", "all")
    assert opened.form is not None
    await council.submit(
        "director", "action.save", opened.form.value, words=SAID, commitment="learning", due=DUE
    )
    await council.live_until(MONDAY)
    assert SAID in last_check_in(council, "one-1")
    assert SAID in last_check_in(council, "two-1")
    await press(council, "one", await listed(council, "one"), "It's done")
    assert f"Done, for learning: {SAID}" in words(await summary_of(council, "one"))
    assert f"In hand, for learning: {SAID}" in words(await summary_of(council, "two", "Libraries"))


async def test_teams_that_share_a_summary_read_what_their_own_leader_said(world: World) -> None:
    small = [
        line("director", "Services", ""),
        *team_of(5, "Services / North", "north")[1:],
        line("north", "Services / North", "director"),
        *team_of(5, "Services / South", "south")[1:],
        line("south", "Services / South", "director"),
    ]
    await world.import_lines(small)
    await world.launch()
    await world.live_until(SATURDAY)
    await world.submit(
        "north",
        "action.save",
        f"{'c' * 32} {_block(await _only_summary(world, 'north'))}",
        words=SAID,
        commitment="learning",
        due=DUE,
    )
    await world.live_until(MONDAY)
    assert SAID in last_check_in(world, "north-1")
    assert TITLE not in last_check_in(world, "south-1")
    assert TITLE not in words(await _only_summary(world, "south"))


async def _only_summary(world: World, leader: str) -> Message:
    page = await home(world.core, world.ids[leader])
    block = next(each.value for each in buttons(page) if each.action == "summary.read")
    shown = (await world.tap(leader, "summary.read", block)).notice
    assert shown is not None
    return shown


async def test_a_team_keeps_it_through_a_reorganisation(council: World) -> None:
    await say(council, "one")
    await council.import_lines(
        [
            line("director", "Services", ""),
            *team_of(9, "Services / Housing", "one")[1:5],
            *[line(f"one-{n}", "Services / Libraries", "two") for n in range(5, 10)],
            line("one", "Services / Libraries", "director"),
            *[line(f"new-{n}", "Services / Housing", "two") for n in range(6)],
            *team_of(9, "Services / Libraries", "two")[1:],
            line("two", "Services / Libraries", "director"),
        ]
    )
    await council.live_until(MONDAY)
    assert SAID in last_check_in(council, "one-1")
    assert TITLE not in last_check_in(council, "one-6")  # they belong to another team by now


async def test_somebody_who_was_away_is_told_when_they_come_back(council: World) -> None:
    await council.tap("one-1", "pause.start", "two_weeks")
    await say(council, "one")
    await press(council, "one", await listed(council, "one"), "It's done")
    before = last_check_in(council, "one-1")
    await council.live_until(MONDAY + WEEK)
    assert last_check_in(council, "one-1") == before
    await council.live_until(MONDAY + 2 * WEEK)
    assert f"Done, for changing systems: {SAID}" in last_check_in(council, "one-1")


async def test_a_check_in_that_was_put_off_still_has_it(council: World) -> None:
    await say(council, "one")
    await council.live_until(MONDAY)
    key = next(
        each.value
        for each in buttons(council.inbox("one-1")[-1].message)
        if each.action == "delivery.snooze"
    )
    sent = len(council.inbox("one-1"))
    await council.tap("one-1", "delivery.snooze", key)
    await council.live_until(MONDAY + timedelta(hours=3))
    assert len(council.inbox("one-1")) == sent + 1
    assert SAID in last_check_in(council, "one-1")


async def test_words_of_a_crisis_are_answered(council: World) -> None:
    reply = await say(council, "one", "I want to kill myself")
    assert reply.notice is not None
    assert "116 123" in words(reply.notice)


async def test_what_ended_long_ago_is_forgotten(council: World) -> None:
    await say(council, "one")
    page = await listed(council, "one")
    await press(council, "one", page, "It's done")
    await council.live_until(SATURDAY + KEPT_FOR + 2 * timedelta(days=1))
    with pytest.raises(NotAllowed):
        await press(council, "one", page, "Change it")
