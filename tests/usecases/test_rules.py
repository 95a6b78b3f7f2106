"""The gate's rules as settings raise them: recorded, announced, and from the next round on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.gate import GateRules
from bot.domain.raising import numbers_of
from bot.errors import SettingsError
from bot.store.database import Database
from bot.usecases.core import Core
from bot.usecases.outcomes import overview
from bot.usecases.raise_rules import check_asked, raise_rules
from bot.usecases.rules import next_rules
from tests.support.organisation import World, line, team_of
from tests.support.platform import Posted
from tests.support.reading import words
from tests.support.tables import rows_of
from tests.support.ticking import tick

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, tzinfo=UTC)
WEEK = timedelta(weeks=1)
ROUND, NEXT_ROUND = "pulse-2026-11-24", "pulse-2026-12-01"
EVERYBODY = ["boss", *(f"boss-{number}" for number in range(1, 11))]
ANNOUNCED = "The anonymous questions get stricter rules"
LONG_ENOUGH = 30
LEAST = GateRules()
MORE = LEAST.answers + 1
FEWER = text("UPDATE ruleset SET answers = :number").bindparams(number=LEAST.answers - 1)


@pytest.fixture
async def welcomed(world: World) -> World:
    """A team of ten and its manager, welcomed on their first Monday."""
    await world.import_lines(team_of(10))
    await world.launch()
    await world.live_until(MONDAY_NOON)
    return world


@pytest.fixture
async def other(core: Core, database_url: str) -> AsyncIterator[Core]:
    """The core of a second process."""
    database = Database(database_url)
    yield replace(core, database=database)
    await database.close()


def ask(world: World, **numbers: int) -> None:
    """Start the bot again with other settings."""
    world.core = replace(world.core, asked=GateRules(**numbers))


def announcements(world: World, name: str) -> list[Posted]:
    return [post for post in world.inbox(name) if post.message.summary == ANNOUNCED]


def told(world: World) -> dict[str, int]:
    return {name: len(announcements(world, name)) for name in world.ids}


async def recorded(world: World) -> list[GateRules]:
    rows = sorted(await rows_of(world.core, "ruleset"), key=lambda row: int(row["id"]))
    return [GateRules(**{name: row[name] for name in numbers_of(GateRules())}) for row in rows]


async def answer(world: World, names: list[str], round_id: str) -> None:
    for name in names:
        form = (await world.tap(name, "pulse.form", round_id)).form
        assert form is not None
        fields = {field.name: "4" for field in form.fields}
        await world.submit(name, "pulse.submit", round_id, **fields)


async def outcomes(world: World, round_id: str) -> set[str]:
    rows = await rows_of(world.core, "publication")
    return {row["outcome"] for row in rows if row["round_id"] == round_id}


# --- announced -----------------------------------------------------------------------------


async def test_everybody_is_told_once_of_a_raise_whatever_they_opted_in_to(welcomed: World) -> None:
    await welcomed.tap("boss-1", "pulse.consent", "yes")
    await welcomed.tap("boss-2", "pulse.consent", "no")
    off = {"check_ins": "off", "reflections": "off", "summaries": "off"}
    await welcomed.submit("boss-3", "settings.save", **off)
    ask(welcomed, answers=MORE)
    for _ in range(3):
        await tick(welcomed.core)
        welcomed.clock.move_by(minutes=1)
    assert told(welcomed) == dict.fromkeys(EVERYBODY, 1)


async def test_whoever_runs_the_bot_sees_exactly_how_an_announcement_goes(welcomed: World) -> None:
    ask(welcomed, answers=MORE)
    await tick(welcomed.core)
    found = {one.programme_id: one for one in (await overview(welcomed.core)).outcomes}
    assert str(found["rules_2"].sent) == "11"


async def test_an_announcement_says_what_changed_from_what_to_what_since_when_and_why(
    welcomed: World,
) -> None:
    ask(welcomed, answers=MORE, spacing_weeks=LEAST.spacing_weeks + 2)
    await tick(welcomed.core)
    message = announcements(welcomed, "boss-1")[0].message
    said = words(message)
    assert f"Answers: {LEAST.answers} until now, {MORE} from now on. With fewer" in said
    assert f"The same question: {LEAST.spacing_weeks} until now, " in said
    assert "People in a group" not in said
    assert "Monday 23 November" in said
    assert "It's a precaution" in said
    assert {button.action for button in announcements(welcomed, "boss-1")[0].buttons()} == {
        "pulse.preview",
        "settings.open",
    }
    assert "pause" in said


async def test_an_announcement_waits_for_each_persons_own_time(world: World) -> None:
    """Quiet hours, days off, and leave of four weeks."""
    await world.import_lines([line("boss", manager=""), line("late", days="thu-fri"), line("away")])
    await world.launch()
    await world.live_until(THURSDAY_EVENING)
    await world.submit("away", "settings.save", pause="month")
    world.clock.move_to(datetime(2026, 11, 26, 22, tzinfo=UTC))
    ask(world, answers=MORE)
    await tick(world.core)
    assert told(world) == {"boss": 0, "late": 0, "away": 0}
    await world.live_until(datetime(2026, 11, 27, 8, 31, tzinfo=UTC))
    assert told(world) == {"boss": 1, "late": 1, "away": 0}
    await world.live_until(datetime(2026, 12, 25, tzinfo=UTC))
    assert told(world) == {"boss": 1, "late": 1, "away": 1}


async def test_whoever_was_not_welcomed_yet_is_not_told_and_sees_the_rules_anyway(
    welcomed: World,
) -> None:
    await welcomed.import_lines([*team_of(10), line("newcomer")])
    ask(welcomed, answers=MORE)
    await welcomed.live_until(MONDAY_NOON + 2 * WEEK)
    assert told(welcomed) == {**dict.fromkeys(EVERYBODY, 1), "newcomer": 0}
    preview = await welcomed.tap("newcomer", "pulse.preview")
    assert f"With fewer than {MORE}, nothing is shown." in words(preview.notice)


async def test_before_the_launch_nobody_is_written_to_and_rules_may_still_change(
    world: World,
) -> None:
    await world.import_lines(team_of(10))
    for answers in (MORE + 1, MORE):
        ask(world, answers=answers)
        await tick(world.core)
        assert (await next_rules(world.core)).answers == answers
    await world.launch()
    await world.live_until(TUESDAY_NOON)
    assert await recorded(world) == [GateRules(answers=MORE)]
    assert told(world) == dict.fromkeys(EVERYBODY, 0)


async def test_two_raises_in_one_minute_are_two_announcements(welcomed: World) -> None:
    ask(welcomed, answers=MORE)
    await tick(welcomed.core)
    ask(welcomed, answers=MORE + 1)
    await tick(welcomed.core)
    assert told(welcomed) == dict.fromkeys(EVERYBODY, 2)
    assert f"Answers: {MORE} until now, {MORE + 1}" in words(
        announcements(welcomed, "boss-1")[1].message
    )


# --- once, whatever happens ----------------------------------------------------------------


async def test_of_several_processes_at_once_one_records_and_announces(
    welcomed: World, other: Core
) -> None:
    ask(welcomed, answers=MORE)
    twice = replace(other, asked=GateRules(answers=MORE))
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(*(raise_rules(one) for one in (welcomed.core, twice) * 3))
    await tick(welcomed.core)
    assert await recorded(welcomed) == [LEAST, GateRules(answers=MORE)]
    assert told(welcomed) == dict.fromkeys(EVERYBODY, 1)


async def test_processes_with_different_settings_lower_nothing(
    welcomed: World, other: Core
) -> None:
    ask(welcomed, answers=MORE)
    async with asyncio.timeout(LONG_ENOUGH):
        await asyncio.gather(
            raise_rules(welcomed.core),
            raise_rules(replace(other, asked=GateRules(counted=LEAST.counted + 1))),
        )
    await raise_rules(other)
    assert await next_rules(welcomed.core) == GateRules(answers=MORE, counted=LEAST.counted + 1)
    assert len(await recorded(welcomed)) == 3


async def test_a_raise_that_is_cut_short_is_neither_recorded_nor_announced_and_done_again(
    welcomed: World,
) -> None:
    def dies() -> str:
        raise SystemError("as if killed between recording and announcing")

    ask(welcomed, answers=MORE)
    with pytest.raises(SystemError):
        await raise_rules(replace(welcomed.core, new_id=dies))
    assert await recorded(welcomed) == [LEAST]
    await tick(welcomed.core)
    assert told(welcomed) == dict.fromkeys(EVERYBODY, 1)


async def test_what_was_recorded_before_a_kill_is_announced_by_the_next_start(
    welcomed: World, other: Core
) -> None:
    ask(welcomed, answers=MORE)
    welcomed.platform.losing_replies = 3
    await raise_rules(welcomed.core)
    for _ in range(3):
        welcomed.clock.move_by(minutes=1)
        await tick(other)
    assert told(welcomed) == dict.fromkeys(EVERYBODY, 1)


async def test_defaults_that_a_later_version_raises_are_announced_too(welcomed: World) -> None:
    async with welcomed.core.database.writing() as session:
        await session.execute(FEWER)
    await tick(welcomed.core)
    assert await next_rules(welcomed.core) == LEAST
    assert f"until now, {LEAST.answers} from now on" in words(
        announcements(welcomed, "boss-1")[0].message
    )


# --- from the next round on ----------------------------------------------------------------


async def test_a_round_keeps_the_rules_that_it_opened_with(welcomed: World) -> None:
    for name in EVERYBODY:
        await welcomed.tap(name, "pulse.consent", "yes")
    await welcomed.live_until(TUESDAY_NOON)
    await answer(welcomed, EVERYBODY[1 : 1 + LEAST.answers], ROUND)
    ask(welcomed, answers=MORE)
    await tick(welcomed.core)
    open_now = await welcomed.tap("boss-1", "pulse.preview", ROUND)
    coming = await welcomed.tap("boss-1", "pulse.preview")
    assert f"If at least {LEAST.answers} of them answer" in words(open_now.notice)
    assert f"If at least {MORE} of them answer" in words(coming.notice)

    await welcomed.live_until(TUESDAY_NOON + WEEK)
    assert await outcomes(welcomed, ROUND) == {"published"}
    await answer(welcomed, EVERYBODY[1 : 1 + LEAST.answers], NEXT_ROUND)
    await welcomed.live_until(THURSDAY_EVENING + WEEK)
    assert await outcomes(welcomed, NEXT_ROUND) == {"too_few"}
    by_round = {row["id"]: row["rules_id"] for row in await rows_of(welcomed.core, "round")}
    assert by_round == {ROUND: 1, NEXT_ROUND: 2}


async def test_a_round_goes_by_no_less_than_the_defaults_of_the_version_that_closes_it(
    welcomed: World,
) -> None:
    for name in EVERYBODY:
        await welcomed.tap(name, "pulse.consent", "yes")
    await welcomed.live_until(TUESDAY_NOON)
    await answer(welcomed, EVERYBODY[1 : LEAST.answers], ROUND)
    async with welcomed.core.database.writing() as session:
        await session.execute(FEWER)
    await welcomed.live_until(THURSDAY_EVENING)
    assert await outcomes(welcomed, ROUND) == {"too_few"}


async def test_more_people_in_a_group_put_small_teams_together(world: World) -> None:
    size = LEAST.counted + 1
    teams = [*team_of(size, "S / Housing", "one"), *team_of(size, "S / Kitchens", "two")]
    await world.import_lines(teams)
    await world.launch()
    await world.live_until(MONDAY_NOON)
    before = {row["block_id"] for row in await rows_of(world.core, "team")} - {None}
    ask(world, counted=size + 1)
    await tick(world.core)
    after = {row["block_id"] for row in await rows_of(world.core, "team")} - {None}
    assert (len(before), len(after)) == (2, 1)
    preview = await world.tap("one-1", "pulse.preview")
    assert f"Housing, Kitchens: {2 * size} people" in words(preview.notice)


async def test_with_a_longer_horizon_new_people_are_counted_later(welcomed: World) -> None:
    await welcomed.import_lines([*team_of(10), line("newcomer")])
    await welcomed.live_until(MONDAY_NOON + (LEAST.horizon_weeks + 2) * WEEK)
    before = await welcomed.tap("newcomer", "pulse.preview")
    ask(welcomed, horizon_weeks=2 * LEAST.horizon_weeks)
    await tick(welcomed.core)
    after = await welcomed.tap("newcomer", "pulse.preview")
    assert "11 people in all" in words(before.notice)
    assert f"have been here for {2 * LEAST.horizon_weeks} weeks" in words(after.notice)


async def test_with_more_weeks_between_questions_a_round_may_have_fewer_or_none(
    welcomed: World,
) -> None:
    weeks = LEAST.spacing_weeks + 4
    ask(welcomed, spacing_weeks=weeks)
    await welcomed.live_until(TUESDAY_NOON + (weeks + 1) * WEEK)
    rounds = {row["id"]: row["question_ids"] for row in await rows_of(welcomed.core, "round")}
    asked = [question for questions in rounds.values() for question in questions]
    assert len(rounds) == 10 + 2  # 20 questions are used up after 10 weeks, and then rest
    assert len(asked) == 20 + 4


# --- refused -------------------------------------------------------------------------------


async def test_a_setting_below_what_holds_is_refused_and_says_since_when(welcomed: World) -> None:
    ask(welcomed, answers=MORE + 1)
    await tick(welcomed.core)
    with pytest.raises(SettingsError) as caught:
        await check_asked(welcomed.core, {"answers": MORE, "counted": LEAST.counted})
    assert caught.value.problems == [
        (
            f"WELLBEING_PULSE_ANSWERS is {MORE}, but {MORE + 1} has held since 23 November 2026: "
            f"rules can be raised, never lowered. Set {MORE + 1} or more, or leave it out."
        )
    ]


async def test_what_is_left_out_stays_as_it_is(welcomed: World) -> None:
    ask(welcomed, answers=MORE + 1)
    await tick(welcomed.core)
    ask(welcomed, counted=LEAST.counted + 1)
    await check_asked(welcomed.core, {"counted": LEAST.counted + 1})
    await tick(welcomed.core)
    assert await next_rules(welcomed.core) == GateRules(answers=MORE + 1, counted=LEAST.counted + 1)


async def test_settings_that_would_end_pulses_for_good_are_refused(welcomed: World) -> None:
    await tick(welcomed.core)
    ask(welcomed, counted=80)
    with pytest.raises(SettingsError, match="only 10 people can be counted"):
        await check_asked(welcomed.core, {"counted": 80})
    most = LEAST.counted + 1
    ask(welcomed, answers=most)
    with pytest.raises(SettingsError, match=f"Set WELLBEING_PULSE_COUNTED to {most} or more"):
        await check_asked(welcomed.core, {"answers": most})
