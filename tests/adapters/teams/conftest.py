from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.teams import FakeTeams
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.teams_bot import TeamsBot, running, settings_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.fixture
async def fake_teams() -> AsyncIterator[FakeTeams]:
    async with FakeTeams.running() as teams:
        yield teams


@pytest.fixture
async def empty_bot(
    request: pytest.FixtureRequest, tmp_path: Path, clock: StillClock, fake_teams: FakeTeams
) -> AsyncIterator[TeamsBot]:
    """A bot on Teams that nobody has installed. A test can ask for one "on PostgreSQL"."""
    on_postgres = getattr(request, "param", "") == "on PostgreSQL"
    url = str(request.getfixturevalue("postgres_url" if on_postgres else "sqlite_url"))
    settings = settings_of(tmp_path, url, fake_teams)
    async with running(settings, clock, fake_teams) as bot:
        yield bot


@pytest.fixture
async def bot(empty_bot: TeamsBot) -> TeamsBot:
    """The same with a team of nine and their manager, who all have the app."""
    await empty_bot.has(team_of(9))
    return empty_bot


@pytest.fixture
async def welcomed(bot: TeamsBot) -> TeamsBot:
    """Everybody on the team has been welcomed."""
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    return bot
