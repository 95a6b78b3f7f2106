"""A tenant is read in spite of what fails in it: again, and without whatever fails still."""

from __future__ import annotations

import pytest

from bot.store import accounts, claims
from tests.fakes.teams import FakeTeams
from tests.fakes.teams.state import Team
from tests.support.organisation import line
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot

NAMES = ("boss", *(f"boss-{number}" for number in range(1, 10)))


async def connected(bot: TeamsBot) -> set[str]:
    names = {person_id: name for name, person_id in bot.world.ids.items()}
    return {names[row["person_id"]] for row in await rows_of(bot.core, "account")}


async def problems(bot: TeamsBot) -> list[str]:
    (row,) = await rows_of(bot.core, "directorysync")
    return [str(each) for each in row["problems"]]


async def in_team(bot: TeamsBot, name: str, *people: str) -> Team:
    team = bot.teams.add_team(name, people)
    await bot.actor("boss-1").adds_bot_to(team)
    await bot.settle()
    return team


# --- what passes ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["Throttled", "ServiceUnavailable", "ServiceError"])
@pytest.mark.parametrize("operation", ["member", "members"])
async def test_what_passes_is_asked_again(bot: TeamsBot, operation: str, code: str) -> None:
    await in_team(bot, "Housing", "boss-1", "boss-2")
    await bot.actor("boss-9").leaves_tenant(deleted=True)
    bot.teams.faults.answer(code, operation, times=2)
    (synced,) = (await bot.platform.sync_all() or {}).values()
    assert synced.problems == ()
    assert await connected(bot) == set(NAMES) - {"boss-9"}


async def test_teams_is_waited_for_as_long_as_it_asks(bot: TeamsBot) -> None:
    bot.teams.faults.answer("Throttled", "member", retry_after=20)
    bot.timer.slept.clear()
    await bot.platform.sync_all()
    assert [20 <= wait <= 30 for wait in bot.timer.slept if wait > 1] == [True]


