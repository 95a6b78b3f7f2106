"""The bot is installed in workspaces, and taken out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.delivery import DeliveryState
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.core import Core
from bot.usecases.deliver import deliver
from bot.usecases.outcomes import overview
from bot.usecases.plan import plan
from bot.usecases.sync_directory import sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace, workspace_ids
from tests.support import sendings
from tests.support.directory import SLACK, MemoryDirectory, group, member, person_at
from tests.support.organisation import World, line, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import dump, rows_of
from tests.support.ticking import tick

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
async def connected(world: World) -> World:
    """Two people and a team's channel in Slack; nobody is in the playground any more."""
    world.core = replace(world.core, messengers={SLACK: world.platform})
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_workspace(world.core, SLACK, "slack")
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    people = [member("ada"), member("ben")]
    await sync_directory(world.core, SLACK, MemoryDirectory(people), "roster", "GB")
    await world.launch()
    world.clock.move_to(NINE)
    return world


async def test_installing_again_changes_nothing(core: Core) -> None:
    await install_workspace(core, SLACK, "slack")
    before = await dump(core)
    await install_workspace(core, SLACK, "slack")
    assert await dump(core) == before
    assert await workspace_ids(core, "slack") == [SLACK]


async def test_workspaces_are_listed_by_platform(core: Core) -> None:
    for number in (2, 1):
        await install_workspace(core, f"slack:T{number}", "slack")
    assert await workspace_ids(core, "slack") == ["slack:T1", "slack:T2"]
    assert await workspace_ids(core, PLAYGROUND) == [PLAYGROUND]
    assert await workspace_ids(core, "") == []


async def test_uninstalling_takes_accounts_and_channels_and_nothing_else(connected: World) -> None:
    core = connected.core
    await plan(core, NINE)
    before = await dump(core)
    await uninstall_workspace(core, SLACK)
    after = await dump(core)
    assert (after["account"], after["channel"], after["directorysync"]) == ([], [], [])
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"account", "directorysync", "workspace"}
    assert await workspace_ids(core, "slack") == []
    assert await person_at(core, SLACK, "U-ADA") is None


async def test_uninstalling_again_or_what_was_never_there_changes_nothing(
    connected: World,
) -> None:
    await uninstall_workspace(connected.core, SLACK)
    before = await dump(connected.core)
    await uninstall_workspace(connected.core, SLACK)
    await uninstall_workspace(connected.core, "slack:T9999")
    assert await dump(connected.core) == before


@pytest.mark.parametrize("still_connected", [True, False])
async def test_what_is_planned_there_waits_when_it_is_due(
    connected: World, still_connected: bool
) -> None:
    core = connected.core if still_connected else replace(connected.core, messengers={})
    await plan(core, NINE)
    await uninstall_workspace(core, SLACK)
    await deliver(core, SLACK)
    found = [(row["state"], row["due_at"]) for row in await rows_of(core, "delivery")]
    assert found == [("planned", NINE + timedelta(hours=1))] * 2
    assert connected.platform.posted == []


async def test_what_may_have_been_sent_there_is_asked_for_no_more(core: Core) -> None:
    await install_workspace(core, SLACK, "slack")
    made = await sendings.occurrence(core, "welcome")
    await sendings.deliveries(core, made, 1, DeliveryState.UNKNOWN, workspace_id=SLACK)
    await uninstall_workspace(core, SLACK)
    await deliver(core, SLACK)
    (row,) = await rows_of(core, "delivery")
    assert (row["state"], row["reason"]) == ("failed", "undeliverable")


async def test_what_is_due_on_a_platform_that_is_switched_off_waits(connected: World) -> None:
    core = replace(connected.core, messengers={})
    await plan(core, NINE)
    await deliver(core, SLACK)
    assert {row["state"] for row in await rows_of(core, "delivery")} == {"planned"}


