from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.domain.bands import publish
from bot.domain.expectations import (
    SCALES,
    SMALL,
    Expectation,
    Sizes,
    finer_from,
    finest_small,
    longest_rest,
    sizes,
)
from bot.domain.gate import GateRules

RULES = GateRules()
AGREEMENT, ONS = SCALES


def group(people: int) -> Expectation:
    return Expectation(people, RULES)


@pytest.mark.parametrize("people", [0, 1, RULES.counted - 1])
def test_a_group_below_the_least_is_never_asked_and_shown_nothing(people: int) -> None:
    assert not group(people).is_asked
    assert [group(people).shown(scale) for scale in SCALES] == [(), ()]
    assert group(people).may_leave == people - RULES.counted


def test_the_smallest_group_is_shown_only_a_half_and_nobody_may_leave() -> None:
    (shown,) = group(RULES.counted).shown(AGREEMENT)
    assert shown.is_halves
    assert (shown.n_low, shown.n_high) == (RULES.answers, None)
    assert group(RULES.counted).may_leave == 0


def test_more_people_are_shown_more_bands_if_more_of_them_answer() -> None:
    people = finer_from(RULES)
    assert people is not None
    few, *_, many = group(people).shown(ONS)
    assert few.n_low == RULES.answers
    assert few.bands < many.bands


def test_more_insiders_leave_nothing_to_show_of_a_small_group() -> None:
    (shown,) = Expectation(8, replace(RULES, insiders=2)).shown(AGREEMENT)
    assert (shown.bands, shown.is_halves) == (1, False)


@pytest.mark.parametrize("people", [RULES.counted, 10, 11, 15, 16, 21, 22, 39, 40])
@pytest.mark.parametrize("scale", SCALES)
def test_what_is_expected_is_just_what_is_published(people: int, scale: tuple[int, int]) -> None:
    low, high = scale
    expected = {
        (one.n_low, one.n_high, start, end)
        for one in group(people).shown(scale)
        for start, end in zip((low, *one.cuts), (*one.cuts, high), strict=True)
    }
    published = set()
    for answers in range(RULES.answers, people + 1):
        for first in range(high - low + 1):
            for at_first in range(answers + 1):
                counts = [0] * (high - low + 1)
                counts[first] += at_first
                counts[min(first + 1, high - low)] += answers - at_first
                band = publish(counts, low, high, RULES, people)
                assert band is not None
                published.add((band.n_low, band.n_high, band.mean_low, band.mean_high))
    assert published == expected


def test_sizes_follow_one_another_until_a_group_is_no_longer_small() -> None:
    found = sizes(RULES)
    assert found[0] == Sizes(1, RULES.counted - 1)
    assert found[-1] == Sizes(SMALL * RULES.counted, None)
    for smaller, larger in pairwise(found):
        assert smaller.most is not None
        assert larger.fewest == smaller.most + 1


def test_within_a_size_the_same_can_be_shown() -> None:
    for some in sizes(RULES)[:-1]:
        assert some.most is not None
        for people in range(some.fewest, some.most + 1):
            assert group(people).shown(AGREEMENT) == group(some.fewest).shown(AGREEMENT)


def test_it_says_from_which_size_on_summaries_are_finer() -> None:
    people = finer_from(RULES)
    assert people is not None
    finest = [max(one.bands for one in group(n).shown(ONS)) for n in (people - 1, people)]
    assert finest[0] < finest[1]


@pytest.mark.parametrize(
    ("horizon", "spacing", "rest"), [(6, 8, 0), (7, 8, 0), (8, 8, 8), (9, 8, 9)]
)
def test_a_large_enough_group_rests_only_if_the_ledger_looks_back_to_the_same_question(
    horizon: int, spacing: int, rest: int
) -> None:
    rules = replace(RULES, horizon_weeks=horizon, spacing_weeks=spacing)
    assert longest_rest(rules) == rest


def test_the_most_that_is_told_of_a_small_group_is_what_its_largest_can_see() -> None:
    assert finest_small(RULES).is_halves
    assert finest_small(replace(RULES, counted=20)).bands == 3
