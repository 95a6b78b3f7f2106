"""The study, at its smallest."""

from __future__ import annotations

from bot.simulation import designs
from bot.simulation.findings import Knows
from bot.simulation.organisation import Shape
from bot.simulation.study import Case, Effort, cases, find

SMALL = Effort(blocks=24, places=6, years=4)


def test_ours_is_simulated_everywhere_and_all_else_where_it_can_be_compared() -> None:
    found = cases([12, 900, 20000], [0.08, 0.18])
    ours = {
        (case.shape.people, case.shape.turnover) for case in found if case.design is designs.OURS
    }
    assert ours == {(size, share) for size in (12, 900, 20000) for share in (0.08, 0.18)}
    others = [case for case in found if case.design is not designs.OURS]
    assert {case.shape.people for case in others} == {900}
    assert {designs.PLAIN, designs.PAIRWISE} <= {case.design for case in others}
    assert {case.knows for case in found} == set(Knows)
    assert len(found) == len(set(found))


def test_an_attacker_gains_from_exact_means_and_determines_people_and_not_from_our_bands() -> None:
    shape = Shape(250, 0.3)
    weak = find(Case(shape, designs.PLAIN, Knows.WHO_ANSWERED), SMALL, seed=1)
    ours = find(Case(shape, designs.OURS, Knows.WHO_ANSWERED), SMALL, seed=1)
    assert weak.determined
    assert weak.ruled_out
    assert weak.right_interval is not None
    assert weak.right_interval.low > 0.6
    assert not ours.determined
    assert ours.right is not None
    assert ours.right < 0.6
    assert ours.published > 0.9
    assert ours.blocks == weak.blocks == 24


def test_one_small_team_is_played_for_several_years() -> None:
    found = find(Case(Shape(12, 0.18), designs.OURS), SMALL, seed=1)
    assert 1 <= found.blocks <= 8
    assert 0 < found.published <= 1
