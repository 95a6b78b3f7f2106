from __future__ import annotations

from datetime import timedelta

from tests.attacks.place import Place
from tests.attacks.published_invented import (
    RULES,
    VICTIMS,
    CountedAtOnce,
    OurRoster,
    answer_for_the_invented,
    our_roster,
)
from tests.attacks.published_stage import TUESDAY_NOON
from tests.support.reading import words


async def test_invented_colleagues_are_not_counted_before_the_horizon(place: Place) -> None:
    async with our_roster(place) as design:
        assert not (await answer_for_the_invented(design)).won
        assert design.outcomes == {"rests"}

        day_before = TUESDAY_NOON + timedelta(weeks=RULES.horizon_weeks, days=-1)
        design.world.clock.move_to(day_before)
        assert "counted together" not in await _is_told(design)

        design.world.clock.move_to(day_before + timedelta(days=1))
        told = await _is_told(design)
        assert f"counted together with Team: {RULES.counted} people" in told


async def _is_told(design: OurRoster) -> str:
    """With whom a victim is counted, which they see before they answer."""
    return words((await design.world.tap(next(iter(VICTIMS)), "pulse.preview")).notice)


async def test_who_is_counted_at_once_is_surrounded_at_once() -> None:
    verdict = await answer_for_the_invented(CountedAtOnce())
    assert verdict.won
    assert verdict.right == verdict.tried
