"""Teams from each source, with no more scopes than the manifest asks for."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from adapters.slack.manifest import TeamsFrom, scopes
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.slack_bot import WORKSPACE, running, settings_of


@pytest.mark.parametrize("teams_from", get_args(TeamsFrom))
async def test_the_scopes_that_are_asked_for_are_enough_to_read_who_is_there(
    tmp_path: Path,
    sqlite_url: str,
    clock: StillClock,
    fake_slack: FakeSlack,
    teams_from: TeamsFrom,
) -> None:
    fake_slack.set_scopes(scopes(teams_from))
    fake_slack.add_user("boss")
    settings = settings_of(tmp_path, sqlite_url, fake_slack, wellbeing_teams_from=teams_from)
    async with running(settings, clock, fake_slack) as bot:
        synced = await bot.platform.sync_all()
    assert synced is not None
    assert set(synced) == {WORKSPACE}
    refused = [call.method for call in fake_slack.calls() if call.outcome == "missing_scope"]
    assert not refused
