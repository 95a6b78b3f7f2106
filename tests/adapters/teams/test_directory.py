"""Who is in Teams, and who of them is whom: from installations, rosters, and one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.fakes.teams import FakeTeams
from tests.support.organisation import team_of
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot


async def connected(bot: TeamsBot) -> set[str]:
    names = {person_id: name for name, person_id in bot.world.ids.items()}
    return {names[row["person_id"]] for row in await rows_of(bot.core, "account")}


async def test_whoever_has_the_app_before_they_are_on_the_roster_is_connected_later(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    for name in ("boss", "boss-1"):
        await fake_teams.actor(fake_teams.add_person(name)).installs()
    await empty_bot.settle()
    assert "I don't know you here" in str(empty_bot.last("boss-1").cards)
    await empty_bot.world.import_lines(team_of(2))
    assert await connected(empty_bot) == set()
    await empty_bot.platform.sync_due()
    assert await connected(empty_bot) == {"boss", "boss-1"}


async def test_whoever_leaves_the_tenant_is_let_go(bot: TeamsBot) -> None:
    await bot.actor("boss-1").leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    assert await connected(bot) == set(bot.world.ids) - {"boss-1"}


async def test_where_a_leaver_was_posted_to_is_forgotten(bot: TeamsBot) -> None:
    gone, stays = bot.actor("boss-1"), bot.actor("boss-2")
    await gone.leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    known = {row["external_id"] for row in await rows_of(bot.core, "conversation")}
    assert gone.person.aad_id not in known
    assert stays.person.aad_id in known


async def test_of_many_leavers_at_once_nothing_is_forgotten(bot: TeamsBot) -> None:
    for name in bot.world.ids:
        await bot.actor(name).leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    assert len(await rows_of(bot.core, "conversation")) == len(bot.world.ids)


async def test_most_people_do_not_leave_at_once(bot: TeamsBot) -> None:
    for name in bot.world.ids:
        await bot.actor(name).leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    assert await connected(bot) == set(bot.world.ids)


async def test_those_in_a_team_with_the_bot_are_asked_for_together(
    bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    team = fake_teams.add_team("Housing", [f"boss-{number}" for number in range(1, 9)])
    await bot.actor("boss-1").adds_bot_to(team)
    await bot.settle()
    fake_teams.log.clear()
    bot.timer.slept.clear()
    await bot.platform.sync_all()
    assert len(fake_teams.calls("members")) == 1
    assert len(fake_teams.calls("member")) == 2  # the boss, and the one who isn't in the team
    assert len(bot.timer.slept) == 2
    assert await connected(bot) == set(bot.world.ids)


async def test_zone_and_language_stay_as_somebody_brought_them(bot: TeamsBot) -> None:
    before = await rows_of(bot.core, "account")
    assert {row["zone"] for row in before} == {"Europe/London"}
    await bot.platform.sync_all()
    assert await rows_of(bot.core, "account") == before


async def test_a_guest_gets_no_account(empty_bot: TeamsBot, fake_teams: FakeTeams) -> None:
    await empty_bot.world.import_lines(team_of(2))
    guest = fake_teams.add_person("boss-1", is_guest=True, email="boss-1@example.org")
    await fake_teams.actor(guest).installs()
    await empty_bot.settle()
    await empty_bot.platform.sync_all()
    assert await connected(empty_bot) == set()


async def test_a_roster_that_cannot_be_read_changes_nothing(bot: TeamsBot) -> None:
    before = await rows_of(bot.core, "account")
    bot.teams.faults.answer("ServiceError", "member", times=None, status=500)
    assert await bot.platform.sync_all() == {}
    assert await rows_of(bot.core, "account") == before


@pytest.mark.parametrize("error", ["cut", "lose_replies"])
async def test_whoever_cannot_be_asked_about_is_greeted_and_known_later(
    empty_bot: TeamsBot, fake_teams: FakeTeams, error: str
) -> None:
    await empty_bot.world.import_lines(team_of(2))
    getattr(fake_teams.faults, error)("member")
    await fake_teams.actor(fake_teams.add_person("boss-1")).installs()
    await empty_bot.settle()
    assert len(fake_teams.messages("boss-1")) == 1
    await empty_bot.platform.sync_all()
    assert await connected(empty_bot) == {"boss-1"}


async def test_typing_shows_while_an_answer_takes_its_time(bot: TeamsBot) -> None:
    line = bot.actor("boss-1").line_of("hello")
    async with bot.core.database.writing():
        answered = asyncio.ensure_future(bot.teams.sends(line))
        await _until(lambda: bot.teams.typing("boss-1") == 1)
    assert (await answered).status == 200
    await bot.settle()
    assert "you can type" in str(bot.last("boss-1").cards).lower()


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - it is in another task, which tells nobody
            await asyncio.sleep(0.02)
