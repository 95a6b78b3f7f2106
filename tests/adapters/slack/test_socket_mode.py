"""Socket Mode at the bot's end: what becomes of a connection that is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.bolt import bolt_app
from adapters.slack.socket_mode import connected
from bot.errors import SettingsError
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot, running, settings_of
from tests.support.slack_handlers import Nothing


@pytest.fixture
async def listening(
    tmp_path: Path, sqlite_url: str, clock: StillClock, fake_slack: FakeSlack
) -> AsyncIterator[SlackBot]:
    """A bot that soon loses patience with a connection that doesn't come back."""
    settings = settings_of(
        tmp_path, sqlite_url, fake_slack, slack_app_token=fake_slack.app.app_token
    )
    async with running(settings, clock, fake_slack, patience_s=1.0) as bot:
        await bot.has(team_of(9))
        yield bot


async def hears(bot: SlackBot) -> bool:
    return (await bot.actor("boss-1").says("hello")).acknowledged


@pytest.mark.parametrize("refusals", [1, 2])
async def test_it_hears_again_after_a_handshake_that_failed(
    listening: SlackBot, refusals: int
) -> None:
    """A ticket is good for one handshake; slack_sdk would show the used one for ever."""
    sockets = listening.slack.sockets
    sockets.refuse(refusals)
    with printing() as printed:
        await sockets.cut()
        await sockets.wait_for(1)
    assert await hears(listening)
    assert "Socket Mode is opened anew" in printed.getvalue()
    assert "ticket" not in printed.getvalue()


async def test_a_connection_that_slack_ends_is_followed_by_one(listening: SlackBot) -> None:
    sockets = listening.slack.sockets
    await sockets.cut()
    await sockets.wait_for(1)
    assert await hears(listening)
    assert (sockets.opened, sockets.connected) == (2, 1)


# --- the first connection --------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_auth", "missing_scope", "account_inactive"])
async def test_a_token_that_somebody_has_to_put_right_is_said_at_once(
    fake_slack: FakeSlack, code: str
) -> None:
    fake_slack.faults.answer(code, "apps.connections.open", times=None)
    app = bolt_app(Nothing(), "")
    with pytest.raises(SettingsError, match=f"SLACK_APP_TOKEN.*{code}"):
        async with connected(app, fake_slack.app.app_token, fake_slack.api_url):
            pytest.fail("Slack doesn't take the token")


@pytest.mark.parametrize("code", ["ratelimited", "internal_error"])
async def test_what_passes_by_itself_is_waited_for(fake_slack: FakeSlack, code: str) -> None:
    fake_slack.faults.answer(code, "apps.connections.open")
    app = bolt_app(Nothing(), "")
    async with connected(app, fake_slack.app.app_token, fake_slack.api_url):
        await fake_slack.sockets.wait_for(1)


@pytest.mark.parametrize("refusals", [1, 2])
async def test_a_first_handshake_that_fails_is_followed_by_another(
    fake_slack: FakeSlack, refusals: int
) -> None:
    fake_slack.sockets.refuse(refusals)
    app = bolt_app(Nothing(), "")
    async with connected(app, fake_slack.app.app_token, fake_slack.api_url, patience_s=1.0):
        await fake_slack.sockets.wait_for(1)
