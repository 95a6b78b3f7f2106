from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import NotFound
from bot.store import deliveries
from bot.store.tables import Person
from bot.usecases.directory import everyone
from bot.usecases.plan import plan
from tests.support.organisation import World, line
from tests.support.tables import rows_of
from tests.support.ticking import tick

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def summaries(world: World, name: str) -> list[str]:
    return [post.message.summary for post in world.inbox(name)]


async def start(world: World, *lines: str) -> None:
    await world.import_lines(lines)
    await world.launch()


# --- first contact -------------------------------------------------------------------------


async def test_nobody_is_written_to_before_the_launch(world: World) -> None:
    await world.import_lines([line("ada", manager="")])
    for day in range(23, 28):
        world.clock.move_to(at(day, 12))
        await tick(world.core)
    assert world.platform.posted == []


async def test_everybody_is_welcomed_once(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(27, 17))
    assert summaries(world, "ada").count("Hello from the Wellbeing Warrior") == 1


async def test_nothing_comes_before_the_welcome_has_arrived(world: World) -> None:
    await start(world, line("ada", manager="", days="wed thu fri"))
    await world.live_until(at(27, 17))
    assert summaries(world, "ada")[0] == "Hello from the Wellbeing Warrior"
    first = world.inbox("ada")[0]
    assert first.key


async def test_a_joiner_is_welcomed_in_their_first_working_time(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(24, 16))
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await world.live_until(at(25, 8, 30))
    assert summaries(world, "ben") == []
    await world.live_until(at(25, 9, 30))
    assert summaries(world, "ben") == ["Hello from the Wellbeing Warrior"]


# --- people's time -------------------------------------------------------------------------


async def test_each_person_is_written_to_at_their_own_local_time(world: World) -> None:
    await start(
        world,
        line("ada", manager=""),
        line("jun", manager="ada", zone="Asia/Tokyo", region="JP"),
    )
    world.clock.move_to(at(23, 8))
    await tick(world.core)
    posted: dict[tuple[str, str], datetime] = {}
    while world.clock.now() < at(25, 0):
        world.clock.move_by(minutes=30)
        await tick(world.core)
        for name in ("ada", "jun"):
            for post in world.inbox(name):
                posted.setdefault((name, post.message.summary), world.clock.now())
    assert posted["ada", "Hello from the Wellbeing Warrior"] == at(23, 9)
    assert posted["jun", "Hello from the Wellbeing Warrior"] == at(24, 0)


async def test_a_public_holiday_of_ones_own_nation_moves_what_can_wait(world: World) -> None:
    """30 November 2026 is a Monday, and St Andrew's Day in Scotland."""
    await start(
        world,
        line("eve", manager="", region="England"),
        line("isla", manager="eve", region="Scotland"),
    )
    await world.live_until(at(30, 12))
    assert summaries(world, "eve").count("How are you arriving today?") == 2
    assert summaries(world, "isla").count("How are you arriving today?") == 1
    await world.live_until(at(1, 12, month=12))
    assert summaries(world, "isla").count("How are you arriving today?") == 2


async def test_a_day_off_is_left_alone(world: World) -> None:
    await start(world, line("ada", manager="", days="tue wed thu"))
    await world.live_until(at(24, 8))
    assert summaries(world, "ada") == []


async def test_a_pause_after_planning_is_respected_at_sending(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    await put_off(world, "ada")
    await world.submit("ada", "settings.save", pause="week")
    count = len(world.inbox("ada"))
    await world.live_until(at(29, 12))
    assert len(world.inbox("ada")) == count


async def put_off(world: World, name: str) -> None:
    button = world.inbox(name)[-1].button("delivery.snooze")
    await world.tap(name, button.action, button.value)


async def deliveries_of(world: World, programme: str) -> list[dict[str, object]]:
    wanted = {
        o["id"] for o in await rows_of(world.core, "occurrence") if o["programme_id"] == programme
    }
    return [row for row in await rows_of(world.core, "delivery") if row["occurrence_id"] in wanted]


async def test_quiet_hours_put_it_off_to_their_end(world: World) -> None:
    await start(world, line("ada", manager=""))
    await set_quiet_hours(world, "ada", until=11)
    await world.live_until(at(23, 10, 45))
    assert summaries(world, "ada") == []
    await world.live_until(at(23, 11))
    assert summaries(world, "ada") == ["Hello from the Wellbeing Warrior"]


async def set_quiet_hours(world: World, name: str, until: int) -> None:
    async with world.core.database.writing() as session:
        person = await session.get(Person, world.ids[name])
        assert person is not None
        person.quiet_until = person.quiet_until.replace(hour=until, minute=0)


async def test_somebody_who_moves_to_another_zone_is_not_asked_twice_on_one_day(
    world: World,
) -> None:
    await start(world, line("ada", manager="", zone="Europe/Berlin"), line("ben", manager="ada"))
    await world.live_until(at(30, 9, 30))
    assert summaries(world, "ada").count("How are you arriving today?") == 1
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await world.live_until(at(30, 12))
    assert summaries(world, "ada").count("How are you arriving today?") == 1


# --- once, and never missed ----------------------------------------------------------------


async def test_ticking_again_sends_nothing_twice(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    for _ in range(3):
        await tick(world.core)
    assert len(world.inbox("ada")) == 2


async def test_a_clock_that_goes_back_sends_nothing_twice(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    world.clock.move_to(at(23, 8))
    await world.live_until(at(23, 12))
    assert len(world.inbox("ada")) == 2


async def test_after_a_downtime_the_latest_goes_out_and_older_ones_are_skipped(
    world: World,
) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    world.clock.move_to(at(7, 12, month=12))
    await tick(world.core)
    assert summaries(world, "ada").count("How are you arriving today?") == 2
    skipped = [
        o["local_at"]
        for o in await rows_of(world.core, "occurrence")
        if o["programme_id"] == "check-in-weekly" and o["was_skipped"]
    ]
    assert skipped == ["2026-11-30T10:00"]


async def test_what_is_too_late_for_its_programme_is_skipped(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    world.clock.move_to(at(6, 18, month=12))
    await tick(world.core)
    assert summaries(world, "ada").count("How are you arriving today?") == 1


async def test_what_waits_too_long_expires(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12))
    await put_off(world, "ada")
    world.clock.move_to(at(24, 12))
    await tick(world.core)
    states = {row["turn"]: row["state"] for row in await deliveries_of(world, "check-in-weekly")}
    assert states == {0: "sent", 1: "expired"}


async def test_an_hour_that_happens_twice_sends_once(world: World) -> None:
    """Zones whose repeated hour holds a cadence are in the unit tests; here it is the whole way."""
    world.clock.move_to(datetime(2026, 10, 23, 8, tzinfo=UTC))
    await start(world, line("ada", manager="", days="mon-sun"))
    world.clock.move_to(datetime(2026, 10, 25, 0, tzinfo=UTC))
    while world.clock.now() < datetime(2026, 10, 26, 12, tzinfo=UTC):
        world.clock.move_by(minutes=15)
        await tick(world.core)
    keys = [post.key for post in world.inbox("ada")]
    assert len(keys) == len(set(keys)) == len(set(summaries(world, "ada")))


async def test_people_without_an_account_are_left_out(world: World) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 9))
    async with world.core.database.reading() as session:
        assert await deliveries.next_due(session, MONDAY - timedelta(days=1)) is None


@pytest.mark.parametrize(("setting", "expected"), [("daily", 5), ("weekly", 1), ("off", 0)])
async def test_everybody_chooses_how_often(world: World, setting: str, expected: int) -> None:
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 9, 15))
    await world.submit("ada", "settings.save", check_ins=setting)
    await world.live_until(at(27, 17))
    assert summaries(world, "ada").count("How are you arriving today?") == expected


