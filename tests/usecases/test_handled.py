from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.store.database import Database
from bot.usecases.core import Core
from bot.usecases.handled import first_time
from tests.support.clock import StillClock
from tests.support.tables import rows_of

LONG_ENOUGH_S = 30


async def test_what_is_told_twice_is_told_for_the_first_time_once(core: Core) -> None:
    assert [await first_time(core, "Ev1") for _ in range(3)] == [True, False, False]
    assert await first_time(core, "Ev2")


async def test_of_two_processes_that_ask_at_once_one_is_told_so(
    core: Core, database_url: str
) -> None:
    other = replace(core, database=Database(database_url))
    async with asyncio.timeout(LONG_ENOUGH_S):
        told = await asyncio.gather(
            *(first_time(one, f"Ev{number}") for number in range(5) for one in (core, other) * 2)
        )
    await other.database.close()
    assert sum(told) == 5


async def test_what_is_older_than_a_day_is_forgotten_on_the_way(
    core: Core, clock: StillClock
) -> None:
    await first_time(core, "Ev1")
    clock.move_by(hours=23)
    await first_time(core, "Ev2")
    assert not await first_time(core, "Ev1")
    clock.move_by(hours=2)
    assert await first_time(core, "Ev3")
    assert {row["id"] for row in await rows_of(core, "handled")} == {"Ev2", "Ev3"}


async def test_several_who_forget_at_once_do_not_hold_each_other_up(
    core: Core, database_url: str, clock: StillClock
) -> None:
    for number in range(20):
        await first_time(core, f"old{number}")
    clock.move_to(clock.now() + timedelta(days=2))
    other = replace(core, database=Database(database_url))
    async with asyncio.timeout(LONG_ENOUGH_S):
        told = await asyncio.gather(
            *(first_time(one, f"{n}-{i}") for n in range(8) for i, one in enumerate((core, other)))
        )
    await other.database.close()
    assert all(told)
    assert not [row for row in await rows_of(core, "handled") if row["id"].startswith("old")]
