from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.slack_bot import SlackBot, running, settings_of
from tests.support.slack_parcels import Traces

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.fixture
async def fake_slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as slack:
        yield slack


@pytest.fixture(params=["http", "socket mode"])
async def bot(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: StillClock,
    fake_slack: FakeSlack,
) -> AsyncIterator[SlackBot]:
    """A bot on Slack with a team of nine and their manager; by each way of connecting in turn.

    A test can ask for one "on PostgreSQL", over HTTP.
    """
    more = {"slack_app_token": fake_slack.app.app_token} if request.param == "socket mode" else {}
    database = "postgres_url" if request.param == "on PostgreSQL" else "sqlite_url"
    url = str(request.getfixturevalue(database))
    settings = settings_of(tmp_path, url, fake_slack, **more)
    async with running(settings, clock, fake_slack) as bot:
        await bot.has(team_of(9))
        yield bot


@pytest.fixture
async def welcomed(bot: SlackBot) -> SlackBot:
    """Everybody on the team has been welcomed."""
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    bot.tell_slack_the_time()
    return bot


@pytest.fixture
def traces(welcomed: SlackBot) -> Traces:
    return Traces(welcomed)
