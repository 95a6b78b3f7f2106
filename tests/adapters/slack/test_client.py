"""Calling Slack: nothing twice, nothing late, and nothing of it in a log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.outbound import HELD_UP_S, shared_session
from adapters.slack.client import SlackClient
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable, VaultError
from tests.fakes.slack import FakeSlack
from tests.support.printing import printing
from tests.support.slack import TEAM, slack_client
from tests.support.timer import SkippingTimer

POST = "chat.postMessage"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.add_user("anne", id="U1")
        yield running


@pytest.fixture
def timer() -> SkippingTimer:
    return SkippingTimer()


async def _post(client: SlackClient, team_id: str = TEAM) -> None:
    await client.call(team_id, POST, channel="U1", text="Hello")


async def test_an_answer_is_what_slack_sent(slack: FakeSlack) -> None:
    async with slack_client(slack) as client:
        answer = await client.call(TEAM, "auth.test")

    assert answer["ok"] is True
    assert answer["team_id"] == TEAM


async def test_each_workspace_is_called_with_its_own_token(slack: FakeSlack) -> None:
    other = slack.add_workspace("Other")

    async with slack_client(slack) as client:
        answers = [await client.call(each, "auth.test") for each in (TEAM, other.id)]

    assert [answer["team_id"] for answer in answers] == [TEAM, other.id]


async def test_requests_never_wait_for_each_other(slack: FakeSlack) -> None:
    slack.faults.latency_s = 0.5

    async with slack_client(slack) as client, asyncio.timeout(10):  # in turn it takes a minute
        await asyncio.gather(*(client.call(TEAM, "auth.test") for _ in range(150)))

    assert len(slack.calls("auth.test")) == 150


# --- held up -------------------------------------------------------------------------------


class PausedWhileItLooks:
    """The process is paused while it looks for a token."""

    def __init__(self, slack: FakeSlack, timer: SkippingTimer, seconds: float) -> None:
        self._slack, self._timer, self._seconds = slack, timer, seconds

    async def token(self, team_id: str) -> str:
        self._timer.move_by(self._seconds)
        return self._slack.bot_token(team_id)


class PausedAtLast(SkippingTimer):
    """The process is paused after everything was checked: when it's asked the third time."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 2

    def now(self) -> float:
        if self._left == 0:
            self.move_by(HELD_UP_S + 1)
        self._left -= 1
        return super().now()


async def test_what_was_held_up_before_it_went_out_does_not_go_out(
    slack: FakeSlack, timer: SkippingTimer
) -> None:
    tokens = PausedWhileItLooks(slack, timer, HELD_UP_S + 1)

    async with SlackClient.connected(tokens, slack.api_url, timer) as client:
        with pytest.raises(TryLater):
            await _post(client)

    assert not slack.calls()


async def test_a_short_pause_does_no_harm(slack: FakeSlack, timer: SkippingTimer) -> None:
    tokens = PausedWhileItLooks(slack, timer, HELD_UP_S - 1)

    async with SlackClient.connected(tokens, slack.api_url, timer) as client:
        await _post(client)

    assert len(slack.messages("anne")) == 1


async def test_what_was_held_up_at_the_last_moment_does_not_go_out(slack: FakeSlack) -> None:
    timer = PausedAtLast()

    async with shared_session(timer) as session:
        client = SlackClient(session, PausedWhileItLooks(slack, timer, 0), slack.api_url, timer)
        with pytest.raises(TryLater):
            await _post(client)

    assert not slack.messages("anne")


async def test_several_requests_may_share_one_time(slack: FakeSlack, timer: SkippingTimer) -> None:
    tokens = PausedWhileItLooks(slack, timer, HELD_UP_S - 1)

    async with SlackClient.connected(tokens, slack.api_url, timer) as client:
        with client.in_time():
            await _post(client)
            with pytest.raises(TryLater):
                await _post(client)
        await _post(client)  # has a time of its own again

    assert len(slack.messages("anne")) == 2


# --- tokens --------------------------------------------------------------------------------


class NoToken:
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def token(self, _team_id: str) -> str:
        raise self._error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Undeliverable("gone"), Undeliverable),
        (TryLater(5), TryLater),
        (VaultError(), TryLater),
    ],
)
async def test_without_a_token_nothing_is_sent(
    slack: FakeSlack, error: Exception, expected: type[PlatformError]
) -> None:
    async with SlackClient.connected(NoToken(error), slack.api_url) as client:
        with pytest.raises(expected):
            await _post(client)

    assert not slack.calls()


async def test_no_token_and_no_message_is_in_an_error_or_in_the_log(slack: FakeSlack) -> None:
    slack.faults.answer("invalid_auth", POST)
    slack.faults.lose_replies(POST)

    with printing() as printed:
        async with slack_client(slack) as client:
            with pytest.raises(TryLater) as refused:
                await _post(client)
            with pytest.raises(OutcomeUnknown) as lost:
                await _post(client)

    assert "invalid_auth" in printed.getvalue()
    for shown in (printed.getvalue(), str(refused.value), str(lost.value)):
        assert slack.bot_token() not in shown
        assert "Hello" not in shown
