"""Of somebody's workspaces a message goes to one that works; without any it waits for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.workqueue.inline import InlineQueue
from bot.errors import Undeliverable
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import deliver
from bot.usecases.plan import plan
from bot.usecases.sync_directory import member_changed, member_left, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, group, member
from tests.support.organisation import World, line, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of
from tests.support.ticking import tick

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OTHER = "slack:T0002"
WELCOME = "Hello from the Wellbeing Warrior"


@pytest.fixture
def other() -> MemoryPlatform:
    return MemoryPlatform()


@pytest.fixture
async def both(world: World, other: MemoryPlatform) -> World:
    """Ada is in two workspaces, and Ben in the first one only. Their welcomes come due."""
    world.core = replace(world.core, messengers={SLACK: world.platform, OTHER: other})
    assert isinstance(world.core.queue, InlineQueue)
    world.core.queue.serve(lambda workspace_id: deliver(world.core, workspace_id))
    await uninstall_workspace(world.core, PLAYGROUND)
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await is_in(world, SLACK, "ada", "ben")
    await is_in(world, OTHER, "ada")
    await world.launch()
    world.clock.move_to(NINE)
    return world


async def is_in(world: World, workspace_id: str, *names: str) -> None:
    await install_workspace(world.core, workspace_id, "slack")
    directory = MemoryDirectory([member(name) for name in names])
    await sync_directory(world.core, workspace_id, directory, "roster", "GB")


async def ticks(world: World, times: int = 3) -> None:
    """One to look where it was to go, one to send it on, and one that finds nothing to do."""
    for _ in range(times):
        await tick(world.core)


def to(platform: MemoryPlatform, name: str) -> list[str]:
    return [post.message.summary for post in platform.to(f"U-{name.upper()}")]


async def states(world: World) -> dict[str, tuple[str, str]]:
    """Name → the state of their delivery, and its reason."""
    names = {person_id: name for name, person_id in world.ids.items()}
    return {
        names[row["person_id"]]: (row["state"], row["reason"])
        for row in await rows_of(world.core, "delivery")
    }


# --- in the workspace that works -----------------------------------------------------------


async def test_somebody_in_two_workspaces_is_written_to_in_one(
    both: World, other: MemoryPlatform
) -> None:
    await ticks(both)
    assert (to(both.platform, "ada"), to(other, "ada")) == ([WELCOME], [])


async def test_nothing_is_planned_where_the_bot_was_uninstalled(
    both: World, other: MemoryPlatform
) -> None:
    await uninstall_workspace(both.core, SLACK)
    await plan(both.core, NINE)
    assert [row["workspace_id"] for row in await rows_of(both.core, "delivery")] == [OTHER]
    await ticks(both)
    assert (to(both.platform, "ada"), to(other, "ada")) == ([], [WELCOME])


@pytest.mark.parametrize("is_served", [True, False])
async def test_what_was_planned_where_the_bot_is_uninstalled_goes_elsewhere(
    both: World, other: MemoryPlatform, *, is_served: bool
) -> None:
    await plan(both.core, NINE)
    if not is_served:
        both.core = replace(both.core, messengers={OTHER: other})
    await uninstall_workspace(both.core, SLACK)
    await ticks(both)
    assert (to(both.platform, "ada"), to(other, "ada")) == ([], [WELCOME])
    assert await states(both) == {"ada": ("sent", ""), "ben": ("planned", "")}


async def test_whoever_has_left_one_of_their_workspaces_gets_it_in_the_other(
    both: World, other: MemoryPlatform
) -> None:
    await plan(both.core, NINE)
    await member_left(both.core, SLACK, "U-ADA")
    await ticks(both)
    assert (to(both.platform, "ada"), to(other, "ada")) == ([], [WELCOME])


async def test_where_nobody_was_told_that_it_does_not_work_the_other_one_is_tried(
    both: World, other: MemoryPlatform
) -> None:
    both.platform.refusals = [Undeliverable(), Undeliverable()]
    await ticks(both)
    assert to(other, "ada") == [WELCOME]
    assert await states(both) == {"ada": ("sent", ""), "ben": ("failed", "undeliverable")}


async def test_where_none_works_each_is_tried_once(both: World, other: MemoryPlatform) -> None:
    both.platform.refusals = [Undeliverable() for _ in range(9)]
    other.refusals = [Undeliverable() for _ in range(9)]
    await ticks(both, times=6)
    assert set((await states(both)).values()) == {("failed", "undeliverable")}
    assert (len(both.platform.refusals), len(other.refusals)) == (7, 8)


async def test_what_was_put_off_goes_to_where_its_person_is_by_then(
    both: World, other: MemoryPlatform
) -> None:
    await both.live_until(NINE.replace(hour=10))
    check_in = both.platform.to("U-ADA")[-1]
    await both.tap("ada", "delivery.snooze", check_in.button("delivery.snooze").value)
    await uninstall_workspace(both.core, SLACK)
    both.clock.move_to(NINE.replace(hour=11))
    await ticks(both)
    assert to(other, "ada") == ["How are you arriving today?"]


async def test_a_channels_summary_goes_to_the_workspace_that_works(
    world: World, other: MemoryPlatform
) -> None:
    world.core = replace(world.core, messengers={PLAYGROUND: world.platform, SLACK: other})
    assert isinstance(world.core.queue, InlineQueue)
    world.core.queue.serve(lambda workspace_id: deliver(world.core, workspace_id))
    await world.import_lines([f"{row},#north" for row in team_of(9)], channel=True)
    await install_workspace(world.core, SLACK, "slack")
    rooms = [group("north", channel="C1")]
    directory = MemoryDirectory([member("stranger")], rooms=rooms)
    await sync_directory(world.core, SLACK, directory, "roster", "GB")
    await world.launch()
    await world.live_until(datetime(2026, 11, 27, 9, tzinfo=UTC))
    world.clock.move_to(datetime(2026, 11, 27, 10, tzinfo=UTC))
    other.refusals = [Undeliverable()]
    await ticks(world)
    (team,) = {row["id"] for row in await rows_of(world.core, "team") if row["channel"]}
    assert (len(other.to("C1")), len(world.platform.to(team))) == (0, 1)


# --- nowhere just now ----------------------------------------------------------------------


async def test_whoever_has_no_account_when_it_is_due_is_looked_for_again(both: World) -> None:
    await plan(both.core, NINE)
    await member_left(both.core, SLACK, "U-BEN")
    await ticks(both)
    assert await states(both) == {"ada": ("sent", ""), "ben": ("planned", "")}
    both.clock.move_by(hours=2)
    await ticks(both)
    await member_changed(both.core, SLACK, member("ben"))
    await ticks(both)
    assert to(both.platform, "ben") == [WELCOME]


async def test_an_account_that_appears_in_another_workspace_is_as_good(
    both: World, other: MemoryPlatform
) -> None:
    await plan(both.core, NINE)
    await uninstall_workspace(both.core, SLACK)
    await ticks(both)
    await is_in(both, OTHER, "ada", "ben")
    await ticks(both)
    assert to(other, "ben") == [WELCOME]


@pytest.mark.parametrize("by", ["leaving", "an uninstalled workspace"])
async def test_whoever_has_no_account_until_it_is_too_late_is_skipped(both: World, by: str) -> None:
    await plan(both.core, NINE)
    if by == "leaving":
        await member_left(both.core, SLACK, "U-BEN")
    else:
        await uninstall_workspace(both.core, SLACK)
    looks = 0
    while (await states(both))["ben"] == ("planned", ""):
        await ticks(both)
        looks += 1
        both.clock.move_to(await next_look(both))
    assert both.clock.now() == NINE + timedelta(hours=6)
    assert looks <= 7
    assert (await states(both))["ben"] == ("skipped", "no_account")


async def next_look(world: World) -> datetime:
    """When Ben's delivery is due."""
    due = {row["person_id"]: row["due_at"] for row in await rows_of(world.core, "delivery")}
    found: datetime = due[world.ids["ben"]]
    return max(found, world.clock.now())


async def test_what_may_have_been_sent_is_not_sent_elsewhere(
    both: World, other: MemoryPlatform
) -> None:
    both.platform.losing_replies = 2
    await tick(both.core)
    await uninstall_workspace(both.core, SLACK)
    await ticks(both)
    assert (len(to(both.platform, "ada")), to(other, "ada")) == (1, [])
    assert set((await states(both)).values()) == {("failed", "undeliverable")}
