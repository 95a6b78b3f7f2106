"""Planning many at once comes to the same as deciding for each of them."""

from __future__ import annotations

import asyncio
import re
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.availability import Availability
from bot.domain.delivery import DeliveryState, Priority, plan_for
from bot.domain.gate import GateRules
from bot.domain.programme import Audience
from bot.domain.raising import numbers_of
from bot.store import people
from bot.store.database import Database
from bot.store.tables import METADATA, Person, Team
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.plan import plan
from tests.support.crowd import (
    OTHER,
    PLACES,
    all_sorts,
    give_accounts,
    insert_rows,
    join,
    settle,
    somebody,
)
from tests.support.tables import rows_of

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
BEFORE = MONDAY - timedelta(minutes=5)

Fate = tuple[str, str, str, datetime]  # workspace, state, reason, due at


async def plan_all_day(core: Core, day: date) -> None:
    """Every two hours, until the day is over everywhere."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    for hours in range(-12, 38, 2):
        await plan(core, start + timedelta(hours=hours))


async def fates(core: Core, occurrence_id: str) -> dict[str, Fate]:
    """Recipient → what was planned for them, in one occurrence."""
    return {
        row["recipient"]: (row["workspace_id"], row["state"], row["reason"], row["due_at"])
        for row in await rows_of(core, "delivery")
        if row["occurrence_id"] == occurrence_id
    }


# --- the same as one by one ----------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 30), date(2026, 12, 2), date(2027, 3, 28), date(2026, 12, 25)],
    ids=["st-andrews-day", "wednesday", "clocks-change", "christmas"],
)
async def test_everybody_gets_what_would_be_decided_for_them_alone(
    core: Core, day: date, seed: int
) -> None:
    crowd = all_sorts(300, day, seed)
    start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=14)
    await settle(core, crowd, start)
    async with core.database.writing() as session:
        await give_accounts(session, crowd[::3], OTHER)
    # A real platform wins over the playground.
    place = {one["id"]: OTHER for one in crowd[::3]}

    await plan_all_day(core, day)

    planned = [row for row in await rows_of(core, "occurrence") if not row["was_skipped"]]
    assert {row["zone"] for row in planned} == set(PLACES)
    being_welcomed: dict[str, datetime] = {}  # and until when: here nobody sends it
    for occurrence in sorted(planned, key=lambda row: row["due_at"]):
        expected = {
            f"person:{one['id']}": fate(
                availability(one), place.get(one["id"], PLAYGROUND), occurrence
            )
            for one in crowd
            if one["zone"] == occurrence["zone"] and is_for(core, one, occurrence)
        }
        if occurrence["programme_id"] == "welcome":
            expected = {
                key: made
                for key, made in expected.items()
                if key not in being_welcomed or being_welcomed[key] <= occurrence["due_at"]
            }
            planned_now = [key for key, made in expected.items() if made[1] == "planned"]
            being_welcomed |= dict.fromkeys(planned_now, occurrence["expires_at"])
        assert await fates(core, occurrence["id"]) == expected


def is_for(core: Core, one: dict[str, Any], occurrence: dict[str, Any]) -> bool:
    """Whether somebody is in a programme's audience, said another way than in SQL."""
    programme = {found.id: found for found in core.library.programmes}[occurrence["programme_id"]]
    wants = {
        Audience.NOT_WELCOMED: one["welcomed_on"] is None,
        Audience.DAILY_CHECK_INS: one["check_ins"] == "daily",
        Audience.WEEKLY_CHECK_INS: one["check_ins"] == "weekly",
        Audience.REFLECTIONS: one["reflections"],
        Audience.PULSES: False,
    }
    knows_us = one["welcomed_on"] is not None or programme.audience is Audience.NOT_WELCOMED
    return bool(one["is_active"] and knows_us and wants[programme.audience])


def availability(one: dict[str, Any]) -> Availability:
    return people.availability(Person(**one))


