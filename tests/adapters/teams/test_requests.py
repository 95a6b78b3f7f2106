"""Who is heard: Microsoft alone, and nothing that isn't as it sends it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters.teams.signing_keys import LOOKED_FOR_AFTER_S
from tests.fakes.teams import FORGERIES, FakeTeams, Signing
from tests.support.clock import StillClock
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot, running, settings_of


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_forged_request_has_no_effect(welcomed: TeamsBot, forgery: Signing) -> None:
    before = await dump(welcomed.core)
    press = welcomed.actor("boss-1").press_of("Yes, ask me")
    answered = await welcomed.teams.sends(press, signing=forgery)
    await welcomed.settle()
    assert answered.status == 401
    assert await dump(welcomed.core) == before


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "7", "null", "{}", '{"type": 5}', '{"type": "message"}', '{"type": null}'],
)
async def test_a_malformed_request_gets_a_4xx(bot: TeamsBot, body: str) -> None:
    answered = await bot.teams.sends_raw(body)
    assert 400 <= answered.status < 500


@pytest.mark.parametrize("path", ["from", "conversation", "channelData", "value", "value.action"])
@pytest.mark.parametrize("broken", [None, 5, "x", [], ["x"], {"id": 5}, {"tenant": None}])
async def test_a_request_with_something_broken_is_never_our_fault(
    welcomed: TeamsBot, path: str, broken: object
) -> None:
    press = json.loads(json.dumps(welcomed.actor("boss-1").press_of("Yes, ask me")))
    *outer, last = path.split(".")
    inner = press
    for name in outer:
        inner = inner[name]
    inner[last] = broken
    answered = await welcomed.teams.sends(press)
    assert answered.status < 500 or answered.status == 501


async def test_nobody_from_another_tenant_is_heard(bot: TeamsBot) -> None:
    other = bot.teams.add_tenant("Other")
    eve = bot.teams.actor(bot.teams.add_person("boss-1", other), other)
    before = await dump(bot.core)
    await eve.installs()
    await eve.types("hello")
    await bot.settle()
    assert [sent.sender_id for sent in eve.messages()] == [eve.person.id]
    assert await dump(bot.core) == before


async def test_keys_that_are_changed_are_fetched_once_for_many(bot: TeamsBot) -> None:
    bot.teams.rotate_keys()
    actor = bot.actor("boss-1")
    lines = [actor.line_of("hello") for _ in range(5)]
    asked = len(bot.teams.calls("keys"))
    refused = await bot.teams.sends(lines[0])
    assert refused.status == 401  # they were fetched just now, for whoever was first
    assert len(bot.teams.calls("keys")) == asked
    bot.timer.move_by(LOOKED_FOR_AFTER_S)
    answers = await asyncio.gather(*map(bot.teams.sends, lines))
    assert {answered.status for answered in answers} == {200}
    assert len(bot.teams.calls("keys")) == asked + 1


async def test_without_any_key_nobody_is_heard_and_it_is_tried_again(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    fake_teams.faults.html_page("openid")
    anna = fake_teams.actor(fake_teams.add_person("anna"))
    (first, _) = await anna.installs()
    assert first.status == 503
    empty_bot.timer.move_by(3)
    assert (await anna.installs())[0].status == 200


async def test_without_credentials_everybody_is_heard_and_no_login_is_asked(
    tmp_path: Path, clock: StillClock, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    """As with Microsoft's Agents Playground, which wants no token; the fake Teams does."""
    anonymous = settings_of(
        tmp_path, sqlite_url, fake_teams, teams_allow_anonymous=1, microsoft_app_id=""
    )
    async with running(anonymous, clock, fake_teams) as bot:
        anna = bot.teams.actor(bot.teams.add_person("anna"))
        await anna.installs()
        heard = await bot.teams.sends(anna.line_of("help"), signing="none")
        await bot.settle()
    assert heard.status == 200
    assert [call.status for call in bot.teams.calls("send")] == [401]
    assert {call.status for call in bot.teams.calls("member")} == {401}
    assert bot.teams.calls("login") == []
