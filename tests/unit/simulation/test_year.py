"""A simulated year publishes what its design says, and the designs differ as they should."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from bot.domain.bands import Band
from bot.simulation import designs
from bot.simulation.designs import Design
from bot.simulation.organisation import WEEKS, Shape
from bot.simulation.releases import Release, Year
from bot.simulation.sums import determined, insiders_of
from bot.simulation.year import play
from tests.unit.domain.attackers import singled_out

SHAPE = Shape(150, 0.18)


@pytest.fixture(scope="module")
def ours() -> Year:
    return play(SHAPE, designs.OURS, seed=1)


def mean_of(year: Year, release: Release) -> Fraction:
    answers = [year.answers[one][release.question] for one in release.answered]
    return Fraction(sum(answers), len(answers))


def published(year: Year) -> float:
    return len(year.releases) / year.asked


@pytest.mark.parametrize(
    "design",
    [designs.OURS, designs.AFRESH, designs.NARROW, designs.PLAIN, designs.PAIRWISE],
    ids=lambda design: design.name,
)
def test_what_is_shown_is_true(design: Design) -> None:
    year = play(Shape(60, 0.3), design, seed=3)
    assert year.releases
    for release in year.releases:
        assert release.low <= mean_of(year, release) <= release.high
        assert release.answered <= release.counted


def test_nobody_is_counted_twice_in_a_week(ours: Year) -> None:
    counted = Counter(
        (release.week, release.question, one)
        for release in ours.releases
        for one in release.counted
    )
    assert set(counted.values()) == {1}


def test_a_question_comes_back_after_ten_weeks(ours: Year) -> None:
    weeks = sorted({release.week for release in ours.releases if release.question == 3})
    assert {later - earlier for earlier, later in pairwise(weeks)} == {10}
    assert max(release.week for release in ours.releases) == WEEKS - 1


def test_joiners_are_counted_after_six_weeks_only() -> None:
    year = play(Shape(300, 0.3, reorganises=False), designs.OURS, seed=1)
    first = {release.week: release.counted for release in year.releases if release.week < 6}
    newcomers = {one for one in year.answers if int(one.removeprefix("p")) >= 300}
    assert newcomers
    assert all(not newcomers & counted for counted in first.values())


def test_most_is_published_and_a_ledger_of_everything_costs_much_of_it(ours: Year) -> None:
    assert published(ours) > 0.9
    for costly in (designs.ONE_LEDGER, designs.LONG_HORIZON, designs.CLOSE_TOGETHER):
        assert published(play(SHAPE, costly, seed=1)) < 0.9


def test_sets_within_a_horizon_single_nobody_out(ours: Year) -> None:
    for question in range(20):
        asked = [release for release in ours.releases if release.question == question]
        for release in asked:
            near = {one.counted for one in asked if 0 <= release.week - one.week <= 6}
            assert singled_out(near, insiders=0) == set()


def test_exact_means_behind_a_plain_threshold_determine_people_and_ours_nobody(ours: Year) -> None:
    for weak in (designs.PLAIN, designs.PAIRWISE):
        year = play(SHAPE, weak, seed=1)
        assert determined(year, insiders_of(year.releases, 1, seed=1))
    assert determined(ours, insiders_of(ours.releases, 1, seed=1)) == frozenset()


def test_our_bands_mostly_stay_as_they_are(ours: Year) -> None:
    narrow = play(SHAPE, designs.NARROW, seed=1)
    assert moves(ours) < 0.5 * moves(narrow)


def moves(year: Year) -> float:
    """How often a result says that the mean isn't where the one before said that it was."""
    shown: dict[tuple[str, int], list[Release]] = {}
    for release in year.releases:
        shown.setdefault((release.block, release.question), []).append(release)
    apart = [
        one.high <= other.low or other.high <= one.low
        for found in shown.values()
        for one, other in pairwise(found)
    ]
    return sum(apart) / len(apart)


def test_a_held_band_shows_as_far_as_it_would_have_been_left() -> None:
    earlier = Band(Fraction(3), Fraction(5), 8, 15)
    held = designs.held_bands((0, 1, 7, 0, 0), 20, earlier)
    left = designs.held_bands((0, 8, 0, 0, 0), 20, earlier)
    assert held is not None
    assert left is not None
    assert (held.low, held.high) == (Fraction("2.26"), Fraction(5))
    assert (left.low, left.high) == (Fraction(1), Fraction("2.26"))


def test_narrow_bands_are_half_points_that_rule_no_answer_out() -> None:
    shown = designs.narrow_bands((0, 0, 4, 4, 0), 20, None)
    assert shown is not None
    assert (shown.low, shown.high) == (Fraction("3.5"), Fraction(4))
    assert designs.narrow_bands((0, 0, 2, 2, 0), 20, None) is None
