"""Whoever gets the app is greeted once: also if Teams refuses, and if thousands get it at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.teams import Actor, FakeTeams
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot, running, settings_of

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def somebody(bot: TeamsBot, name: str = "boss-1") -> Actor:
    await bot.world.import_lines(team_of(2))
    return bot.teams.actor(bot.teams.add_person(name))


async def service_url_of(bot: TeamsBot, actor: Actor) -> str:
    rows = await rows_of(bot.core, "conversation")
    urls = {row["external_id"]: str(row["service_url"]) for row in rows}
    return urls[actor.person.aad_id]


# --- what becomes of a greeting that didn't arrive -----------------------------------------


@pytest.mark.parametrize("code", ["Throttled", "ServiceUnavailable"])
async def test_a_greeting_that_was_refused_is_tried_again(
    empty_bot: TeamsBot, fake_teams: FakeTeams, code: str
) -> None:
    actor = await somebody(empty_bot)
    fake_teams.faults.answer(code, "send", times=2, retry_after=20)
    await actor.installs()
    await empty_bot.settle()
    assert len(actor.messages()) == 1
    assert sum(wait >= 20 for wait in empty_bot.timer.slept) == 2


@pytest.mark.parametrize("news", ["told again", "asked who is there"])
async def test_a_greeting_that_was_refused_for_long_is_made_good_at_the_next_news(
    empty_bot: TeamsBot, fake_teams: FakeTeams, news: str
) -> None:
    actor = await somebody(empty_bot)
    fault = fake_teams.faults.answer("Throttled", "send", times=None, retry_after=2)
    await actor.installs()
    await empty_bot.settle()
    assert actor.messages() == []
    fake_teams.faults.waiting.remove(fault)
    for _ in range(2):
        if news == "told again":
            await actor.repeats()
        else:
            await empty_bot.platform.sync_all()
        await empty_bot.settle()
    assert len(actor.messages()) == 1


async def test_a_greeting_whose_fate_is_unknown_is_not_repeated(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    actor = await somebody(empty_bot)
    fake_teams.faults.lose_replies("send")
    await actor.installs()
    await empty_bot.settle()
    await actor.repeats()
    await empty_bot.platform.sync_all()
    await empty_bot.settle()
    assert len(actor.messages()) == 1


async def test_whoever_blocks_the_bot_at_once_is_greeted_when_they_come_back(
    empty_bot: TeamsBot,
) -> None:
    actor = await somebody(empty_bot)
    actor.blocks()
    await actor.installs()
    await empty_bot.settle()
    assert await rows_of(empty_bot.core, "conversation") == []
    await empty_bot.platform.sync_all()
    await empty_bot.settle()
    actor.unblocks()
    await actor.installs()
    await empty_bot.settle()
    assert len(actor.messages()) == 1


# --- a bot that stops ----------------------------------------------------------------------


async def test_what_a_bot_that_was_killed_owed_the_next_one_makes_good(
    clock: StillClock, tmp_path: Path, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    settings = settings_of(tmp_path, sqlite_url, fake_teams)
    fault = fake_teams.faults.answer("Throttled", "member", times=None, retry_after=1)
    async with running(settings, clock, fake_teams) as bot:
        actor = await somebody(bot)
        await actor.installs()
        await bot.settle()
    assert actor.messages() == []
    fake_teams.faults.waiting.remove(fault)
    async with running(settings, clock, fake_teams) as bot:
        await bot.platform.sync_all()
        await bot.settle()
    (hello,) = actor.messages()
    assert "you can type" in str(hello.cards).lower()


# --- how fast ------------------------------------------------------------------------------


async def test_many_who_get_the_app_at_once_are_greeted_at_the_pace_of_the_tenant(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    crowd = [fake_teams.actor(fake_teams.add_person(f"crowd-{number}")) for number in range(40)]
    began = empty_bot.timer.now()
    for actor in crowd:
        await actor.installs()
    await empty_bot.settle()
    assert {len(actor.messages()) for actor in crowd} == {1}
    assert empty_bot.timer.now() - began >= (40 - 4) / 4


# --- a new version, and coming back --------------------------------------------------------


async def test_a_new_version_may_be_on_other_servers(bot: TeamsBot) -> None:
    actor = bot.actor("boss-1")
    told = actor.activity_of("installationUpdate", action="add-upgrade")
    told["serviceUrl"] = f"{told['serviceUrl'].rstrip('/')}/elsewhere/"
    assert (await bot.teams.sends(told)).status == 200
    await bot.settle()
    assert await service_url_of(bot, actor) == told["serviceUrl"]
    assert len(actor.messages()) == 1


async def test_whoever_was_let_go_is_written_to_again_as_soon_as_they_do_something(
    welcomed: TeamsBot,
) -> None:
    """Although this process has seen them before."""
    actor = welcomed.actor("boss-1")
    await actor.types("hello")
    await welcomed.settle()
    actor.blocks()
    await welcomed.world.live_until(MONDAY_NOON)
    aad_id = actor.person.aad_id
    assert aad_id not in {
        row["external_id"] for row in await rows_of(welcomed.core, "conversation")
    }
    actor.unblocks()
    await actor.types("hello")
    await welcomed.settle()
    assert aad_id in {row["external_id"] for row in await rows_of(welcomed.core, "conversation")}
