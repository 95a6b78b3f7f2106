"""A clock that was ahead and has gone back: what it let pass comes after all, and nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.store.tables import METADATA
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.plan import plan
from tests.support.crowd import join, settle, somebody
from tests.support.organisation import World, line
from tests.support.tables import rows_of
from tests.support.ticking import tick

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)  # when the weekly check-in is due
BEFORE = MONDAY - timedelta(minutes=10)
SOON_AFTER = MONDAY + timedelta(minutes=5)
WEEK = timedelta(weeks=1)


async def check_ins(core: Core) -> dict[str, list[dict[str, Any]]]:
    """The weekly check-in's local time → its deliveries, of each that wasn't skipped."""
    deliveries = await rows_of(core, "delivery")
    return {
        row["local_at"]: [one for one in deliveries if one["occurrence_id"] == row["id"]]
        for row in await rows_of(core, "occurrence")
        if row["programme_id"] == "check-in-weekly" and not row["was_skipped"]
    }


async def change(core: Core, **values: Any) -> None:
    """Have every delivery like this."""
    async with core.database.writing() as session:
        await session.execute(METADATA.tables["delivery"].update().values(**values))


async def planned_until(core: Core) -> datetime:
    (row,) = await rows_of(core, "watermark")
    found: datetime = row["planned_until"]
    return found


async def test_what_a_jump_skipped_comes_after_all(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY + 3 * WEEK)
    assert list(await check_ins(core)) == ["2026-12-14T10:00"]

    await plan(core, SOON_AFTER)
    assert {"2026-11-23T10:00", "2026-12-14T10:00"} == set(await check_ins(core))
    for week in (1, 2, 3):
        await plan(core, SOON_AFTER + week * WEEK)

    found = await check_ins(core)
    assert sorted(found) == [
        "2026-11-23T10:00",
        "2026-11-30T10:00",
        "2026-12-07T10:00",
        "2026-12-14T10:00",
    ]
    assert all(len(made) == 1 for made in found.values())


async def test_whoever_joins_after_a_jump_gets_what_it_had_planned_already(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY + 3 * WEEK)
    await plan(core, SOON_AFTER)
    async with core.database.writing() as session:
        await join(session, [somebody(1)])

    await plan(core, SOON_AFTER + 3 * WEEK)

    found = await check_ins(core)
    assert len(found["2026-11-23T10:00"]) == 1
    recipients = sorted(row["recipient"] for row in found["2026-12-14T10:00"])
    assert recipients == sorted(f"person:{somebody(number)['id']}" for number in (0, 1))


@pytest.mark.parametrize(
    ("state", "reason"),
    [("expired", ""), ("skipped", "day_off"), ("skipped", "paused"), ("planned", "")],
)
async def test_what_a_jump_gave_up_or_put_off_is_decided_again(
    core: Core, state: str, reason: str
) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    await plan(core, MONDAY + timedelta(days=4))
    await change(core, state=state, reason=reason, due_at=MONDAY + timedelta(days=5))

    await plan(core, SOON_AFTER)

    (row,) = (await check_ins(core))["2026-11-23T10:00"]
    assert (row["state"], row["reason"], row["due_at"]) == ("planned", "", MONDAY)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("sent", ""),
        ("claimed", ""),
        ("failed", "refused"),
        ("expired", "by_hand"),
        ("skipped", "opted_out"),
        ("skipped", "gone"),
    ],
)
async def test_what_was_sent_or_settled_otherwise_stays(
    core: Core, state: str, reason: str
) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    await plan(core, MONDAY + timedelta(days=1))
    await change(core, state=state, reason=reason, epoch=1)
    before = await rows_of(core, "delivery")

    await plan(core, SOON_AFTER)
    await plan(core, SOON_AFTER + timedelta(hours=3))

    assert await rows_of(core, "delivery") == before


async def test_what_is_in_doubt_stays_in_doubt_and_is_asked_for_soon(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    await plan(core, MONDAY + 3 * WEEK)
    await change(core, state="unknown", due_at=MONDAY + 3 * WEEK)

    await plan(core, SOON_AFTER)

    for row in await rows_of(core, "delivery"):
        assert row["state"] == "unknown"
        assert row["due_at"] <= SOON_AFTER + timedelta(minutes=5)


async def test_what_expired_in_its_own_time_stays_so(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    await change(core, state="expired", expires_at=MONDAY + timedelta(hours=1))
    await plan(core, MONDAY + timedelta(days=2))

    await plan(core, MONDAY + timedelta(hours=2))

    assert [row["state"] for row in await rows_of(core, "delivery")] == ["expired"]


async def test_what_was_put_off_by_somebody_keeps_its_time(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    later = MONDAY + timedelta(hours=1)
    await change(core, turn=1, due_at=later, state="expired")
    await plan(core, MONDAY + timedelta(days=1))

    await plan(core, SOON_AFTER)

    turns = {row["turn"]: row for row in (await check_ins(core))["2026-11-23T10:00"]}
    assert (turns[1]["state"], turns[1]["due_at"]) == (DeliveryState.PLANNED, later)


async def test_replicas_whose_clocks_differ_a_little_change_nothing(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY)
    await change(core, state="expired")

    for seconds in (-1, -20, -60):
        await plan(core, MONDAY + timedelta(seconds=seconds))

    assert [row["state"] for row in await rows_of(core, "delivery")] == ["expired"]
    assert await planned_until(core) == MONDAY


async def test_a_replica_far_ahead_and_one_that_is_right_send_nothing_twice(core: Core) -> None:
    """They undo each other's watermark at every tick; the rows stay one each."""
    await settle(core, [somebody(0)], BEFORE)
    for tick_number in range(20):
        now = BEFORE + timedelta(minutes=tick_number)
        await plan(core, now + timedelta(hours=3))
        await plan(core, now)
    found = await check_ins(core)
    assert {local_at: len(made) for local_at, made in found.items()} == {"2026-11-23T10:00": 1}


async def test_a_workspace_does_not_rest_until_the_time_that_was_jumped_to(core: Core) -> None:
    await settle(core, [somebody(0)], BEFORE)
    await plan(core, MONDAY + WEEK)
    async with core.database.writing() as session:
        table = METADATA.tables["workspace"]
        await session.execute(table.update().values(rested_at=MONDAY + WEEK))

    await plan(core, SOON_AFTER)

    rests = {row["id"]: row["rested_at"] for row in await rows_of(core, "workspace")}
    assert rests[PLAYGROUND] <= SOON_AFTER + timedelta(minutes=5)


async def test_nobody_misses_a_week_or_gets_one_twice_after_a_jump_of_a_month(
    world: World,
) -> None:
    """The whole way, with sending: 21 December is asked for in November, and not again."""
    await world.import_lines([line("ada", manager="")])
    world.clock.move_to(BEFORE - timedelta(hours=1))
    await world.launch()
    await world.live_until(MONDAY + timedelta(hours=2))
    world.clock.move_to(MONDAY + 4 * WEEK)
    await tick(world.core)
    world.clock.move_to(MONDAY + timedelta(hours=3))
    await world.live_until(MONDAY + 5 * WEEK - timedelta(days=1))

    found = await check_ins(world.core)
    assert sorted(found) == [f"2026-{day}T10:00" for day in
                             ("11-23", "11-30", "12-07", "12-14", "12-21")]  # fmt: skip
    assert all([row["state"] for row in made] == ["sent"] for made in found.values())
    keys = [post.key for post in world.inbox("ada")]
    assert len(keys) == len(set(keys))
    assert set(keys) >= {row["id"] for made in found.values() for row in made}
