"""Whoever can be reached only after a firing, or is in another zone by then, gets it as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.workqueue.inline import InlineQueue
from bot.domain.gate import GateRules
from bot.ports import Member
from bot.usecases.accounts import PLAYGROUND, install_playground
from bot.usecases.deliver import deliver
from bot.usecases.directory import everyone
from bot.usecases.sync_directory import member_changed, member_left, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, member
from tests.support.organisation import World, line, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of
from tests.support.ticking import tick

INVITATION = "Two anonymous questions, if you like"
CHECK_IN = "How are you arriving today?"
WELCOME = "Hello from the Wellbeing Warrior"
LONDON, NEW_YORK, TOKYO = "Europe/London", "America/New_York", "Asia/Tokyo"
OTHER = "slack:T0002"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, whose 23rd is a Monday. London's time is UTC, and New York's 5 h less."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
async def settled(world: World) -> World:
    """Ada and Ben in Slack, in London, welcomed on Monday; they have daily check-ins."""
    world.core = replace(world.core, messengers={SLACK: world.platform})
    serve(world)
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_workspace(world.core, SLACK, "slack")
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await sync(world, member("ada"), member("ben"))
    await world.launch()
    await world.live_until(at(23, 12))
    for name in ("ada", "ben"):
        await world.submit(name, "settings.save", check_ins="daily")
    await world.live_until(at(23, 23))
    return world


def serve(world: World) -> None:
    """Have the queue deliver with the core as the test has made it."""
    assert isinstance(world.core.queue, InlineQueue)
    world.core.queue.serve(lambda workspace_id: deliver(world.core, workspace_id))


async def sync(world: World, *people: Member, workspace_id: str = SLACK) -> None:
    directory = MemoryDirectory(people)
    await sync_directory(world.core, workspace_id, directory, "roster", "GB")


def texts(world: World, name: str, platform: MemoryPlatform | None = None) -> list[str]:
    posted = (platform or world.platform).to(f"U-{name.upper()}")
    return [each.message.summary for each in posted]


def check_ins(world: World, name: str) -> int:
    return texts(world, name).count(CHECK_IN)


async def moves(world: World, name: str, zone: str) -> None:
    await member_changed(world.core, SLACK, member(name, zone=zone))


async def ticks(world: World, times: int = 1) -> None:
    for _ in range(times):
        await tick(world.core)


# --- an account appears --------------------------------------------------------------------


@pytest.mark.parametrize("by", ["an event", "a sync"])
async def test_whoever_has_an_account_after_the_firing_gets_it_at_once(
    settled: World, by: str
) -> None:
    await member_left(settled.core, SLACK, "U-BEN")
    await settled.live_until(at(24, 10))
    assert (check_ins(settled, "ada"), check_ins(settled, "ben")) == (2, 1)
    if by == "an event":
        await member_changed(settled.core, SLACK, member("ben"))
    else:
        await sync(settled, member("ada"), member("ben"))
    await settled.live_until(at(24, 10, 1))
    assert (check_ins(settled, "ada"), check_ins(settled, "ben")) == (2, 2)


async def test_a_newcomer_is_welcomed_on_the_day_they_come(settled: World) -> None:
    await settled.live_until(at(24, 12))
    newcomers = [line("ada", manager=""), line("ben", manager="ada"), line("cal", manager="ada")]
    await settled.import_lines(newcomers)
    await sync(settled, member("ada"), member("ben"), member("cal"))
    await settled.live_until(at(24, 12, 1))
    assert texts(settled, "cal") == [WELCOME]
    assert WELCOME not in texts(settled, "ada")[1:]


async def test_a_firing_that_is_too_late_by_then_is_left(settled: World) -> None:
    await member_left(settled.core, SLACK, "U-BEN")
    await settled.live_until(at(24, 13, 30))  # four hours after it
    await member_changed(settled.core, SLACK, member("ben"))
    await settled.live_until(at(24, 17))
    assert check_ins(settled, "ben") == 1


async def test_their_quiet_hours_and_days_off_hold(settled: World) -> None:
    """Saturday: the reflection of Wednesday is still open, and Monday is the next working day."""
    await member_left(settled.core, SLACK, "U-BEN")
    await settled.live_until(at(28, 12))
    await member_changed(settled.core, SLACK, member("ben"))
    await settled.live_until(at(30, 8, 29))
    count = len(texts(settled, "ben"))
    await settled.live_until(at(30, 8, 30))
    assert texts(settled, "ben")[count:] == ["Something to reflect on"]


async def test_nothing_from_before_the_launch_is_made_up_for(world: World) -> None:
    world.clock.move_to(at(23, 11))
    await world.import_lines([line("ada", manager="")])
    await world.launch()
    await ticks(world)
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await ticks(world)
    assert world.platform.posted == []


async def test_who_is_told_of_twice_gets_it_once(settled: World) -> None:
    await member_left(settled.core, SLACK, "U-BEN")
    await settled.live_until(at(24, 10))
    for _ in range(2):
        await member_changed(settled.core, SLACK, member("ben"))
        await sync(settled, member("ada"), member("ben"))
        await settled.live_until(settled.clock.now() + timedelta(minutes=1))
    assert check_ins(settled, "ben") == 2


async def test_what_others_chose_meanwhile_brings_them_nothing(settled: World) -> None:
    """Only whoever arrives is looked at again: settings hold from the next firing on."""
    await settled.submit("ada", "settings.save", check_ins="off")
    await settled.live_until(at(24, 10))
    await settled.submit("ada", "settings.save", check_ins="daily")
    await member_left(settled.core, SLACK, "U-BEN")
    await member_changed(settled.core, SLACK, member("ben"))
    await settled.live_until(at(24, 12))
    assert check_ins(settled, "ada") == 1


async def test_everybody_of_a_playground_that_is_back_gets_what_is_open(world: World) -> None:
    await world.import_lines([line("ada", manager="")])
    await world.launch()
    await uninstall_workspace(world.core, PLAYGROUND)
    await world.live_until(at(23, 10))
    await install_playground(world.core)
    await world.live_until(at(23, 10, 1))
    assert [post.message.summary for post in world.inbox("ada")] == [WELCOME]


# --- a zone changes ------------------------------------------------------------------------


async def test_from_london_to_new_york_after_the_check_in_nothing_comes_twice(
    settled: World,
) -> None:
    await settled.live_until(at(24, 10))
    assert check_ins(settled, "ada") == 2
    await moves(settled, "ada", NEW_YORK)
    await settled.live_until(at(24, 23))
    assert check_ins(settled, "ada") == 2
    await settled.live_until(at(25, 14, 29))
    assert check_ins(settled, "ada") == 2
    await settled.live_until(at(25, 14, 30))  # half past nine in New York
    assert check_ins(settled, "ada") == 3


async def test_from_london_to_new_york_before_the_check_in_it_comes_by_the_new_clock(
    settled: World,
) -> None:
    await settled.live_until(at(24, 9, 20))
    await moves(settled, "ada", NEW_YORK)
    await settled.live_until(at(24, 14, 29))
    assert check_ins(settled, "ada") == 1
    await settled.live_until(at(24, 14, 30))
    assert check_ins(settled, "ada") == 2


async def test_to_a_zone_whose_firing_has_passed_and_is_open_it_comes_at_once_and_once(
    settled: World,
) -> None:
    """Nothing else would come that day."""
    await moves(settled, "ada", NEW_YORK)
    await settled.live_until(at(24, 11))
    assert check_ins(settled, "ada") == 1
    await moves(settled, "ada", LONDON)
    await settled.live_until(at(24, 11, 1))
    assert check_ins(settled, "ada") == 2
    await moves(settled, "ada", NEW_YORK)
    await settled.live_until(at(24, 20))
    assert check_ins(settled, "ada") == 2


async def test_to_a_zone_whose_firing_is_too_late_it_comes_the_next_day(settled: World) -> None:
    await moves(settled, "ada", NEW_YORK)
    await settled.live_until(at(24, 13, 30))
    await moves(settled, "ada", LONDON)
    await settled.live_until(at(24, 20))
    assert check_ins(settled, "ada") == 1
    await settled.live_until(at(25, 9, 30))
    assert check_ins(settled, "ada") == 2


async def test_a_zone_in_which_nobody_was_is_no_exception(settled: World) -> None:
    """Tokyo's half past nine is half past midnight in London."""
    await settled.live_until(at(24, 2))
    await moves(settled, "ada", TOKYO)
    await settled.live_until(at(24, 2, 1))
    assert check_ins(settled, "ada") == 2
    await moves(settled, "ada", LONDON)
    await settled.live_until(at(24, 12))
    assert (check_ins(settled, "ada"), check_ins(settled, "ben")) == (2, 2)