def fate(working_time: Availability, workspace_id: str, occurrence: dict[str, Any]) -> Fate:
    found = plan_for(working_time, occurrence["due_at"], occurrence["expires_at"])
    due_at = found.due_at or occurrence["due_at"]
    return workspace_id, found.state.value, found.reason, due_at


async def test_a_channel_gets_what_would_be_decided_for_it_alone(core: Core) -> None:
    """Christmas Day 2026 is a Friday, and a working day in Japan."""
    friday = date(2026, 12, 25)
    await settle(core, [somebody(0)], datetime(2026, 12, 24, 12, tzinfo=UTC))
    teams = [
        {"id": region, "path": region, "name": region, "zone": zone, "region": region}
        for zone, regions in PLACES.items()
        for region in regions
    ]
    inhabitants = [somebody(1 + number, zone=zone) for number, zone in enumerate(PLACES)]
    async with core.database.writing() as session:
        await insert_rows(session, "block", [{"id": "block", "name": "Block"}])
        await insert_rows(session, "team", [{**team, "block_id": "block"} for team in teams])
        await insert_rows(session, "channel", [_channel(team["id"]) for team in teams])
        opened = _round(friday)
        rules = {"id": 1, "recorded_at": opened["opens_at"], **numbers_of(GateRules())}
        await insert_rows(session, "ruleset", [rules])
        await insert_rows(session, "round", [opened])
        await join(session, inhabitants)

    await plan_all_day(core, friday)

    planned = [row for row in await rows_of(core, "occurrence") if row["round_id"] == "round"]
    expected = {
        (row["id"], f"team:{team['id']}"): fate(
            people.channel_availability(Team(**team)), PLAYGROUND, row
        )
        for row in planned
        for team in teams
        if team["zone"] == row["zone"]
    }
    found = {
        (row["id"], recipient): made
        for row in planned
        for recipient, made in (await fates(core, row["id"])).items()
    }
    assert len(expected) == len(teams)
    assert found == expected
    assert {row["priority"] for row in await rows_of(core, "delivery") if row["team_id"]} == {
        Priority.SUMMARY
    }


def _channel(team_id: str) -> dict[str, Any]:
    return {"team_id": team_id, "workspace_id": PLAYGROUND, "external_id": team_id}


def _round(friday: date) -> dict[str, Any]:
    opened = datetime.combine(friday, time(8), tzinfo=UTC) - timedelta(days=3)
    return {
        "id": "round",
        "programme_id": "pulse",
        "local_date": opened.date(),
        "opens_at": opened,
        "closes_at": opened + timedelta(days=1),
        "question_ids": [],
        "rules_id": 1,
        "state": "finished",
        "unpublished_because": "",
    }


# --- ids -----------------------------------------------------------------------------------


async def test_ids_are_all_different_and_say_nothing(core: Core) -> None:
    await settle(core, [somebody(number) for number in range(1500)], BEFORE)
    await plan(core, MONDAY)
    ids = [row["id"] for row in await rows_of(core, "delivery")]
    assert len(set(ids)) == 1500
    assert all(re.fullmatch("[0-9a-f]{32}", found) for found in ids)
    # Of 1,500 random beginnings of 3 digits about 1,250 differ; of a counter's or a clock's, few.
    assert len({found[:3] for found in ids}) > 1000
    assert len({found[-3:] for found in ids}) > 1000


# --- people who move -----------------------------------------------------------------------