async def test_whoever_is_installed_again_in_time_misses_nothing(connected: World) -> None:
    core = connected.core
    await plan(core, NINE)
    await uninstall_workspace(core, SLACK)
    await install_workspace(core, SLACK, "slack")
    people = [member("ada"), member("ben")]
    await sync_directory(core, SLACK, MemoryDirectory(people), "roster", "GB")
    await deliver(core, SLACK)
    assert len(connected.platform.posted) == 2


async def test_an_installed_workspace_that_comes_back_keeps_its_pace(core: Core) -> None:
    await sendings.workspace(core, SLACK, pace=0.5)
    await uninstall_workspace(core, SLACK)
    await install_workspace(core, SLACK, "slack")
    rows = {row["id"]: row for row in await rows_of(core, "workspace")}
    assert (rows[SLACK]["pace"], rows[SLACK]["platform"]) == (0.5, "slack")


async def test_a_workspace_that_is_gone_is_not_shown(core: Core) -> None:
    await install_workspace(core, SLACK, "slack")
    await uninstall_workspace(core, SLACK)
    assert [one.workspace_id for one in (await overview(core)).workspaces] == [PLAYGROUND]


# --- from the playground to a real platform ------------------------------------------------


async def test_nothing_is_planned_for_a_playground_that_is_gone(connected: World) -> None:
    await tick(connected.core)
    assert {row["workspace_id"] for row in await rows_of(connected.core, "delivery")} == {SLACK}
    await connected.import_lines([*team_of(2), line("ada", manager="")])
    assert {row["workspace_id"] for row in await rows_of(connected.core, "account")} == {SLACK}
    assert await rows_of(connected.core, "channel") == []


async def test_a_playground_that_is_back_has_everybody_again(connected: World) -> None:
    await install_playground(connected.core)
    rows = await rows_of(connected.core, "account")
    assert sorted(row["workspace_id"] for row in rows) == [PLAYGROUND] * 2 + [SLACK] * 2


async def test_a_real_platform_wins_over_the_playground(world: World) -> None:
    """`alpha` comes before `playground` by name, and `slack` after it."""
    elsewhere = MemoryPlatform()
    everybody = [line("ada", manager=""), line("ben", manager="ada"), line("cal", manager="ada")]
    await world.import_lines(everybody)
    for workspace_id, name in ((SLACK, "ada"), ("alpha:T1", "ben")):
        await install_workspace(world.core, workspace_id, "slack")
        directory = MemoryDirectory([member(name)])
        await sync_directory(world.core, workspace_id, directory, "roster", "GB")
    await world.launch()
    await plan(replace(world.core, messengers={SLACK: elsewhere}), NINE)
    where = {row["person_id"]: row["workspace_id"] for row in await rows_of(world.core, "delivery")}
    assert {name: where[world.ids[name]] for name in ("ada", "ben", "cal")} == {
        "ada": SLACK,
        "ben": "alpha:T1",
        "cal": PLAYGROUND,
    }


async def test_a_team_has_a_channel_in_each_workspace(world: World) -> None:
    await install_workspace(world.core, SLACK, "slack")
    await world.import_lines([f"{row},#north" for row in team_of(2)], channel=True)
    directory = MemoryDirectory([member("boss")], rooms=[group("north", channel="C1")])
    await sync_directory(world.core, SLACK, directory, "roster", "GB")
    await install_playground(world.core)
    rows = await rows_of(world.core, "channel")
    assert {row["external_id"] for row in rows if row["workspace_id"] == SLACK} == {"C1"}
    assert len([row for row in rows if row["workspace_id"] == PLAYGROUND]) == 2


# --- who is whom ---------------------------------------------------------------------------


async def test_a_person_is_found_by_what_the_platform_knows_them_by(connected: World) -> None:
    core = connected.core
    assert await person_at(core, SLACK, "U-ADA") == connected.ids["ada"]
    assert await person_at(core, SLACK, "U-ZED") is None
    assert await person_at(core, PLAYGROUND, "U-ADA") is None


async def test_somebody_who_has_left_is_nobody(connected: World) -> None:
    await connected.import_lines([line("ada", manager="")])
    assert await person_at(connected.core, SLACK, "U-BEN") is None
