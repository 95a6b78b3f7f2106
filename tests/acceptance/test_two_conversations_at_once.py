"""A volunteer with two conversations: on Slack and in Teams, no word goes to the wrong one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.test_support_on_each import ASKER, TUESDAY_MORNING, Desk
from tests.acceptance.test_support_on_each import desk as desk  # noqa: PLC0414 - a fixture
from tests.fakes.slack import Posted
from tests.support.desk import request_of

OTHER = "amir"


async def begin_two(desk: Desk) -> tuple[str, list[str]]:
    """Two people have asked, and one volunteer picked both up: who, and their made-up names."""
    await desk.ask()
    name = desk.asked()[0]
    await desk.presses(name, "I can take this")
    await desk.live_until(TUESDAY_MORNING + timedelta(days=8))
    world = desk.both.world
    await world.submit(OTHER, "support.send", wanted=world.ids[name])
    await desk.live_until(world.clock.now())
    await desk.presses(name, "I can take this")
    return name, [(await request_of(world, who)).alias for who in (ASKER, OTHER)]


@pytest.mark.parametrize("desk", ["teams"], indirect=True)
async def test_in_teams_a_line_says_for_whom_it_is_or_is_sent_to_nobody(desk: Desk) -> None:
    await desk.both.has([], [OTHER])
    name, (first, second) = await begin_two(desk)
    helper = desk.both.teams.actor(name)
    for words in ("who gets this?", "Nobody There: or that?"):
        await desk.place.types(name, words)
        assert "couldn't be sure for whom it is" in desk.place.has(name)[-1]
        assert f"Write to {first}" in str(helper.cards()[-1])
        assert f"Write to {second}" in str(helper.cards()[-1])
    await desk.place.types(name, f"{second}: this is for the second")
    await helper.opens(f"Write to {first}")
    await helper.submits({"words": "and this for the first"})
    helper.closes()
    await desk.both.settle()
    said = {who: "\n".join(desk.place.has(who)) for who in (ASKER, OTHER)}
    assert "this is for the second" in said[OTHER]
    assert "and this for the first" in said[ASKER]
    assert "the second" not in said[ASKER]
    assert "the first" not in said[OTHER]
    assert not [words for words in said.values() if "this?" in words or "that?" in words]


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
async def test_on_slack_each_has_a_thread_of_its_own(desk: Desk) -> None:
    await desk.both.has([OTHER], [])
    name, _ = await begin_two(desk)
    helper = desk.both.slack.actor(name)
    roots = [
        posted for posted in helper.messages() if "A life may be at risk" in str(posted.blocks)
    ]
    for root, words in zip(roots, ("for the first", "for the second"), strict=True):
        await helper.says(words, in_thread=root)
        await desk.both.settle()
    await helper.says("for nobody")
    await desk.both.settle()
    assert "haven't sent that to anybody" in desk.place.has(name)[-1]
    for who, words in ((ASKER, "for the first"), (OTHER, "for the second")):
        (root,) = beginnings(desk, who)
        thread = desk.both.slack.actor(who).thread(root)
        assert [words in str(posted.blocks) for posted in thread] == [False, True]


def beginnings(desk: Desk, name: str) -> list[Posted]:
    """The messages with which somebody's conversations began."""
    found = desk.both.slack.actor(name).messages()
    return [posted for posted in found if "They've picked up your request" in str(posted.blocks)]


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
async def test_on_slack_the_command_and_the_shortcut_lead_to_the_form(desk: Desk) -> None:
    asker = desk.both.slack.actor(ASKER)
    await asker.runs("/wellbeing", "support")
    await desk.both.settle()
    by_command = asker.modal().blocks
    await asker.closes(every=True)
    await asker.uses_shortcut("talk_to_someone")
    await desk.both.settle()
    assert asker.modal().blocks == by_command
    assert str(by_command).index("999") < str(by_command).index("How soon")