async def test_a_sync_or_a_roster_that_says_another_zone_is_as_good(settled: World) -> None:
    await settled.live_until(at(24, 2))
    await sync(settled, member("ada", zone=TOKYO), member("ben"))
    ben = line("ben", manager="ada", zone=TOKYO, region="JP")
    await settled.import_lines([line("ada", manager=""), ben])
    await settled.live_until(at(24, 2, 1))
    assert (check_ins(settled, "ada"), check_ins(settled, "ben")) == (2, 2)


async def test_what_has_gone_by_in_both_zones_is_over(settled: World) -> None:
    """Whoever chose something after it had gone by gets it next time, wherever they go."""
    await settled.submit("ada", "settings.save", check_ins="weekly", reflections="off")
    await settled.live_until(at(26, 12))
    await settled.submit("ada", "settings.save", check_ins="weekly", reflections="on")
    before = texts(settled, "ada")
    await moves(settled, "ada", "Europe/Berlin")
    await settled.live_until(at(26, 17))
    assert texts(settled, "ada") == before


async def test_what_waits_goes_out_by_the_new_clock(settled: World) -> None:
    """Ada works from Thursday on: the check-in of Monday waits for half past eight."""
    await settled.submit("ada", "settings.save", check_ins="weekly")
    await settled.import_lines(
        [line("ada", manager="", days="thu fri"), line("ben", manager="ada")]
    )
    await settled.live_until(at(30, 12))
    count = check_ins(settled, "ada")
    await moves(settled, "ada", TOKYO)
    await settled.live_until(datetime(2026, 12, 2, 23, 29, tzinfo=UTC))
    assert check_ins(settled, "ada") == count
    await settled.live_until(datetime(2026, 12, 2, 23, 30, tzinfo=UTC))  # half past eight in Tokyo
    assert check_ins(settled, "ada") == count + 1


