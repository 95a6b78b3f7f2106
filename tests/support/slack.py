"""The bot's own client and messenger on a fake Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.slack.client import SlackClient
from adapters.slack.ids import workspace_of
from adapters.slack.messenger import SlackMessenger, limits_of
from bot.app import SystemClock
from bot.ports import Address, Timer
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock

TEAM = "T0001"
WORKSPACE = workspace_of(TEAM)


class NewestTokens:
    """Implements `adapters.slack.client.Tokens` with what the fake Slack has given out."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    async def token(self, team_id: str) -> str:
        return self._slack.bot_token(team_id)


class FixedTokens:
    """One token, whatever Slack thinks of it."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, _team_id: str) -> str:
        return self._token


@asynccontextmanager
async def slack_client(
    slack: FakeSlack, timer: Timer | None = None, within_s: float = 10.0
) -> AsyncIterator[SlackClient]:
    connected = SlackClient.connected(NewestTokens(slack), slack.api_url, timer, within_s)
    async with connected as client:
        yield client


def messenger_on(client: SlackClient, clock: StillClock | None = None) -> SlackMessenger:
    return SlackMessenger(client, WORKSPACE, limits_of(300), clock or SystemClock())


def person(user_id: str) -> Address:
    return Address(WORKSPACE, "person", user_id)


def channel(channel_id: str) -> Address:
    return Address(WORKSPACE, "channel", channel_id)
