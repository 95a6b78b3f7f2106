"""Answers to typed lines, while Slack is busy or its replies get lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from adapters.payloads import read
from adapters.slack.answering import answer_line
from adapters.slack.client import SlackClient
from adapters.slack.incoming import Line
from bot.errors import OutcomeUnknown, PlatformError, TryLater
from bot.message import sentence
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.state import Posted
from tests.support.slack import TEAM, slack_client
from tests.support.timer import SkippingTimer

ANSWER = sentence("You can type one of these.")
Sets = Callable[[Faults], object]


@pytest.fixture
def timer() -> SkippingTimer:
    return SkippingTimer()


@pytest.fixture
async def client(fake_slack: FakeSlack, timer: SkippingTimer) -> AsyncIterator[SlackClient]:
    async with slack_client(fake_slack, timer) as connected:
        yield connected


@pytest.fixture(params=["", "in a thread"])
def line(request: pytest.FixtureRequest, fake_slack: FakeSlack) -> Line:
    """What Anna has typed to the bot."""
    user = fake_slack.add_user("anna")
    channel, ts = fake_slack.workspace.dm(user.id).id, fake_slack.clock.ts()
    fake_slack.workspace.post(Posted(ts, channel, user.id, "help"))
    thread = {"thread_ts": ts} if request.param else {}
    event = {"user": user.id, "channel": channel, "channel_type": "im", "ts": ts, **thread}
    return read(Line, {"team_id": TEAM, "event_id": "Ev1", "event": event})


def answers(slack: FakeSlack, line: Line) -> list[Posted]:
    there = slack.workspace.in_channel(line.event.channel)
    return [each for each in there if each.bot_id and each.thread_ts == line.event.thread_ts]


FAULTS: dict[str, tuple[Sets, int]] = {
    "busy": (lambda faults: faults.answer("ratelimited", "chat.postMessage"), 2),
    "broken": (lambda faults: faults.html_page("chat.postMessage"), 2),
    "failed": (lambda faults: faults.answer("internal_error", "chat.postMessage"), 2),
    "cut": (lambda faults: faults.cut("chat.postMessage"), 2),
    "posted, and the reply was lost": (lambda faults: faults.lose_replies("chat.postMessage"), 1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_answer_comes_once_whatever_happens_to_its_first_try(
    fake_slack: FakeSlack, client: SlackClient, line: Line, fault: str
) -> None:
    goes_wrong, tries = FAULTS[fault]
    goes_wrong(fake_slack.faults)
    await answer_line(client, line, ANSWER)
    (answer,) = answers(fake_slack, line)
    assert ANSWER.summary in answer.text
    assert len(fake_slack.calls("chat.postMessage")) == tries


async def test_it_waits_for_as_long_as_slack_asks(
    fake_slack: FakeSlack, client: SlackClient, line: Line, timer: SkippingTimer
) -> None:
    busy = {"retry_after": 25}
    fake_slack.faults.answer("ratelimited", "chat.postMessage", times=2, details=busy)
    await answer_line(client, line, ANSWER)
    assert timer.slept == [25.0, 25.0]
    assert len(answers(fake_slack, line)) == 1


@pytest.mark.parametrize(
    ("code", "error", "tries"),
    [
        ("internal_error", OutcomeUnknown, 4),
        ("ratelimited", TryLater, 3),
        ("missing_scope", TryLater, 1),
        ("user_disabled", PlatformError, 1),
    ],
)
async def test_it_is_given_up_after_a_minute_or_at_once_where_waiting_does_not_help(
    fake_slack: FakeSlack,
    client: SlackClient,
    line: Line,
    timer: SkippingTimer,
    code: str,
    error: type[Exception],
    tries: int,
) -> None:
    details = {"retry_after": 25}
    fake_slack.faults.answer(code, "chat.postMessage", times=None, details=details)
    with pytest.raises(error):
        await answer_line(client, line, ANSWER)
    assert len(fake_slack.calls("chat.postMessage")) == tries
    assert sum(timer.slept) <= 60


async def test_while_it_can_not_be_looked_up_it_is_not_posted_again(
    fake_slack: FakeSlack, client: SlackClient, line: Line
) -> None:
    fake_slack.faults.lose_replies("chat.postMessage")
    method = "conversations.replies" if line.event.thread_ts else "conversations.history"
    fake_slack.faults.html_page(method)
    with pytest.raises(OutcomeUnknown):
        await answer_line(client, line, ANSWER)
    assert len(answers(fake_slack, line)) == 1
