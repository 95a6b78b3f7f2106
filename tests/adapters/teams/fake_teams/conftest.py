from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.teams import Actor, FakeTeams
from tests.support.small_teams_bot import SmallTeamsBot, small_teams_bot
from tests.support.teams_client import TeamsClient


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    """A Teams with two people who have the app, Anna and Ben, and a team of both."""
    async with FakeTeams.running() as running:
        running.add_person("anna", installed=True)
        running.add_person("ben", installed=True)
        running.add_team("Housing", ["anna", "ben"])
        yield running


@pytest.fixture
def anna(teams: FakeTeams) -> Actor:
    return teams.actor("anna")


@pytest.fixture
async def bot(teams: FakeTeams, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallTeamsBot]:
    async with small_teams_bot(teams, monkeypatch) as running:
        yield running


@pytest.fixture
async def client(teams: FakeTeams) -> AsyncIterator[TeamsClient]:
    """A bare client of the connector, which tries nothing a second time."""
    async with TeamsClient.signed_in(teams) as client:
        yield client
