"""What the person who runs the bot sees of sending, and what they may do by hand."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.outcomes import Changed, Choice, Outcomes, blurred, exact
from bot.errors import NotAllowed, Undeliverable
from bot.store import deliveries as store
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.outcomes import (
    expire,
    expire_for,
    overview,
    overview_for,
    retry,
    retry_for,
)
from tests.support.organisation import World, line, team_of
from tests.support.sendings import deliveries, occurrence, workspace
from tests.support.tables import rows_of
from tests.support.ticking import tick

WEEKLY, DAILY, PULSE = "check-in-weekly", "check-in-daily", "pulse"
PLANNED, CLAIMED, SENT = DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENT
UNKNOWN, FAILED = DeliveryState.UNKNOWN, DeliveryState.FAILED
EXPIRED, SKIPPED = DeliveryState.EXPIRED, DeliveryState.SKIPPED
HOUR = timedelta(hours=1)
WITHIN_S = 30

Act = Callable[[Core, str, Choice], Awaitable[Changed]]


class Bell:
    """A work queue that only notes who was woken."""

    def __init__(self) -> None:
        self.woken: list[str] = []

    async def enqueue(self, workspace_ids: object, connection: object) -> None: ...

    async def wake(self, workspace_id: str) -> None:
        self.woken.append(workspace_id)

    async def rest(self) -> None: ...


async def only(core: Core) -> Outcomes:
    (one,) = (await overview(core)).outcomes
    return one


async def states(core: Core) -> dict[str, int]:
    return dict(Counter(row["state"] for row in await rows_of(core, "delivery")))


# --- what is seen ----------------------------------------------------------------------------


async def test_there_is_nothing_to_see_before_anything_was_due(core: Core) -> None:
    seen = await overview(core)
    assert seen.outcomes == ()
    assert seen.running == ()
    assert seen.lag is None
    assert [one.workspace_id for one in seen.workspaces] == [PLAYGROUND]


async def test_one_firing_is_counted_over_all_its_zones(core: Core) -> None:
    london = await occurrence(core, WEEKLY)
    cairo = await occurrence(core, WEEKLY, zone="Africa/Cairo")
    await deliveries(core, london, 7, SENT)
    await deliveries(core, cairo, 3, SENT)
    await deliveries(core, cairo, 2, FAILED, "undeliverable")
    one = await only(core)
    assert (one.programme_id, one.local_at) == (WEEKLY, "2026-11-23T10:00")
    assert one.sent == exact(10)
    assert one.failed == {"undeliverable": exact(2)}
    assert one.progress == 100
    assert not one.is_running


async def test_every_state_has_its_count(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 10, SENT)
    await deliveries(core, firing, 6, PLANNED)
    await deliveries(core, firing, 5, PLANNED, due_in=HOUR)
    await deliveries(core, firing, 2, CLAIMED)
    await deliveries(core, firing, 1, UNKNOWN)
    await deliveries(core, firing, 1, EXPIRED)
    await deliveries(core, firing, 8, SKIPPED, "day_off")
    one = await only(core)
    assert [one.sent, one.waiting, one.later, one.in_hand, one.unknown] == [
        exact(10), exact(6), exact(5), exact(2), exact(1),
    ]  # fmt: skip
    assert one.expired == {"": exact(1)}
    assert one.skipped == {"day_off": exact(8)}
    assert one.is_running
    assert one.progress == 55  # 11 done of the 20 that are due by now


async def test_what_is_planned_for_later_is_not_under_way(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 3, PLANNED, due_in=HOUR)
    seen = await overview(core)
    assert seen.running == ()
    assert seen.outcomes[0].progress is None


async def test_the_latest_firing_comes_first_and_old_ones_are_left_out(core: Core) -> None:
    now = core.clock.now()
    for days in (8, 2, 1):
        await deliveries(
            core,
            await occurrence(
                core,
                DAILY,
                due_at=now - timedelta(days=days),
                local_at=f"2026-11-{23 - days}T09:30",
            ),
            1,
            SENT,
        )
    seen = await overview(core)
    assert [one.local_at for one in seen.outcomes] == ["2026-11-22T09:30", "2026-11-21T09:30"]


async def test_a_firing_that_was_skipped_for_being_too_late_is_seen(core: Core) -> None:
    await occurrence(core, DAILY, was_skipped=True)
    one = await only(core)
    assert one.missed_in == 1
    assert one.sent == exact(0)


async def test_the_lag_is_that_of_the_longest_due(core: Core) -> None:
    await workspace(core, "T1")
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 2, PLANNED, due_in=-timedelta(minutes=3))
    await deliveries(core, firing, 2, PLANNED, workspace_id="T1", due_in=-timedelta(minutes=20))
    await deliveries(core, firing, 1, UNKNOWN, due_in=-HOUR)
    await deliveries(core, firing, 1, PLANNED, workspace_id="T1", due_in=HOUR)
    seen = await overview(core)
    lags = {one.workspace_id: one.lag for one in seen.workspaces}
    assert lags == {PLAYGROUND: timedelta(minutes=3), "T1": timedelta(minutes=20)}
    assert seen.lag == timedelta(minutes=20)


async def test_a_workspace_that_was_asked_to_wait_says_until_when(core: Core) -> None:
    now = core.clock.now()
    await workspace(core, "T1", rested_at=now + timedelta(seconds=30), pace=0.5)
    await workspace(core, "T2", rested_at=now - timedelta(seconds=30))
    paces = {one.workspace_id: one for one in (await overview(core)).workspaces}
    assert (paces["T1"].share, paces["T1"].rests_until) == (0.5, now + timedelta(seconds=30))
    assert (paces["T2"].share, paces["T2"].rests_until) == (1.0, None)


# --- what must not be seen -------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [(1, 4), (5, 7), (8, 15), (16, 29), (30, 4000)])
async def test_how_many_opted_in_to_a_pulse_is_seen_as_a_band_only(
    core: Core, first: int, second: int
) -> None:
    for number, at in ((first, "2026-11-23T10:00"), (second, "2026-11-23T11:00")):
        firing = await occurrence(core, PULSE, local_at=at)
        await deliveries(core, firing, number, SENT)
    one, other = (asdict(replace(one, local_at="")) for one in (await overview(core)).outcomes)
    assert one == other


@pytest.mark.parametrize("state", [PLANNED, CLAIMED, UNKNOWN, FAILED, EXPIRED, SKIPPED])
async def test_no_count_of_a_pulse_is_exact(core: Core, state: DeliveryState) -> None:
    for number, at in ((2, "2026-11-23T10:00"), (3, "2026-11-23T11:00")):
        firing = await occurrence(core, PULSE, local_at=at)
        await deliveries(core, firing, number, state)
        await deliveries(core, firing, number, SENT)
    one, other = (asdict(replace(one, local_at="")) for one in (await overview(core)).outcomes)
    assert one == other


async def test_the_progress_of_a_small_pulse_gives_no_numbers_away(core: Core) -> None:
    firing = await occurrence(core, PULSE)
    await deliveries(core, firing, 2, SENT)
    await deliveries(core, firing, 1, PLANNED)
    one = await only(core)
    assert one.is_running
    assert one.progress is None


async def test_the_progress_of_a_large_pulse_goes_in_tenths(core: Core) -> None:
    firing = await occurrence(core, PULSE)
    await deliveries(core, firing, 37, SENT)
    await deliveries(core, firing, 3, PLANNED)
    assert (await only(core)).progress == 90


async def test_a_programme_that_is_no_longer_known_is_treated_as_a_pulse(core: Core) -> None:
    firing = await occurrence(core, "pulse-of-last-year")
    await deliveries(core, firing, 3, SENT)
    assert (await only(core)).sent == blurred(3)


async def test_one_person_on_leave_is_not_a_number(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 9, SENT)
    await deliveries(core, firing, 1, SKIPPED, "paused")
    assert (await only(core)).skipped == {"paused": blurred(2)}


async def test_nobody_can_be_found_in_an_overview(world: World) -> None:
    await world.import_lines(team_of(3))
    await world.launch()
    world.clock.move_by(hours=1)
    world.platform.refusals = [Undeliverable()]
    await tick(world.core)
    seen = await overview(world.core)
    assert seen.outcomes[0].failed == {"undeliverable": exact(1)}
    people = await rows_of(world.core, "person")
    told = json.dumps(asdict(seen), default=str).lower()
    for person in people:
        for secret in (person["id"], person["name"], person["email"], person["ledger_id"]):
            assert secret.lower() not in told


@pytest.mark.parametrize("act", [retry_for, expire_for])
async def test_only_an_admin_may_change_anything(world: World, act: Act) -> None:
    await world.import_lines([line("ada", manager=""), line("root", manager="", roles="admin")])
    firing = await occurrence(world.core, WEEKLY)
    await deliveries(world.core, firing, 2, FAILED, "refused")
    core = replace(world.core, queue=Bell())
    for stranger in (world.ids["ada"], "nobody"):
        with pytest.raises(NotAllowed):
            await act(core, stranger, Choice())
    assert await states(core) == {FAILED: 2}
    await act(core, world.ids["root"], Choice())
    assert FAILED not in await states(core)


async def test_only_an_admin_sees_how_sending_goes(world: World) -> None:
    await world.import_lines([line("ada", manager=""), line("root", manager="", roles="admin")])
    assert (await overview_for(world.core, world.ids["root"])).outcomes == ()
    with pytest.raises(NotAllowed):
        await overview_for(world.core, world.ids["ada"])


# --- trying again ----------------------------------------------------------------------------


async def test_what_failed_is_sent_once_it_is_tried_again(world: World) -> None:
    await world.import_lines(team_of(2))
    await world.launch()
    world.clock.move_by(hours=1)
    world.platform.refusals = [Undeliverable()]
    await tick(world.core)
    assert await states(world.core) == {SENT: 2, FAILED: 1}

    changed = await retry(world.core, Choice())
    async with asyncio.timeout(WITHIN_S):
        await world.core.queue.rest()

    assert changed.programmes == (("welcome", exact(1)),)
    assert await states(world.core) == {SENT: 3}
    assert [len(world.inbox(name)) for name in world.ids] == [1, 1, 1]


async def test_trying_again_twice_is_as_good_as_once(core: Core) -> None:
    bell = Bell()
    core = replace(core, queue=bell)
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 4, FAILED, "refused")
    assert (await retry(core, Choice())).programmes == ((WEEKLY, exact(4)),)
    before = await rows_of(core, "delivery")
    assert not await retry(core, Choice())
    assert await rows_of(core, "delivery") == before
    assert bell.woken == [PLAYGROUND]


async def test_only_the_workspaces_concerned_are_woken(core: Core) -> None:
    bell = Bell()
    core = replace(core, queue=bell)
    await workspace(core, "T1")
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 2, FAILED, "refused", workspace_id="T1")
    await deliveries(core, firing, 2, SENT)
    await retry(core, Choice())
    assert bell.woken == ["T1"]


async def test_what_is_too_late_is_not_tried_again(core: Core) -> None:
    core = replace(core, queue=Bell())
    firing = await occurrence(core, WEEKLY, due_at=core.clock.now() - 5 * HOUR, late=5 * HOUR)
    await deliveries(core, firing, 2, FAILED, "refused")
    assert not await retry(core, Choice())
    assert await states(core) == {FAILED: 2}


async def test_what_may_have_been_sent_is_never_touched_by_hand(core: Core) -> None:
    core = replace(core, queue=Bell())
    firing = await occurrence(core, WEEKLY)
    untouchable = (SENT, CLAIMED, UNKNOWN, SKIPPED, EXPIRED)
    for state in untouchable:
        await deliveries(core, firing, 2, state)
    before = await rows_of(core, "delivery")
    assert not await retry(core, Choice())
    assert not await expire(core, Choice())
    assert await rows_of(core, "delivery") == before


async def test_what_is_tried_again_starts_afresh(core: Core) -> None:
    core = replace(core, queue=Bell())
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 1, FAILED, "gave_up", due_in=-HOUR)
    await retry(core, Choice())
    (row,) = await rows_of(core, "delivery")
    assert (row["reason"], row["losses"], row["due_at"]) == ("", 0, core.clock.now())
    assert row["epoch"] == 1  # grows with the next claim


async def test_one_reason_of_one_firing_can_be_chosen(core: Core) -> None:
    core = replace(core, queue=Bell())
    at_ten = await occurrence(core, WEEKLY)
    at_nine = await occurrence(core, WEEKLY, local_at="2026-11-23T09:00")
    daily = await occurrence(core, DAILY)
    for firing in (at_ten, at_nine, daily):
        await deliveries(core, firing, 1, FAILED, "refused")
        await deliveries(core, firing, 1, FAILED, "undeliverable")
    changed = await retry(core, Choice(WEEKLY, "2026-11-23T10:00", "refused"))
    assert changed.programmes == ((WEEKLY, exact(1)),)
    rows = await rows_of(core, "delivery")
    assert [row["occurrence_id"] for row in rows if row["state"] == PLANNED] == [at_ten]


async def test_how_many_of_a_pulse_were_changed_is_a_band_too(core: Core) -> None:
    core = replace(core, queue=Bell())
    firing = await occurrence(core, PULSE)
    await deliveries(core, firing, 2, FAILED, "refused")
    assert str(await retry(core, Choice())) == "pulse (fewer than 5)"
    assert str(await expire(core, Choice())) == "pulse (fewer than 5)"


# --- calling off -----------------------------------------------------------------------------


async def test_what_waits_or_failed_can_be_called_off(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 3, PLANNED)
    await deliveries(core, firing, 2, PLANNED, due_in=HOUR)
    await deliveries(core, firing, 1, FAILED, "refused")
    await deliveries(core, firing, 1, CLAIMED)
    changed = await expire(core, Choice(WEEKLY))
    assert changed.programmes == ((WEEKLY, exact(6)),)
    assert await states(core) == {EXPIRED: 6, CLAIMED: 1}
    assert (await only(core)).expired == {"by_hand": exact(6)}
    assert not await expire(core, Choice(WEEKLY))


async def test_what_a_worker_claims_at_the_same_time_is_never_called_off(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 200, PLANNED)
    claimed: list[store.Claim] = []

    async def work() -> None:
        for _ in range(10):
            async with core.database.writing() as session:
                claimed.extend(await store.claim(session, PLAYGROUND, core.clock.now(), 5))

    async with asyncio.timeout(WITHIN_S):
        await asyncio.gather(work(), *(expire(core, Choice()) for _ in range(4)))

    found = {row["id"]: row["state"] for row in await rows_of(core, "delivery")}
    assert {found[claim.delivery_id] for claim in claimed} <= {CLAIMED}
    assert list(found.values()).count(CLAIMED) == len(claimed)
    assert set(found.values()) <= {CLAIMED, EXPIRED}


@pytest.mark.parametrize("each_database", ["postgresql"], indirect=True)
async def test_calling_off_does_not_wait_for_a_worker(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 10, PLANNED)
    async with asyncio.timeout(WITHIN_S), core.database.writing() as session:
        claims = await store.claim(session, PLAYGROUND, core.clock.now(), 4)
        assert len(claims) == 4
        assert (await expire(core, Choice())).programmes == ((WEEKLY, exact(6)),)
    assert await states(core) == {CLAIMED: 4, EXPIRED: 6}


async def test_calling_off_a_reason_leaves_what_waits(core: Core) -> None:
    firing = await occurrence(core, WEEKLY)
    await deliveries(core, firing, 3, PLANNED)
    await deliveries(core, firing, 2, FAILED, "undeliverable")
    await expire(core, Choice(reason="undeliverable"))
    assert await states(core) == {PLANNED: 3, EXPIRED: 2}


async def test_nobody_gets_what_was_called_off(world: World) -> None:
    await world.import_lines(team_of(2))
    await world.launch()
    world.clock.move_by(hours=1)
    world.platform.refusals = [Undeliverable()]
    await tick(world.core)
    await expire(world.core, Choice())
    assert not await retry(world.core, Choice())
    await tick(world.core)
    assert await states(world.core) == {SENT: 2, EXPIRED: 1}
