from __future__ import annotations

from tests.attacks.place import Place
from tests.attacks.published_live import STAFF, RunningMean, our_round, read_every_number


async def test_nothing_that_is_shown_moves_while_people_answer(place: Place) -> None:
    async with our_round(place) as design:
        before = await design.shown()
        verdicts = await read_every_number(design)
        assert await design.shown() == before
        assert len(await design.world.core.inbox.boxes(design.round_id)) == len(STAFF)
    assert not any(verdict.won for verdict in verdicts)


async def test_live_counters_give_every_answer_away() -> None:
    what, who = await read_every_number(RunningMean())
    assert what.won
    assert who.won
