"""Who is there, from a platform's directory."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.content import load_library
from bot.errors import PlatformError
from bot.ports import Member, MemberGroup
from bot.store.database import Database, Lock, hold
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.directory import blocks, everyone
from bot.usecases.sync_directory import (
    Synced,
    TeamsFrom,
    member_changed,
    member_left,
    sync_directory,
)
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, group, member, person_at
from tests.support.organisation import World, line, team_of
from tests.support.tables import dump, rows_of

LONG_ENOUGH_S = 30
PROMPTS = Path(__file__).parent.parent.parent / "prompts"
NORTH = ("boss", "boss-1", "boss-2", "boss-3")


@pytest.fixture
async def installed(world: World) -> World:
    await install_workspace(world.core, SLACK, "slack")
    return world


@pytest.fixture
async def council(installed: World) -> World:
    """A boss and three people on the roster."""
    await installed.import_lines(team_of(3))
    return installed


@pytest.fixture
def bilingual(installed: World, tmp_path: Path) -> World:
    """There are texts in English and, without being translated, in Welsh."""
    prompts = Path(shutil.copytree(PROMPTS, tmp_path / "prompts"))
    shutil.copytree(prompts / "en", prompts / "cy")
    installed.core = replace(installed.core, library=load_library(prompts))
    return installed


def everybody(*but_for: str) -> list[Member]:
    return [member(name) for name in NORTH if name not in but_for]


async def sync(
    world: World,
    people: Sequence[Member] = (),
    groups: Sequence[MemberGroup] = (),
    rooms: Sequence[MemberGroup] = (),
    teams_from: TeamsFrom = "roster",
) -> Synced:
    directory = MemoryDirectory(people, groups, rooms)
    synced = await sync_directory(world.core, SLACK, directory, teams_from, "GB-SCT")
    world.ids = {card.name.lower(): card.id for card in await everyone(world.core)}
    return synced


Dump = dict[str, list[dict[str, Any]]]


def without_the_reading(tables: Dump) -> Dump:
    return {name: rows for name, rows in tables.items() if name != "directorysync"}


async def but_for_the_reading(world: World) -> Dump:
    return without_the_reading(await dump(world.core))


async def connected(world: World) -> dict[str, str]:
    """Name → what Slack knows them by."""
    names = {person_id: name for name, person_id in world.ids.items()}
    return {
        names.get(row["person_id"], "gone"): row["external_id"]
        for row in await rows_of(world.core, "account")
        if row["workspace_id"] == SLACK
    }


async def person(world: World, name: str) -> dict[str, object]:
    found = {row["id"]: row for row in await rows_of(world.core, "person")}
    return found[world.ids[name]]


# --- accounts for a roster -----------------------------------------------------------------


async def test_people_are_connected_by_their_email(council: World) -> None:
    people = [member("boss", email="BOSS@Example.org"), member("boss-1"), member("stranger")]
    synced = await sync(council, people)
    assert (synced.connected, synced.disconnected, synced.unknown) == (2, 0, 1)
    assert synced.problems == ()
    assert await connected(council) == {"boss": "U-BOSS", "boss-1": "U-BOSS-1"}


async def test_syncing_again_changes_nothing(council: World) -> None:
    people = [*everybody(), member("stranger", zone="Asia/Tokyo")]
    first = await sync(council, people)
    before = await dump(council.core)
    assert await sync(council, people) == first
    assert await dump(council.core) == before


async def test_whoever_is_no_member_any_more_loses_their_account_and_nothing_else(
    council: World,
) -> None:
    await sync(council, everybody())
    before = await rows_of(council.core, "person")
    synced = await sync(council, everybody("boss-3"))
    assert (synced.connected, synced.disconnected) == (3, 1)
    assert await rows_of(council.core, "person") == before


async def test_whoever_has_left_the_roster_loses_their_account(council: World) -> None:
    await sync(council, everybody())
    await council.import_lines(team_of(0))
    await sync(council, everybody())
    assert await connected(council) == {"boss": "U-BOSS"}


async def test_nobody_loses_anything_when_the_directory_answers_with_nobody(
    council: World,
) -> None:
    await sync(council, everybody())
    before = await dump(council.core)
    synced = await sync(council, [])
    assert "answered with nobody" in synced.problems[0]
    assert await but_for_the_reading(council) == without_the_reading(before)


@pytest.mark.parametrize("teams_from", ["roster", "usergroups", "channels"])
async def test_nothing_changes_when_the_directory_fails(
    council: World, teams_from: TeamsFrom
) -> None:
    await sync(council, everybody())
    before = await dump(council.core)
    directory = MemoryDirectory(failure=PlatformError("it is away"))
    with pytest.raises(PlatformError):
        await sync_directory(council.core, SLACK, directory, teams_from, "GB")
    assert await but_for_the_reading(council) == without_the_reading(before)


async def test_more_than_half_do_not_lose_their_accounts_at_once(council: World) -> None:
    await sync(council, everybody())
    synced = await sync(council, everybody("boss-1", "boss-2", "boss-3"))
    assert synced.disconnected == 0
    assert "3 of 4 people would lose their account" in synced.problems[0]
    assert len(await connected(council)) == 4


async def test_two_who_swap_addresses_swap_accounts(council: World) -> None:
    await sync(council, everybody())
    swapped = [
        member("boss-1", email="boss-2@example.org"),
        member("boss-2", email="boss-1@example.org"),
    ]
    await sync(council, [*everybody("boss-1", "boss-2"), *swapped])
    found = await connected(council)
    assert (found["boss-1"], found["boss-2"]) == ("U-BOSS-2", "U-BOSS-1")


async def test_whoever_has_another_address_there_by_now_keeps_their_account(
    council: World,
) -> None:
    await sync(council, everybody())
    renamed = member("boss-1", email="married@example.org")
    await sync(council, [*everybody("boss-1"), renamed])
    assert (await connected(council))["boss-1"] == "U-BOSS-1"


async def test_a_directory_without_addresses_is_told(council: World) -> None:
    synced = await sync(council, [member("boss", email="")])
    assert synced.problems == ("No email address shows in the directory: may the bot see them?",)


async def test_a_workspace_that_was_uninstalled_meanwhile_gets_no_accounts(
    council: World,
) -> None:
    await uninstall_workspace(council.core, SLACK)
    synced = await sync(council, everybody())
    assert synced == Synced(problems=("The bot isn't installed in this workspace.",))
    await member_changed(council.core, SLACK, member("boss"))
    assert await connected(council) == {}


async def test_two_processes_that_sync_at_once_do_it_once(
    council: World, database_url: str
) -> None:
    database = Database(database_url)
    other = replace(council.core, database=database)
    directory = MemoryDirectory(everybody())
    async with asyncio.timeout(LONG_ENOUGH_S):
        done = await asyncio.gather(
            *(sync_directory(c, SLACK, directory, "roster", "GB") for c in (council.core, other))
        )
    await database.close()
    assert [one.connected for one in done] == [4, 4]
    assert len(await connected(council)) == 4


# --- zone and language ---------------------------------------------------------------------


async def test_the_zone_that_an_account_says_wins_over_the_roster(council: World) -> None:
    await sync(council, [*everybody("boss-1"), member("boss-1", zone="Asia/Tokyo")])
    assert (await person(council, "boss-1"))["zone"] == "Asia/Tokyo"
    await council.import_lines(team_of(3))
    assert (await person(council, "boss-1"))["zone"] == "Asia/Tokyo"
    assert (await person(council, "boss-2"))["zone"] == "Europe/London"


async def test_the_language_of_a_roster_file_wins_over_the_accounts(bilingual: World) -> None:
    lines = [line("boss", manager=""), line("ann", language="cy"), line("ben", language="")]
    await bilingual.import_lines(lines)
    people = [
        member("boss", language="cy"),
        member("ann", language="en-GB"),
        member("ben", language="cy-GB"),
    ]
    for _ in range(2):
        await sync(bilingual, people)
        assert await languages(bilingual) == {"boss": "en", "ann": "cy", "ben": "cy"}
        await bilingual.import_lines(lines)
    await member_changed(bilingual.core, SLACK, member("ann", language="en"))
    await member_changed(bilingual.core, SLACK, member("ben", language="en"))
    assert await languages(bilingual) == {"boss": "en", "ann": "cy", "ben": "en"}


async def languages(world: World) -> dict[str, object]:
    return {name: (await person(world, name))["language"] for name in world.ids}


async def test_region_and_working_days_stay_the_rosters(council: World) -> None:
    await council.import_lines([line("boss", manager=""), line("ann", region="IE", days="mon tue")])
    await sync(council, [member("boss"), member("ann", zone="Asia/Tokyo")])
    found = await person(council, "ann")
    assert (found["region"], found["working_days"]) == ("IE", "01")


async def test_what_is_no_zone_and_has_no_texts_is_left_aside(council: World) -> None:
    people = [*everybody("boss-1"), member("boss-1", zone="Mars/Base", language="tlh")]
    await sync(council, people)
    await council.import_lines(team_of(3))
    found = await person(council, "boss-1")
    assert (found["zone"], found["language"]) == ("Europe/London", "en")


async def test_the_roster_counts_again_once_an_account_says_nothing(council: World) -> None:
    await sync(council, [*everybody("boss-1"), member("boss-1", zone="Asia/Tokyo")])
    await sync(council, everybody())
    await council.import_lines(team_of(3))
    assert (await person(council, "boss-1"))["zone"] == "Europe/London"


# --- channels ------------------------------------------------------------------------------


async def channels(world: World) -> dict[str, str]:
    names = {row["id"]: row["name"] for row in await rows_of(world.core, "team")}
    return {
        names[row["team_id"]]: row["external_id"]
        for row in await rows_of(world.core, "channel")
        if row["workspace_id"] == SLACK
    }


async def with_channel(world: World, channel: str) -> None:
    first, *others = team_of(3)
    await world.import_lines([f"{first},{channel}", *(f"{each}," for each in others)], channel=True)


@pytest.mark.parametrize("channel", ["#Housing", "housing", "C1"])
async def test_a_team_is_connected_with_the_channel_that_the_roster_names(
    installed: World, channel: str
) -> None:
    await with_channel(installed, channel)
    rooms = [group("housing", channel="C1"), group("other", channel="C2")]
    synced = await sync(installed, everybody(), rooms=rooms)
    assert (synced.problems, await channels(installed)) == ((), {"Housing": "C1"})


async def test_a_channel_that_the_bot_is_not_in_is_a_problem_and_nothing_more(
    installed: World,
) -> None:
    await with_channel(installed, "#housing")
    synced = await sync(installed, everybody(), rooms=[group("other", channel="C2")])
    assert synced.problems == (
        "Services / Housing: I'm not in the channel #housing. Invite me there, or mend its name.",
    )
    assert synced.connected == 4


async def test_a_team_whose_channel_is_another_or_none_by_now_follows(installed: World) -> None:
    rooms = [group("housing", channel="C1"), group("homes", channel="C2")]
    await with_channel(installed, "#housing")
    await sync(installed, everybody(), rooms=rooms)
    await with_channel(installed, "#homes")
    await sync(installed, everybody(), rooms=rooms)
    assert await channels(installed) == {"Housing": "C2"}
    await with_channel(installed, "")
    await sync(installed, everybody(), rooms=rooms)
    assert await channels(installed) == {}


async def test_channels_are_asked_for_only_if_the_roster_names_one(installed: World) -> None:
    await installed.import_lines(team_of(3))
    directory = MemoryDirectory(everybody())
    await sync_directory(installed.core, SLACK, directory, "roster", "GB")
    assert directory.asked == ["members"]


# --- a roster from user groups -------------------------------------------------------------

GROUPS = (group("Care / North", *NORTH), group("Care / North leads", "boss"))


async def test_a_roster_comes_from_user_groups(installed: World) -> None:
    synced = await sync(installed, [*everybody(), member("guest")], GROUPS, (), "usergroups")
    assert (synced.connected, synced.unknown, synced.problems) == (4, 1, ())
    assert synced.imported is not None
    assert synced.imported.added == 4
    cards = {card.name: card for card in await everyone(installed.core)}
    assert cards["Boss"].roles == ("manager",)
    assert {card.team for card in cards.values()} == {"North"}
    assert (await person(installed, "boss-1"))["region"] == "GB-SCT"
    assert await blocks(installed.core) == (("North", 3),)


async def test_syncing_a_roster_again_changes_nothing(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = await dump(installed.core)
    again = await sync(installed, everybody(), GROUPS, (), "usergroups")
    assert again.imported is not None
    assert (again.imported.added, again.imported.left) == (0, 0)
    assert await dump(installed.core) == before


async def test_a_new_member_is_taken_in_and_one_who_is_gone_has_left(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    people = [*everybody("boss-3"), member("ann")]
    groups = (group("Care / North", *NORTH, "ann"), GROUPS[1])
    synced = await sync(installed, people, groups, (), "usergroups")
    assert synced.imported is not None
    assert (synced.imported.added, synced.imported.left) == (1, 1)
    assert sorted(installed.ids) == ["ann", "boss", "boss-1", "boss-2"]
    assert await person_at(installed.core, SLACK, "U-BOSS-3") is None


async def test_whoever_is_new_in_a_group_without_a_lead_is_left_out(installed: World) -> None:
    groups = (*GROUPS, group("South", "sue"))
    synced = await sync(installed, [*everybody(), member("sue")], groups, (), "usergroups")
    assert "'South' is led by nobody" in synced.problems[0]
    assert "sue" not in installed.ids


async def test_a_group_without_a_lead_that_comes_first_by_name_changes_nothing(
    installed: World,
) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = await dump(installed.core)
    synced = await sync(installed, everybody(), (group("All", *NORTH), *GROUPS), (), "usergroups")
    assert synced.problems == ()
    assert await dump(installed.core) == before


async def test_a_lead_who_leaves_takes_nobody_along(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    await installed.submit("boss-1", "settings.save", check_ins="daily")
    before = {name: await person(installed, name) for name in NORTH}
    synced = await sync(installed, everybody("boss"), GROUPS, (), "usergroups")
    assert any("'Care / North' is led by nobody" in problem for problem in synced.problems)
    assert any("Boss has left the workspace" in problem for problem in synced.problems)
    assert {name: await person(installed, name) for name in NORTH} == before
    assert await blocks(installed.core) == (("North", 3),)
    assert sorted(await connected(installed)) == ["boss-1", "boss-2", "boss-3"]


@pytest.mark.parametrize("groups", [GROUPS[:1], GROUPS[1:]], ids=["no leads", "no team"])
async def test_without_a_group_everything_stays(
    installed: World, groups: Sequence[MemberGroup]
) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = await but_for_the_reading(installed)
    await sync(installed, everybody(), groups, (), "usergroups")
    assert await but_for_the_reading(installed) == before


async def test_with_a_new_lead_it_goes_on_and_the_old_one_has_left(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    await sync(installed, everybody("boss"), GROUPS, (), "usergroups")
    groups = (GROUPS[0], group("Care / North leads", "boss-1"))
    synced = await sync(installed, everybody("boss"), groups, (), "usergroups")
    assert synced.problems == ()
    assert sorted(installed.ids) == ["boss-1", "boss-2", "boss-3"]
    assert await blocks(installed.core) == (("North", 2),)


async def test_nobody_leaves_because_addresses_are_hidden(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = await but_for_the_reading(installed)
    hidden = [replace(each, email="") for each in everybody()]
    await sync(installed, hidden, GROUPS, (), "usergroups")
    assert await but_for_the_reading(installed) == before


async def test_more_than_half_never_leave_at_once(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    groups = (group("Care / North", "boss"), GROUPS[1])
    synced = await sync(installed, everybody(), groups, (), "usergroups")
    assert "3 of 4 people would leave the roster at once" in synced.problems[0]
    assert synced.imported is None
    assert len(installed.ids) == 4


async def test_more_than_ten_never_leave_at_once_where_that_is_more_than_a_tenth(
    installed: World,
) -> None:
    names = [f"p{number}" for number in range(30)]
    people = [member("boss"), *map(member, names)]
    leads = group("North leads", "boss")
    await sync(installed, people, (group("North", *names), leads), (), "usergroups")
    synced = await sync(installed, people, (group("North", *names[11:]), leads), (), "usergroups")
    assert "11 of 31 people would leave the roster at once" in synced.problems[0]
    synced = await sync(installed, people, (group("North", *names[10:]), leads), (), "usergroups")
    assert synced.imported is not None
    assert (synced.imported.left, synced.problems) == (10, ())


async def test_the_settings_region_is_for_those_who_are_new(installed: World) -> None:
    await installed.import_lines([line("boss", manager="", region="IE")])
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    regions = {name: (await person(installed, name))["region"] for name in installed.ids}
    assert regions == {"boss": "IE", "boss-1": "GB-SCT", "boss-2": "GB-SCT", "boss-3": "GB-SCT"}


async def test_a_derived_roster_goes_by_the_accounts_language_unless_a_file_said_one(
    bilingual: World,
) -> None:
    await bilingual.import_lines([line("boss", manager="", language="en")])
    people = [member(name, language="cy") for name in NORTH]
    for _ in range(2):
        await sync(bilingual, people, GROUPS, (), "usergroups")
        assert await languages(bilingual) == {
            "boss": "en",
            "boss-1": "cy",
            "boss-2": "cy",
            "boss-3": "cy",
        }


async def test_a_workspace_without_any_lead_makes_no_roster(installed: World) -> None:
    synced = await sync(installed, everybody(), GROUPS[:1], (), "usergroups")
    assert synced.problems[-1] == "There is no team with a lead, so there is no roster."
    assert installed.ids == {}


async def test_settings_and_roles_stay_with_somebody_whose_address_changes(
    installed: World,
) -> None:
    await installed.import_lines([line("boss", manager="", roles="admin"), *team_of(3)[1:]])
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    await installed.submit("boss", "settings.save", check_ins="daily")
    before = installed.ids["boss"]
    renamed = member("boss", email="new@example.org")
    await sync(installed, [*everybody("boss"), renamed], GROUPS, (), "usergroups")
    found = await person(installed, "boss")
    assert (found["id"], found["email"]) == (before, "new@example.org")
    assert (found["is_admin"], found["check_ins"]) == (True, "daily")


async def test_whoever_comes_back_is_known_again(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = installed.ids["boss-1"]
    lines = [line("boss", manager=""), line("boss-1", region="IE", days="mon", roles="volunteer")]
    await installed.import_lines(lines)
    await installed.submit("boss-1", "settings.save", check_ins="daily")
    kept = await person(installed, "boss-1")
    await sync(installed, everybody("boss-1"), GROUPS, (), "usergroups")
    assert "boss-1" not in installed.ids
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    assert installed.ids["boss-1"] == before
    now = await person(installed, "boss-1")
    moved = {"team_id", "manager_id"}
    assert {name for name in kept if kept[name] != now[name]} <= moved


async def test_a_renamed_group_is_the_same_team(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    before = {row["id"] for row in await rows_of(installed.core, "team") if row["name"] == "North"}
    groups = (group("Care / Far North", *NORTH), group("Care / Far North leads", "boss"))
    await sync(installed, everybody(), groups, (), "usergroups")
    teams = {row["name"]: row["id"] for row in await rows_of(installed.core, "team")}
    assert {teams["Far North"]} == before
    assert "North" not in teams


async def test_a_moved_zone_is_taken_at_once(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    moved = member("boss-1", zone="Asia/Tokyo")
    await sync(installed, [*everybody("boss-1"), moved], GROUPS, (), "usergroups")
    assert (await person(installed, "boss-1"))["zone"] == "Asia/Tokyo"


async def test_a_user_groups_own_channel_gets_its_summary(installed: World) -> None:
    groups = (group("North", *NORTH, channel="C1"), group("North leads", "boss"))
    rooms = [group("north", channel="C1")]
    await sync(installed, everybody(), groups, rooms, "usergroups")
    assert await channels(installed) == {"North": "C1"}


async def test_a_roster_cannot_come_from_two_workspaces(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    await install_workspace(installed.core, "slack:T2", "slack")
    groups = (group("Other", "zed"), group("Other leads", "zed"))
    synced = await sync(installed, [*everybody(), member("zed")], groups, (), "usergroups")
    assert "from one workspace only" in synced.problems[0]
    assert len(installed.ids) == 4


# --- a roster from channels ----------------------------------------------------------------


async def test_a_roster_comes_from_channels_which_get_the_summaries(installed: World) -> None:
    rooms = [group("team-north", *NORTH, channel="C1")]
    leads = [group("north-leads", "boss")]
    synced = await sync(installed, everybody(), leads, rooms, "channels")
    assert (synced.connected, synced.problems) == (4, ())
    assert await channels(installed) == {"north": "C1"}
    assert await blocks(installed.core) == (("north", 3),)


# --- what a platform tells meanwhile -------------------------------------------------------


async def test_whoever_joins_and_is_on_the_roster_is_connected(council: World) -> None:
    for _ in range(2):
        await member_changed(council.core, SLACK, member("boss-1", zone="Asia/Tokyo"))
    assert await connected(council) == {"boss-1": "U-BOSS-1"}
    assert (await person(council, "boss-1"))["zone"] == "Asia/Tokyo"


async def test_somebody_unknown_to_the_roster_gets_no_account(council: World) -> None:
    before = await dump(council.core)
    await member_changed(council.core, SLACK, member("stranger"))
    await member_changed(council.core, SLACK, member("silent", email=""))
    assert await dump(council.core) == before


async def test_somebody_who_is_known_moves_also_without_an_address(council: World) -> None:
    await sync(council, everybody())
    await member_changed(council.core, SLACK, member("boss-1", email="", zone="Asia/Tokyo"))
    assert (await person(council, "boss-1"))["zone"] == "Asia/Tokyo"


async def test_whoever_claims_an_address_that_has_an_account_waits_for_the_next_sync(
    council: World,
) -> None:
    await sync(council, everybody())
    before = await dump(council.core)
    eve = member("eve", email="boss@example.org")
    await member_changed(council.core, SLACK, eve)
    await member_changed(council.core, SLACK, member("boss-1", email="boss@example.org"))
    assert await dump(council.core) == before
    await sync(council, [*everybody(), eve])
    assert (await connected(council))["boss"] == "U-BOSS"
    await sync(council, [eve, *everybody()[1:]])
    assert (await connected(council))["boss"] == "U-EVE"


async def test_an_address_that_stands_for_nobody_takes_the_person_along(council: World) -> None:
    await sync(council, everybody())
    await member_left(council.core, SLACK, "U-BOSS-1")
    await member_changed(council.core, SLACK, member("zed", email="boss-1@example.org"))
    assert (await connected(council))["boss-1"] == "U-ZED"
    await member_left(council.core, SLACK, "U-BOSS-2")
    await member_changed(council.core, SLACK, member("zed", email="boss-2@example.org"))
    assert sorted((await connected(council)).items()) == [
        ("boss", "U-BOSS"),
        ("boss-2", "U-ZED"),
        ("boss-3", "U-BOSS-3"),
    ]


async def test_what_changes_nothing_waits_for_nothing(council: World) -> None:
    await sync(council, everybody())
    async with council.core.database.writing() as planning, asyncio.timeout(LONG_ENOUGH_S):
        await hold(planning, Lock.PLANNING)
        for each in everybody():
            await member_changed(council.core, SLACK, each)
        await member_changed(council.core, SLACK, member("stranger"))
        await member_left(council.core, SLACK, "U-NEVER")


async def test_whoever_leaves_loses_their_account_and_may_come_back(council: World) -> None:
    await sync(council, everybody())
    for _ in range(2):
        await member_left(council.core, SLACK, "U-BOSS-1")
    await member_left(council.core, SLACK, "U-NEVER")
    assert await person_at(council.core, SLACK, "U-BOSS-1") is None
    assert await person_at(council.core, PLAYGROUND, council.ids["boss-1"]) is not None
    await member_changed(council.core, SLACK, member("boss-1"))
    assert await person_at(council.core, SLACK, "U-BOSS-1") == council.ids["boss-1"]


async def test_what_is_told_at_once_with_a_sync_ends_as_the_directory_says(
    council: World,
) -> None:
    directory = MemoryDirectory(everybody())
    async with asyncio.timeout(LONG_ENOUGH_S):
        await asyncio.gather(
            sync_directory(council.core, SLACK, directory, "roster", "GB"),
            *(member_changed(council.core, SLACK, each) for each in everybody()),
            member_left(council.core, SLACK, "U-NEVER"),
        )
    await sync(council, everybody())
    assert len(await connected(council)) == 4


# --- told while the directory is being read ------------------------------------------------


async def sync_while(world: World, told: Callable[[], Awaitable[None]], *but_for: str) -> Synced:
    directory = MemoryDirectory(everybody(*but_for), meanwhile=told)
    return await sync_directory(world.core, SLACK, directory, "roster", "GB")


async def test_whoever_leaves_meanwhile_does_not_get_their_account_back(council: World) -> None:
    await sync(council, everybody())
    await sync_while(council, lambda: member_left(council.core, SLACK, "U-BOSS-1"))
    assert sorted(await connected(council)) == ["boss", "boss-2", "boss-3"]


async def test_whoever_joins_meanwhile_keeps_their_account(council: World) -> None:
    await sync(council, everybody("boss-1"))
    await sync_while(
        council, lambda: member_changed(council.core, SLACK, member("boss-1")), "boss-1"
    )
    assert sorted(await connected(council)) == sorted(NORTH)


async def test_whoever_moves_meanwhile_stays_where_they_are(council: World) -> None:
    await sync(council, everybody())
    moved = member("boss-1", zone="Asia/Tokyo")
    await sync_while(council, lambda: member_changed(council.core, SLACK, moved))
    assert (await person(council, "boss-1"))["zone"] == "Asia/Tokyo"


async def test_an_address_that_changes_hands_meanwhile_stays_there(council: World) -> None:
    await sync(council, everybody())

    async def changes_hands() -> None:
        await member_left(council.core, SLACK, "U-BOSS-1")
        await member_changed(council.core, SLACK, member("zed", email="boss-1@example.org"))

    await sync_while(council, changes_hands)
    assert (await connected(council))["boss-1"] == "U-ZED"


async def test_whoever_leaves_meanwhile_leaves_a_derived_roster(installed: World) -> None:
    await sync(installed, everybody(), GROUPS, (), "usergroups")
    directory = MemoryDirectory(
        everybody(), GROUPS, meanwhile=lambda: member_left(installed.core, SLACK, "U-BOSS-1")
    )
    synced = await sync_directory(installed.core, SLACK, directory, "usergroups", "GB")
    assert synced.imported is not None
    assert synced.imported.left == 1
