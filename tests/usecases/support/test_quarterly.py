from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.quarters import Quarter
from bot.errors import NotAllowed
from bot.store import support
from bot.usecases.support.desk import NOTED
from bot.usecases.support.quarterly import SHOWN, Happened, quarterly
from tests.support.desk import ask, pick_up, press
from tests.support.organisation import World

THIS = Quarter(2026, 4)


async def test_a_quarter_that_is_over_is_shown_in_bands(desk: World) -> None:
    for _ in range(6):
        await ask(desk, "ann")
        await press(desk, "ann", "support.withdraw")
    await ask(desk, "ann")
    await pick_up(desk)
    await press(desk, "ann", "support.close")
    desk.clock.move_to(datetime(2027, 1, 1, 0, 0, tzinfo=UTC))
    shown = {each.what: (each.low, each.high) for each in await quarterly(desk.core, THIS)}
    assert shown["ask"] == (5, 9)
    assert shown["withdraw"] == (5, 9)
    assert shown["claim"] == (0, 4)
    assert shown["reveal"] == (0, 4)


async def test_one_that_is_not_over_is_not_shown(desk: World) -> None:
    """Two looks at one that grows would tell what happened in between."""
    desk.clock.move_to(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    with pytest.raises(NotAllowed, match="isn't over yet"):
        await quarterly(desk.core, THIS)


async def test_it_is_the_same_whenever_it_is_looked_at(desk: World) -> None:
    desk.clock.move_to(datetime(2026, 12, 30, 10, 0, tzinfo=UTC))
    await ask(desk, "ann")
    await desk.live_until(datetime(2027, 1, 1, 9, 0, tzinfo=UTC))
    first = await quarterly(desk.core, THIS)
    await desk.live_until(desk.clock.now() + timedelta(days=20))
    assert await quarterly(desk.core, THIS) == first


async def test_nought_and_a_few_look_alike(desk: World) -> None:
    async with desk.core.database.writing() as session:
        for number in range(4):
            await support.note_day(session, str(number), date(2026, 5, 4), "harm")
    assert Happened("harm", 0, 4) in await quarterly(desk.core, Quarter(2026, 2))
    assert Happened("harm", 0, 4) in await quarterly(desk.core, Quarter(2026, 3))


def test_all_that_is_noted_is_shown() -> None:
    assert set(NOTED) <= set(SHOWN)