async def test_nobody_is_left_out_when_there_are_thousands(world: World) -> None:
    await start(world, *(line(f"p{number}", manager="") for number in range(2100)))
    await plan(world.core, at(23, 9))
    assert len(await rows_of(world.core, "delivery")) == 2100


@pytest.mark.parametrize("days", ["sat sun", "wed-fri", "mon tue", "fri"])
async def test_whoever_works_some_days_only_gets_their_welcome_and_check_in(
    world: World, days: str
) -> None:
    await start(world, line("ada", manager="", days=days))
    await world.live_until(at(8, 12, month=12))
    assert summaries(world, "ada")[0] == "Hello from the Wellbeing Warrior"
    assert "How are you arriving today?" in summaries(world, "ada")
    assert "Something to reflect on" in summaries(world, "ada")


async def test_a_channel_gets_a_summary_once_although_its_team_moves_to_another_zone(
    world: World,
) -> None:
    team = [line(f"p{n}", "A / B", "boss") for n in range(9)]
    await start(world, line("boss", "A / B", ""), *team)
    await world.live_until(at(27, 12))
    channel = (await everyone(world.core))[0].channels[0][0]
    assert len(world.platform.to(channel)) == 1
    moved = [line(f"p{n}", "A / B", "boss", "America/New_York", "US-NY") for n in range(9)]
    await world.import_lines([line("boss", "A / B", ""), *moved])
    await world.live_until(at(27, 23))
    assert len(world.platform.to(channel)) == 1


async def test_a_summary_waits_for_the_last_zone_in_which_its_round_closes(world: World) -> None:
    team = [line(f"p{n}", "A / B", "boss", "Australia/Sydney", "AU") for n in range(9)]
    far = line("lou", "C / D", "boss", "America/Los_Angeles", "US-CA")
    await start(world, line("boss", "A / B", "", "Australia/Sydney", "AU"), *team, far)
    await world.live_until(at(30, 12))
    assert [s for s in summaries(world, "boss") if s.startswith("The weekly pulse of")] == [
        "The weekly pulse of Tuesday 24 November"
    ]


async def test_a_pulse_that_cannot_keep_its_keys_leaves_everything_else_going(
    world: World, tmp_path: Path
) -> None:
    await start(world, line("ada", manager=""), *(line(f"p{n}", manager="ada") for n in range(9)))
    await world.live_until(at(23, 12))
    (tmp_path / "keys").write_text("a file where the directory should be")
    await world.live_until(at(25, 15))
    assert summaries(world, "p1")[-1] == "Something to reflect on"


async def test_a_step_that_fails_does_not_stop_the_others(world: World, tmp_path: Path) -> None:
    await start(world, line("ada", manager=""))
    (tmp_path / "keys").write_text("nothing can be closed")
    await world.live_until(at(23, 12))
    assert len(summaries(world, "ada")) == 2


@pytest.mark.parametrize("name", ["welcome", "check-in"])
async def test_only_what_may_wait_can_be_put_off(world: World, name: str) -> None:
    """A welcome comes once; a check-in of another day doesn't come back."""
    await start(world, line("ada", manager=""))
    await world.live_until(at(23, 12) if name == "welcome" else at(25, 12))
    posted = world.inbox("ada")[0 if name == "welcome" else 1]
    count = len(world.inbox("ada"))
    with suppress(NotFound):
        await world.tap("ada", "delivery.snooze", posted.key)
    await world.live_until(world.clock.now() + timedelta(hours=1, minutes=30))
    assert len(world.inbox("ada")) == count
