"""Somebody on Slack asks, a volunteer in Teams answers, each in their own chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.slack import Posted
from tests.fakes.slack.reading import text_of
from tests.support import two_platforms
from tests.support.clock import StillClock
from tests.support.desk import PEOPLE, let_go_out, request_of, volunteer
from tests.support.tables import dump
from tests.support.two_platforms import Organisation

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ASKER, VOLUNTEER, OTHER = "ann", "wes", "val"


@pytest.fixture
async def both(tmp_path: Path, clock: StillClock, sqlite_url: str) -> AsyncIterator[Organisation]:
    """Whoever asks is on Slack, as is one volunteer; the other is in Teams."""
    async with two_platforms.organisation(tmp_path, clock, sqlite_url) as found:
        await found.world.import_lines(PEOPLE)
        await found.has([ASKER, OTHER], [VOLUNTEER])
        await found.world.launch()
        await volunteer(found.world, VOLUNTEER, OTHER)
        await found.world.live_until(TUESDAY_MORNING)
        await found.settle()
        yield found


async def ask(both: Organisation) -> None:
    """Ask on Slack, from a typed word to the form."""
    asker = both.slack.actor(ASKER)
    await asker.says("talk to someone")
    await both.settle()
    assert "999" in both.in_slack(ASKER)[-1]
    await asker.presses("Ask for somebody")
    await both.settle()
    await asker.submits({})
    await asker.closes(every=True)
    await let_go_out(both)


async def test_from_slack_to_teams_and_back(both: Organisation) -> None:
    await ask(both)
    helper = both.teams.actor(VOLUNTEER)
    assert "Somebody would like to talk" in both.in_teams(VOLUNTEER)[-1]
    assert "Somebody would like to talk" in both.in_slack(OTHER)[-1]
    await helper.presses("I can take this")
    await let_go_out(both)
    assert "Somebody else has picked this up" in both.in_slack(OTHER)[-1]

    request = await request_of(both.world, ASKER)
    (root,) = [
        posted
        for posted, words in zip(both.slack.messages(ASKER), both.in_slack(ASKER), strict=True)
        if "They've picked up your request" in words
    ]
    assert request.warrior_alias in both.in_slack(ASKER)[-1]
    assert request.alias in both.in_teams(VOLUNTEER)[-1]
    seen = f"{both.in_slack(ASKER)[-1]} {both.in_teams(VOLUNTEER)[-1]}"
    assert not {"Ann", "Wes"} & set(seen.split())

    # From a thread on Slack to Teams, where nothing of it is markup.
    asker = both.slack.actor(ASKER)
    await asker.says("I can't sleep &amp; it's *bad* &lt;b&gt;\nreally", in_thread=root)
    await both.settle()
    got = both.in_teams(VOLUNTEER)[-1]
    assert request.alias in got
    assert "I can't sleep & it's" in got.replace("\\", "")
    assert "really" in got
    assert "Passed on" in slack_thread(both, root)[-1]

    # From Teams, where the only conversation needs no name, to the thread on Slack.
    await helper.types("That sounds &lt;!channel&gt; hard")
    await both.settle()
    assert "That sounds <!channel> hard" in plain(slack_thread(both, root)[-1])

    # From the dialog that names the conversation.
    await helper.opens(f"Write to {request.alias}")
    await helper.submits({"words": "Would a walk help?"})
    helper.closes()
    await both.settle()
    assert "Would a walk help?" in slack_thread(both, root)[-1]

    # Outside of the thread nothing goes anywhere.
    count = len(both.in_teams(VOLUNTEER))
    await asker.says("not here")
    await both.settle()
    assert "haven't sent that to anybody" in both.in_slack(ASKER)[-1]
    assert len(both.in_teams(VOLUNTEER)) == count

    kept = str(await dump(both.world.core))
    assert not [words for words in ("sleep", "walk help", "sounds") if words in kept]

    await helper.presses("End it here")
    await let_go_out(both)
    assert "has ended" in both.in_slack(ASKER)[-1]
    assert "has ended" in both.in_teams(VOLUNTEER)[-1]
    await asker.says("one more thing", in_thread=root)
    await both.settle()
    assert "is over" in slack_thread(both, root)[-1]


async def test_a_file_is_refused_kindly_on_either_side(both: Organisation) -> None:
    await ask(both)
    await both.teams.actor(VOLUNTEER).presses("I can take this")
    await let_go_out(both)
    root = both.slack.messages(ASKER)[-1]
    count = len(both.in_teams(VOLUNTEER))
    await both.slack.actor(ASKER).says(
        "look", in_thread=root, files=[{"id": "F1", "name": "a.pdf"}]
    )
    await both.settle()
    assert "words only" in slack_thread(both, root)[-1]
    assert len(both.in_teams(VOLUNTEER)) == count


async def test_what_cannot_be_passed_on_is_said_at_once(both: Organisation) -> None:
    await ask(both)
    await both.teams.actor(VOLUNTEER).presses("I can take this")
    await let_go_out(both)
    root = both.slack.messages(ASKER)[-1]
    count = len(both.in_teams(VOLUNTEER))
    both.teams.faults.answer("Throttled", "send", times=1, retry_after=30)
    await both.slack.actor(ASKER).says("hello?", in_thread=root)
    await both.settle()
    assert "could not be passed on" in slack_thread(both, root)[-1]
    assert len(both.in_teams(VOLUNTEER)) == count


def slack_thread(both: Organisation, root: Posted) -> list[str]:
    return [text_of(posted.blocks) for posted in both.slack.actor(ASKER).thread(root)]


def plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
