"""Somebody on two platforms says whose an account is, and where they are written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.workqueue.inline import InlineQueue
from bot.errors import NotFound, Stranger
from bot.message import ChoiceField
from bot.ports import AccountId, Tap
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import deliver
from bot.usecases.dispatch import tap
from bot.usecases.home import home
from bot.usecases.sync_directory import member_changed, member_left, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, member, person_at
from tests.support.organisation import World, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of
from tests.support.ticking import tick

TEAMS = "teams:contoso"
ADA = AccountId(TEAMS, "U-BOSS-1")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@pytest.fixture
def on_teams() -> MemoryPlatform:
    return MemoryPlatform()


@pytest.fixture
async def council(world: World, on_teams: MemoryPlatform) -> World:
    """A boss and three people, all in Slack. Teams is there too, with nobody in it."""
    world.core = replace(world.core, messengers={SLACK: world.platform, TEAMS: on_teams})
    assert isinstance(world.core.queue, InlineQueue)
    world.core.queue.serve(lambda workspace_id: deliver(world.core, workspace_id))
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_workspace(world.core, SLACK, "slack")
    await install_workspace(world.core, TEAMS, "teams")
    await world.import_lines(team_of(3))
    everybody = MemoryDirectory([member(name) for name in world.ids])
    await sync_directory(world.core, SLACK, everybody, "roster", "GB")
    return world


async def comes_to_teams(council: World) -> None:
    await member_changed(council.core, TEAMS, member("boss-1"))


async def says(council: World, action: str) -> None:
    await tap(council.core, Tap(ADA, action, ""))


async def test_a_second_account_is_a_strangers_until_its_person_says_whose_it_is(
    council: World,
) -> None:
    await comes_to_teams(council)
    assert await person_at(council.core, *TEAMS_ADA) is None
    with pytest.raises(Stranger) as stranger:
        await home(council.core, ADA)
    assert stranger.value.looks_like == "Boss-1"
    for _ in range(2):
        await says(council, "account.confirm")
    assert await person_at(council.core, *TEAMS_ADA) == council.ids["boss-1"]
    assert await person_at(council.core, SLACK, "U-BOSS-1") == council.ids["boss-1"]
    assert len([row for row in await rows_of(council.core, "person") if row["is_active"]]) == 4
    await home(council.core, ADA)


async def test_whoever_says_no_stays_a_stranger(council: World) -> None:
    await comes_to_teams(council)
    await says(council, "account.deny")
    await comes_to_teams(council)
    there = MemoryDirectory([member("boss-1")])
    await sync_directory(council.core, TEAMS, there, "roster", "GB")
    with pytest.raises(Stranger) as stranger:
        await home(council.core, ADA)
    assert stranger.value.looks_like == ""
    with pytest.raises(Stranger):
        await says(council, "account.confirm")


async def test_whoever_said_no_is_asked_again_once_they_have_left_and_are_back(
    council: World,
) -> None:
    await comes_to_teams(council)
    await says(council, "account.deny")
    await member_left(council.core, TEAMS, ADA.external_id)
    await comes_to_teams(council)
    await says(council, "account.confirm")
    assert await person_at(council.core, *TEAMS_ADA) == council.ids["boss-1"]


async def test_nobody_confirms_what_nobody_claims(council: World) -> None:
    with pytest.raises(Stranger):
        await says(council, "account.confirm")
    with pytest.raises(NotFound):
        await tap(council.core, Tap(council.ids["boss-1"], "account.confirm", ""))
    assert len(await rows_of(council.core, "account")) == 4


async def test_a_reading_of_a_directory_asks_the_same(council: World) -> None:
    there = MemoryDirectory([member("boss-1"), member("stranger")])
    synced = await sync_directory(council.core, TEAMS, there, "roster", "GB")
    assert (synced.connected, synced.unknown) == (0, 1)
    await says(council, "account.confirm")
    synced = await sync_directory(council.core, TEAMS, there, "roster", "GB")
    assert (synced.connected, synced.unknown) == (1, 1)
    assert await rows_of(council.core, "claim") == []


async def test_somebody_who_is_nowhere_else_is_connected_at_once(council: World) -> None:
    await sync_directory(
        council.core, SLACK, MemoryDirectory([member("boss"), member("boss-2")]), "roster", "GB"
    )
    await comes_to_teams(council)
    assert await person_at(council.core, *TEAMS_ADA) == council.ids["boss-1"]


async def test_each_message_goes_to_one_place_by_its_persons_choice(
    council: World, on_teams: MemoryPlatform
) -> None:
    await comes_to_teams(council)
    await says(council, "account.confirm")
    await council.launch()
    council.clock.move_to(NINE)
    await tick(council.core)
    assert len(council.platform.to("U-BOSS-1")) == 1
    assert on_teams.posted == []
    await council.submit("boss-1", "settings.save", platform="teams")
    await council.live_until(TUESDAY)
    assert len(council.platform.to("U-BOSS-1")) == 1
    assert len(on_teams.to("U-BOSS-1")) == 1
    assert len(council.platform.to("U-BOSS-2")) == 2


async def test_where_to_write_is_asked_of_those_who_have_a_choice(council: World) -> None:
    assert "platform" not in await fields(council, "boss-1")
    await comes_to_teams(council)
    assert "platform" not in await fields(council, "boss-1")
    await says(council, "account.confirm")
    asked = (await fields(council, "boss-1"))["platform"]
    assert [choice.value for choice in asked.choices] == ["slack", "teams"]
    assert asked.chosen == "slack"
    await council.submit("boss-1", "settings.save", platform="pigeons")
    assert (await fields(council, "boss-1"))["platform"].chosen == "slack"


async def fields(council: World, name: str) -> dict[str, ChoiceField]:
    form = (await council.tap(name, "settings.open")).form
    assert form is not None
    return {field.name: field for field in form.fields if isinstance(field, ChoiceField)}


TEAMS_ADA = (ADA.workspace_id, ADA.external_id)