async def test_an_announcement_of_rules_is_not_repeated_to_whoever_moves_or_comes_back(
    settled: World,
) -> None:
    settled.core = replace(settled.core, asked=GateRules(answers=6))
    await settled.live_until(at(24, 10))
    announced = [text for text in texts(settled, "ada") if text not in (WELCOME, CHECK_IN)]
    assert len(announced) == 1
    await moves(settled, "ada", NEW_YORK)
    await moves(settled, "ben", NEW_YORK)
    await member_left(settled.core, SLACK, "U-ADA")
    await settled.live_until(at(24, 16))
    await moves(settled, "ada", TOKYO)
    await settled.live_until(at(25, 12))
    assert texts(settled, "ada").count(announced[0]) == 1


async def test_whoever_had_no_account_is_told_of_new_rules_when_they_have_one(
    settled: World,
) -> None:
    settled.core = replace(settled.core, asked=GateRules(answers=6))
    await member_left(settled.core, SLACK, "U-BEN")
    await settled.live_until(at(24, 10))
    told = set(texts(settled, "ada")) - {WELCOME, CHECK_IN}
    await moves(settled, "ben", TOKYO)
    await settled.live_until(at(25, 2))
    assert told <= set(texts(settled, "ben"))


# --- pulses and summaries ------------------------------------------------------------------


async def test_whoever_said_yes_and_is_back_is_invited_while_the_pulse_is_open(
    world: World,
) -> None:
    await with_a_pulse(world)
    await uninstall_workspace(world.core, PLAYGROUND)
    await world.live_until(at(24, 12))
    assert [row["state"] for row in await rows_of(world.core, "round")] == ["open"]
    await install_playground(world.core)
    await world.live_until(at(24, 12, 1))
    assert world.inbox("boss-1")[-1].message.summary == INVITATION
    assert INVITATION not in [post.message.summary for post in world.inbox("boss-2")]


async def test_nobody_opens_a_round_by_arriving(world: World, tmp_path: Path) -> None:
    """It is a worker that does, and it has its keys."""
    await with_a_pulse(world)
    (tmp_path / "keys").write_text("a file where the directory should be")
    await world.live_until(at(24, 12))
    (tmp_path / "keys").unlink()
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_playground(world.core)
    assert await rows_of(world.core, "round") == []


async def with_a_pulse(world: World) -> None:
    """A team of nine, of whom one says yes to the pulse of Tuesday."""
    await world.import_lines(team_of(9))
    await world.launch()
    await world.live_until(at(23, 12))
    await world.tap("boss-1", "pulse.consent", "yes")
    await world.live_until(at(24, 9))


async def test_a_team_whose_channel_is_there_after_the_summary_gets_it(world: World) -> None:
    await with_a_pulse(world)
    await uninstall_workspace(world.core, PLAYGROUND)
    await world.live_until(at(27, 12))
    await install_playground(world.core)
    await world.live_until(at(27, 12, 1))
    channel = (await everyone(world.core))[0].channels[0][0]
    assert len(world.platform.to(channel)) == 1
