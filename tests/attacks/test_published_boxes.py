from __future__ import annotations

from bot.store import rounds
from tests.attacks.place import Place
from tests.attacks.published_boxes import (
    RULES,
    STAFF,
    TAMPERING,
    VICTIMS,
    OurRounds,
    Unbound,
    copy_a_box,
    our_rounds,
)
from tests.attacks.published_stage import VALUES
from tests.attacks.verdict import at_least_by_chance
from tests.support.reading import words


async def test_a_copied_box_does_not_count_under_another_marker(place: Place) -> None:
    async with our_rounds(place) as design:
        verdict = await copy_a_box(design)
        assert design.ended is not None
        assert design.ended.unpublished_because == "box_damaged"
    assert not verdict.won
    assert at_least_by_chance(verdict.tried, verdict.tried, verdict.by_chance) < 1e-4


async def test_a_box_that_is_not_bound_to_its_marker_gives_its_answer_away() -> None:
    verdict = await copy_a_box(Unbound())
    assert verdict.won


async def test_whoever_tampers_ends_the_round_and_learns_nothing(place: Place) -> None:
    """Nothing is published, everybody is told so alike, and all is destroyed."""
    async with our_rounds(place) as design:
        for tampers, because in TAMPERING.items():
            await _everybody_answers(design)
            await tampers(design)
            await _check_ended(design, because)


async def _check_ended(design: OurRounds, because: str) -> None:
    row = await design.result()
    assert (row.outcome, row.mean_low_halves, row.n_low) == ("unpublished", None, None)
    assert design.ended is not None
    assert (design.ended.state, design.ended.unpublished_because) == (rounds.FINISHED, because)
    assert not await design.world.core.inbox.rounds()
    assert not await design.world.core.tallying_keys.rounds()
    told = await design.world.tap("boss", "summary.read", row.block_id)
    assert "could not be counted safely" in words(told.notice)


async def test_whoever_deletes_boxes_gets_a_band_of_enough_or_nothing(place: Place) -> None:
    """Deleting is like answering less: what is left is published as it would be, or too few."""
    async with our_rounds(place) as design:
        for left, outcome in ((RULES.answers, "published"), (RULES.answers - 1, "too_few")):
            await _everybody_answers(design)
            for mark, _ in (await design.boxes())[left:]:
                await design.delete(mark)
            row = await design.result()
            assert row.outcome == outcome
            assert row.n_low == (RULES.answers if outcome == "published" else None)


async def _everybody_answers(design: OurRounds) -> None:
    await design.open()
    for number, name in enumerate(VICTIMS):
        await design.answer(name, VALUES[number % len(VALUES)])
    assert len(VICTIMS) < len(STAFF)