async def test_of_many_who_move_each_is_asked_once(core: Core) -> None:
    """Berlin is an hour before London. Who was on a day off there hasn't been reached."""
    berlin = [somebody(number, zone="Europe/Berlin", region="DE") for number in range(40)]
    away = [
        somebody(100 + number, zone="Europe/Berlin", paused_from=date(2026, 11, 1))
        for number in range(5)
    ]
    london = [somebody(200 + number) for number in range(10)]
    await settle(core, [*berlin, *away, *london], MONDAY - timedelta(hours=1, minutes=5))
    await plan(core, MONDAY - timedelta(hours=1))
    table = METADATA.tables["person"]
    async with core.database.writing() as session:
        await session.execute(
            table.update().values(zone="Europe/London", paused_from=None, paused_until=None)
        )

    await plan(core, MONDAY)

    reached = [
        row["person_id"]
        for row in await rows_of(core, "delivery")
        if row["state"] == DeliveryState.PLANNED
    ]
    assert sorted(reached) == sorted(one["id"] for one in [*berlin, *away, *london])


# --- several replicas ----------------------------------------------------------------------


async def test_of_several_replicas_that_plan_at_once_one_makes_each_row(core: Core) -> None:
    await settle(core, [somebody(number) for number in range(1200)], BEFORE)
    others = [Database(core.database.url.render_as_string(hide_password=False)) for _ in range(3)]
    replicas = [core, *(replace(core, database=database) for database in others)]
    try:
        async with asyncio.timeout(60):
            await asyncio.gather(*(plan(replica, MONDAY) for replica in replicas))
    finally:
        for database in others:
            await database.close()
    rows = await rows_of(core, "delivery")
    assert len(rows) == len({row["recipient"] for row in rows}) == 1200
    weekly = [
        row for row in await rows_of(core, "occurrence") if row["programme_id"] == "check-in-weekly"
    ]
    assert len(weekly) == 1


async def test_a_plan_that_fails_leaves_nothing_and_is_made_again(core: Core) -> None:
    """Also what it had for itself is gone: the connection lives on in the pool."""

    class BrokenQueue:
        async def enqueue(self, workspace_ids: object, connection: object) -> None:
            raise ConnectionError

        async def wake(self, workspace_id: str) -> None: ...

        async def rest(self) -> None: ...

    await settle(core, [somebody(0)], BEFORE)
    with pytest.raises(ConnectionError):
        await plan(replace(core, queue=BrokenQueue()), MONDAY)
    assert await rows_of(core, "delivery") == await rows_of(core, "occurrence") == []
    await plan(core, MONDAY)
    assert len(await rows_of(core, "delivery")) == 1


async def test_workspaces_with_something_due_are_woken_in_the_same_transaction(core: Core) -> None:
    class Told:
        def __init__(self) -> None:
            self.woken: list[list[str]] = []

        async def enqueue(self, workspace_ids: Any, connection: object) -> None:
            assert connection is not None
            self.woken.append(list(workspace_ids))

        async def wake(self, workspace_id: str) -> None: ...

        async def rest(self) -> None: ...

    told = Told()
    await settle(core, [somebody(0)], BEFORE)
    await plan(replace(core, queue=told), MONDAY)
    await plan(replace(core, queue=told), MONDAY + timedelta(minutes=1))
    assert told.woken == [[PLAYGROUND]]


# --- memory --------------------------------------------------------------------------------


async def test_planning_never_has_everybody_in_memory(core: Core) -> None:
    """Even if no two of them share a working time: less than a quarter of loading them all."""
    first = date(2026, 12, 1)
    crowd = [
        somebody(number, paused_from=first + timedelta(days=number), quiet_from=time(20))
        for number in range(6000)
    ]
    await settle(core, crowd, BEFORE)
    del crowd
    await plan(core, BEFORE)
    with memory() as loading:
        async with core.database.reading() as session:
            assert len(await people.active_people(session)) == 6000
    with memory() as planning:
        await plan(core, MONDAY)
    assert len(await rows_of(core, "delivery")) == 6000
    assert planning[0] < loading[0] / 4


@contextmanager
def memory() -> Iterator[list[int]]:
    """How many bytes Python had at most within the block, beside what it had before."""
    peak = [0]
    tracemalloc.start()
    try:
        yield peak
        peak[0] = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