async def test_a_page_that_fails_is_asked_for_again_and_no_other(
    bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    many = [fake_teams.add_person(f"crowd-{number}").handle for number in range(500)]
    team = await in_team(bot, "Everybody", *many, *NAMES)
    fake_teams.log.clear()
    fake_teams.faults.answer("Throttled", "members", conversation=team.id)
    await bot.platform.sync_all()
    assert [call.outcome for call in fake_teams.calls("members")] == ["Throttled", "ok", "ok"]
    assert fake_teams.calls("member") == []


# --- what doesn't --------------------------------------------------------------------------


async def test_whoever_cannot_be_asked_about_stays_and_the_others_are_read(bot: TeamsBot) -> None:
    before = await rows_of(bot.core, "account")
    chat = bot.teams.tenant.person("boss-1").chat_id
    bot.teams.faults.answer("ServiceError", "member", times=None, conversation=chat)
    await bot.actor("boss-9").leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    gone = bot.world.ids["boss-9"]
    assert await rows_of(bot.core, "account") == [row for row in before if row["person_id"] != gone]
    assert await problems(bot) == [
        "1 of 10 people can't be asked about in Teams now: they stay as they are known."
    ]


async def test_a_team_whose_roster_cannot_be_read_is_left_out_and_its_people_asked_for_singly(
    bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    housing = await in_team(bot, "Housing", "boss-1", "boss-2")
    await in_team(bot, "Streets", *NAMES[3:])
    fake_teams.faults.answer("ServiceError", "members", times=None, conversation=housing.id)
    await bot.actor("boss-2").leaves_tenant(deleted=True)
    await bot.platform.sync_all()
    assert await connected(bot) == set(NAMES) - {"boss-2"}
    (problem,) = await problems(bot)
    assert problem.startswith(f"Teams doesn't say now who is in its teams {housing.id}:")


async def test_half_a_roster_is_not_a_whole_one(bot: TeamsBot, fake_teams: FakeTeams) -> None:
    """The second page fails for good; whoever is on it is asked for by themselves."""
    many = [fake_teams.add_person(f"crowd-{number}").handle for number in range(500)]
    team = await in_team(bot, "Everybody", *many, *NAMES)
    first = fake_teams.faults.slow(0, "members", conversation=team.id)
    fake_teams.faults.answer("ServiceError", "members", times=None, conversation=team.id)
    fake_teams.log.clear()
    await bot.platform.sync_all()
    assert first not in fake_teams.faults.waiting
    assert len(fake_teams.calls("member")) == len(NAMES)
    assert await connected(bot) == set(NAMES)


async def test_what_was_left_out_is_asked_for_again_soon(bot: TeamsBot) -> None:
    await bot.platform.sync_all()
    chat = bot.teams.tenant.person("boss-1").chat_id
    bot.teams.faults.answer("ServiceError", "member", times=None, conversation=chat)
    await bot.platform.sync_all()
    assert await bot.platform.sync_due() == {}
    bot.teams.faults.clear()
    bot.world.clock.move_by(minutes=1)
    assert list(await bot.platform.sync_due() or ()) == [bot.workspace_id]
    assert await problems(bot) == []


async def test_somebody_who_was_asked_whether_it_is_them_may_still_say_so(bot: TeamsBot) -> None:
    """Their claim is what is known of them."""
    async with bot.core.database.writing() as session:
        person = bot.teams.tenant.person("boss-1")
        await accounts.remove_account(session, bot.workspace_id, person.aad_id)
        await claims.put(session, bot.workspace_id, person.aad_id, bot.world.ids["boss-1"])
    before = await rows_of(bot.core, "claim")
    assert len(before) == 1
    bot.teams.faults.answer("ServiceError", "member", times=None, conversation=person.chat_id)
    assert list(await bot.platform.sync_all() or ()) == [bot.workspace_id]
    assert await rows_of(bot.core, "claim") == before


async def test_a_reading_ends_however_much_fails(bot: TeamsBot, fake_teams: FakeTeams) -> None:
    await in_team(bot, "Housing", *NAMES)
    bot.timer.slept.clear()
    fake_teams.log.clear()
    fake_teams.faults.answer("Throttled", "", times=None, retry_after=40)
    assert await bot.platform.sync_all() == {}
    assert sum(bot.timer.slept) <= 5 * 60 + 60
    assert len(fake_teams.calls()) < 20
    assert await connected(bot) == set(NAMES)


async def test_without_a_token_nobody_is_asked_about(bot: TeamsBot, fake_teams: FakeTeams) -> None:
    fake_teams.log.clear()
    fake_teams.faults.answer("BotNotRegistered", "member", times=None)
    assert await bot.platform.sync_all() == {}
    assert len(fake_teams.calls("member")) == 1
    assert await connected(bot) == set(NAMES)


# --- channels ------------------------------------------------------------------------------


async def with_channel(bot: TeamsBot) -> Team:
    """A team on the roster whose summary goes to a channel that was found."""
    managers = {name: "" if name == "boss" else "boss" for name in NAMES}
    lines = [f"{line(name, manager=its)},Housing / Wellbeing" for name, its in managers.items()]
    await bot.has(lines, channel=True)
    team = bot.teams.add_team("Housing", ["boss-1"])
    bot.teams.add_channel(team, "Wellbeing")
    await bot.actor("boss-1").adds_bot_to(team)
    await bot.settle()
    assert len(await rows_of(bot.core, "channel")) == 1
    return team


@pytest.mark.parametrize("operation", ["team", "channels"])
async def test_channels_that_cannot_be_read_stay_with_their_teams(
    empty_bot: TeamsBot, fake_teams: FakeTeams, operation: str
) -> None:
    team = await with_channel(empty_bot)
    before = await rows_of(empty_bot.core, "channel")
    fake_teams.faults.answer("ServiceError", operation, times=None)
    await empty_bot.platform.sync_all()
    assert await rows_of(empty_bot.core, "channel") == before
    (problem,) = await problems(empty_bot)
    assert problem.startswith(f"Teams doesn't say now which channels its teams {team.id} have:")


@pytest.mark.parametrize("operation", ["member", "members", "team", "channels"])
async def test_whatever_answers_in_the_place_of_teams_changes_nothing(
    empty_bot: TeamsBot, fake_teams: FakeTeams, operation: str
) -> None:
    """Even if it says that all is well."""
    await with_channel(empty_bot)
    before = await rows_of(empty_bot.core, "channel"), await connected(empty_bot)
    fake_teams.faults.html_page(operation, times=None, status=200)
    await empty_bot.platform.sync_all()
    assert (await rows_of(empty_bot.core, "channel"), await connected(empty_bot)) == before


async def test_a_channel_that_was_deleted_is_gone_although_somebody_cannot_be_asked_about(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    team = await with_channel(empty_bot)
    chat = fake_teams.tenant.person("boss-1").chat_id
    fake_teams.faults.answer("ServiceError", "member", times=None, conversation=chat)
    team.channels.pop()
    await empty_bot.platform.sync_all()
    assert await rows_of(empty_bot.core, "channel") == []
