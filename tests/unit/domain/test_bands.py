from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bands import Band, Change, chance, change, cut_points, held_between, n_band, publish
from bot.domain.gate import GateRules

RULES = GateRules()
Counts = tuple[int, ...]
Publisher = Callable[[Sequence[int], int, int, GateRules], object]


def counts_of(*answers: int, low: int = 1, high: int = 5) -> Counts:
    return tuple(answers.count(value) for value in range(low, high + 1))


def band(low: str, high: str, n_low: int, n_high: int | None = None) -> Band:
    return Band(Fraction(low), Fraction(high), n_low, n_high)


# --- how many answered ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (5, (5, 7)),
        (7, (5, 7)),
        (8, (8, 15)),
        (15, (8, 15)),
        (16, (16, 29)),
        (29, (16, 29)),
        (30, (30, None)),
        (4000, (30, None)),
    ],
)
def test_how_many_answered_is_published_as_a_band(n: int, expected: tuple[int, int | None]) -> None:
    assert n_band(n, RULES.answers) == expected


@pytest.mark.parametrize(
    ("fewest", "n", "expected"),
    [
        (6, 6, (6, 15)),
        (7, 7, (7, 15)),
        (8, 9, (8, 15)),
        (13, 13, (13, 15)),
        (14, 14, (14, 29)),
        (28, 28, (28, None)),
        (40, 41, (40, None)),
    ],
)
def test_a_raised_rule_never_leaves_a_band_that_says_exactly_how_many(
    fewest: int, n: int, expected: tuple[int, int | None]
) -> None:
    assert n_band(n, fewest) == expected


def test_no_band_says_that_everybody_answered_if_it_is_told_how_many_could() -> None:
    for counted in range(RULES.counted, 60):
        bands = {n_band(n, RULES.answers, counted) for n in range(RULES.answers, counted + 1)}
        assert all(low == RULES.answers or counted - low >= counted / 4 for low, _ in bands)


@pytest.mark.parametrize(
    ("counted", "n", "expected"),
    [
        (8, 5, (5, None)),
        (8, 8, (5, None)),
        (9, 9, (5, None)),
        (10, 7, (5, None)),
        (10, 10, (5, None)),
        (11, 7, (5, 7)),
        (11, 11, (8, 15)),
        (21, 7, (5, 7)),
        (21, 8, (8, None)),
        (21, 21, (8, None)),
        (22, 15, (8, 15)),
        (22, 16, (16, 29)),
    ],
)
def test_a_band_that_only_everybody_could_reach_joins_the_one_below(
    counted: int, n: int, expected: tuple[int, int | None]
) -> None:
    assert n_band(n, RULES.answers, counted) == expected


@given(st.integers(5, 200), st.integers(5, 50), st.none() | st.integers(8, 300))
def test_a_band_holds_the_number_it_is_for(n: int, fewest: int, counted: int | None) -> None:
    if n < fewest or (counted is not None and n > counted):
        return
    low, high = n_band(n, fewest, counted)
    assert fewest <= low <= n
    assert high is None or (n <= high and high - low >= 2)


# --- the band of the mean ------------------------------------------------------------------


def halves(*points: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(point) for point in points)


@pytest.mark.parametrize(
    ("n_low", "cuts"),
    [
        (5, halves("3")),
        (8, halves("3")),
        (16, halves("2.5", "3.5")),
        (30, halves("2", "3", "4")),
        (1000, halves("2", "3", "4")),
    ],
)
def test_the_more_answered_the_more_bands_there_are(n_low: int, cuts: tuple[Fraction, ...]) -> None:
    assert cut_points(1, 5, n_low, insiders=1) == cuts


@pytest.mark.parametrize("n", range(5, 100))
def test_bands_are_twice_as_wide_as_chance(n: int) -> None:
    ends = (Fraction(1), *cut_points(1, 5, n, insiders=1), Fraction(5))
    narrowest = min(high - low for low, high in pairwise(ends))
    # Thirds of the scale end on the next half points.
    assert narrowest + Fraction(1, 3) >= 2 * chance(4, n)


def test_a_cut_point_may_lie_on_the_upper_margin_and_not_on_the_lower() -> None:
    """With n = 32 and 7 insiders the margin is 1: means of exactly 2 and 4 are on it."""
    assert cut_points(1, 5, 32, insiders=7) == halves("3", "4")


def test_many_insiders_leave_no_cut_point_at_all() -> None:
    assert cut_points(1, 5, 5, insiders=2) == ()
    assert publish(counts_of(*[1] * 6), 1, 5, GateRules(insiders=2)) == band("1", "5", 5, 7)


def test_fewer_than_five_answers_are_too_few() -> None:
    assert publish(counts_of(1, 2, 3, 4), 1, 5, RULES) is None
    assert publish((0, 0, 0, 0, 0), 1, 5, RULES) is None
    assert publish(counts_of(1, 2, 3, 4, 5), 1, 5, RULES) is not None


def test_a_raised_rule_makes_more_answers_too_few() -> None:
    assert publish(counts_of(1, 2, 3, 4, 5, 5), 1, 5, GateRules(answers=7)) is None


def test_a_mean_on_a_cut_point_belongs_to_the_band_above() -> None:
    assert publish(counts_of(3, 3, 3, 3, 3), 1, 5, RULES) == band("3", "5", 5, 7)
    assert publish(counts_of(3, 3, 3, 3, 2), 1, 5, RULES) == band("1", "3", 5, 7)


def test_all_at_the_top_or_bottom_are_within_the_last_bands() -> None:
    assert publish(counts_of(*[5] * 8), 1, 5, RULES) == band("3", "5", 8, 15)
    assert publish(counts_of(*[1] * 8), 1, 5, RULES) == band("1", "3", 8, 15)


def test_a_scale_from_nought_to_ten_has_its_own_cut_points() -> None:
    assert publish(counts_of(*[7] * 9, low=0, high=10), 0, 10, RULES) == band("5", "10", 8, 15)


def test_a_group_told_how_many_could_answer_gets_the_wider_bands() -> None:
    answers = counts_of(*[5] * 8)
    assert publish(answers, 1, 5, RULES, counted=8) == band("3", "5", 5, None)


@pytest.mark.parametrize("counts", [(), (1, 2, 3), (6, 0, 0, 0, -1)])
def test_counts_that_do_not_fit_the_scale_are_refused_without_being_named(counts: Counts) -> None:
    with pytest.raises(ValueError, match="one count for each value") as refused:
        publish(counts, 1, 5, RULES)
    assert not any(digit in str(refused.value) for digit in "0123456789")


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=11),
    st.integers(-2, 3),
    st.integers(1, 3),
    st.integers(5, 9),
)
def test_the_published_band_holds_the_mean_and_ends_on_half_points(
    counts: list[int], low: int, insiders: int, answers: int
) -> None:
    high = low + len(counts) - 1
    published = publish(counts, low, high, GateRules(insiders=insiders, answers=answers))
    n = sum(counts)
    if n < answers:
        assert published is None
        return
    assert published is not None
    mean = Fraction(sum((low + i) * count for i, count in enumerate(counts)), n)
    assert low <= published.mean_low <= mean <= published.mean_high <= high
    assert mean < published.mean_high or published.mean_high == high
    assert (published.mean_low * 2).denominator == (published.mean_high * 2).denominator == 1
    assert published.n_low <= n
    assert published.n_high is None or n <= published.n_high


# --- a band that holds ----------------------------------------------------------------------


HELD = band("3", "5", 8, 15)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (counts_of(3, 3, 3, 3, 3, 3, 3, 2), HELD),  # 2.875 is below 3, and within chance of it
        (counts_of(2, 2, 2, 2, 2, 3, 3, 3), HELD),  # 2.375, too
        (counts_of(2, 2, 2, 2, 2, 2, 3, 3), band("1", "3", 8, 15)),  # 2.25 isn't
        (counts_of(*[5] * 8), HELD),
        (counts_of(*[3] * 16), band("3", "5", 16, 29)),
        (counts_of(2, 3, 3, 3, 3), band("3", "5", 5, 7)),
        (counts_of(1, 3, 3, 3, 3), band("1", "3", 5, 7)),  # among so few it's left at 2.6
    ],
)
def test_a_band_holds_until_the_mean_has_clearly_left_it(counts: Counts, expected: Band) -> None:
    assert publish(counts, 1, 5, RULES, earlier=HELD) == expected


def test_a_band_that_holds_says_how_many_answered_this_time() -> None:
    answers = counts_of(*[4] * 20)
    assert publish(answers, 1, 5, RULES, earlier=HELD) == band("3", "5", 16, 29)


def test_fewer_than_five_answers_are_too_few_whatever_held() -> None:
    assert publish(counts_of(4, 4, 4, 4), 1, 5, RULES, earlier=HELD) is None


def test_a_band_is_not_kept_where_leaving_it_would_rule_an_answer_out() -> None:
    """Among five, a mean below 2.6 is impossible if somebody and an insider said 5."""
    many = band("2", "3", 30)
    assert held_between(many, 1, 5, 5, insiders=1) is None
    assert publish(counts_of(*[1] * 5), 1, 5, RULES, earlier=many) == band("1", "3", 5, 7)


def test_a_band_that_ends_where_the_scale_does_can_not_be_left_there() -> None:
    assert held_between(band("1", "5", 5), 1, 5, 30, insiders=1) == halves("0", "6")


@pytest.mark.parametrize(
    ("earlier", "counts", "expected"),
    [
        # Five with a mean of 3 left a band that was left at 3.07: then 3 to 5 would mean 3.
        (band("4", "5", 30), counts_of(3, 3, 3, 3, 3), band("3", "5", 5, 7)),
        (band("4", "5", 30), counts_of(4, 4, 4, 4, 4), band("3", "5", 5, 7)),
        (band("1", "2", 30), counts_of(3, 3, 3, 3, 3), band("3", "5", 5, 7)),
        # Thirty with a mean just below 4 left a band that was left at 3.93.
        (band("1", "3", 5, 7), counts_of(*[4] * 29, 3), band("3", "4", 30)),
        (band("1", "3", 5, 7), counts_of(*[3] * 30), band("3", "4", 30)),
        (band("3", "5", 5, 7), counts_of(*[2] * 29, 3), band("2", "3", 30)),
        (band("3", "5", 5, 7), counts_of(*[4] * 30), band("4", "5", 30)),
    ],
)
def test_a_band_is_not_kept_where_leaving_it_would_tell_the_mean(
    earlier: Band, counts: Counts, expected: Band
) -> None:
    assert held_between(earlier, 1, 5, expected.n_low, insiders=1) is None
    assert publish(counts, 1, 5, RULES, earlier=earlier) == expected


SCALES = ((1, 5), (0, 10), (1, 7))


@pytest.mark.parametrize("insiders", [1, 2, 3])
@pytest.mark.parametrize(("low", "high"), SCALES)
def test_leaving_a_band_never_tells_a_mean_to_a_tenth_of_the_scale(
    low: int, high: int, insiders: int
) -> None:
    for before, n in product((5, 8, 16, 17, 30), (5, 6, 8, 12, 16, 17, 28, 30)):
        for earlier in _bands_among(before, low, high):
            held = held_between(earlier, low, high, n, insiders)
            if held is not None:
                assert _least_told_by_leaving(held, low, high, n, insiders) >= Fraction(
                    high - low, 10
                )


def _bands_among(n_low: int, low: int, high: int) -> list[Band]:
    ends = (Fraction(low), *cut_points(low, high, n_low, insiders=1), Fraction(high))
    return [Band(*pair, n_low, None) for pair in pairwise(ends)]


def _least_told_by_leaving(
    held: tuple[Fraction, Fraction], low: int, high: int, n_low: int, insiders: int
) -> Fraction:
    """How wide the narrowest piece of a new band is that isn't within the held one's ends."""
    left, right = held
    ends = (Fraction(low), *cut_points(low, high, n_low, insiders), Fraction(high))
    below = (min(end, left) - start for start, end in pairwise(ends) if start <= left)
    above = (end - max(start, right) for start, end in pairwise(ends) if end > right)
    return min([*below, *above], default=Fraction(high - low))


def test_a_band_that_is_left_at_a_cut_point_would_tell_that_very_mean() -> None:
    """What is chance among 17 is 0.5, and 2 is where a band of theirs begins: it would hold 2."""
    assert chance(4, 17) == Fraction(1, 2)
    assert Fraction(2) in cut_points(1, 5, 17, insiders=1)
    assert held_between(band("3", "5", 17), 1, 5, 17, insiders=1) is not None
    assert held_between(band("2.5", "5", 17), 1, 5, 17, insiders=1) is None


@pytest.mark.parametrize("n_low", [5, 8, 16, 30])
@pytest.mark.parametrize(("low", "high"), SCALES)
def test_a_band_can_be_kept_by_a_group_that_is_as_large_as_before(
    low: int, high: int, n_low: int
) -> None:
    bands = _bands_among(n_low, low, high)
    assert len(bands) > 1
    assert all(held_between(each, low, high, n_low, insiders=1) for each in bands)


@pytest.mark.parametrize(
    "earlier", [band("1", "3", 8, 15), band("2.5", "3.5", 16), band("3", "4", 30)]
)
@pytest.mark.parametrize("n", [5, 8, 16])
def test_a_mean_is_never_further_than_chance_from_the_band_that_is_shown(
    earlier: Band, n: int
) -> None:
    for counts in all_counts(n, 5) if n < 16 else [counts_of(*[v] * 16) for v in range(1, 6)]:
        shown = publish(counts, 1, 5, RULES, earlier=earlier)
        assert shown is not None
        mean = 1 + Fraction(sum(i * count for i, count in enumerate(counts)), n)
        assert shown.mean_low - chance(4, 5) <= mean <= shown.mean_high + chance(4, 5)


# --- a band rules nothing out for anybody --------------------------------------------------


def all_counts(n: int, values: int) -> Iterator[Counts]:
    """Every way in which n answers can fall on so many values."""
    if values == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in all_counts(n - first, values - 1):
            yield (first, *rest)


def ruled_out(
    publisher: Publisher, n: int, low: int, high: int, rules: GateRules = RULES
) -> set[tuple[object, Counts, int]]:
    """What somebody learns who knows n, what is published, and `insiders` answers: brute force.

    (what is published, the insiders' counts, a value that nobody else can have given)
    """
    span = high - low + 1
    told = [
        tuple(answers.count(value) for value in range(span))
        for answers in combinations_with_replacement(range(span), rules.insiders)
    ]
    possible: dict[tuple[object, Counts], set[int]] = defaultdict(set)
    for counts in all_counts(n, span):
        published = publisher(counts, low, high, rules)
        for insiders in told:
            others = [count - known for count, known in zip(counts, insiders, strict=True)]
            if min(others) >= 0:
                given = (low + i for i, count in enumerate(others) if count)
                possible[published, insiders].update(given)
    return {
        (*known, value)
        for known, values in possible.items()
        for value in range(low, high + 1)
        if value not in values
    }


@pytest.mark.parametrize("n", [*range(5, 13), 16, 17])
def test_no_band_rules_a_value_out_for_anybody_on_a_scale_from_one_to_five(n: int) -> None:
    assert ruled_out(publish, n, 1, 5) == set()


@pytest.mark.parametrize(("n", "low", "high"), [(5, 0, 10), (6, 0, 10), (5, 1, 7), (8, 1, 7)])
def test_no_band_rules_a_value_out_for_anybody_on_other_scales(n: int, low: int, high: int) -> None:
    assert ruled_out(publish, n, low, high) == set()


EARLIER = (
    *(band(low, high, 8, 15) for low, high in (("1", "3"), ("3", "5"), ("1", "5"))),
    *(band(low, high, 16, 29) for low, high in (("1", "2.5"), ("2.5", "3.5"), ("3.5", "5"))),
    *(band(low, high, 30) for low, high in (("1", "2"), ("2", "3"), ("3", "4"), ("4", "5"))),
)


def after(earlier: Band) -> Publisher:
    """The real publisher, where something was published before."""

    def publisher(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
        return publish(counts, low, high, rules, earlier=earlier)

    return publisher


@pytest.mark.parametrize("earlier", EARLIER)
def test_neither_holding_a_band_nor_leaving_it_rules_a_value_out(earlier: Band) -> None:
    for n in (5, 6, 7, 8, 9, 16):
        assert ruled_out(after(earlier), n, 1, 5) == set()


def left_at(thresholds: Callable[[Band, int], tuple[Fraction, Fraction]]) -> Publisher:
    """A publisher that says whether the mean has left the upper half, by thresholds of its own."""

    def publisher(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
        n = sum(counts)
        mean = low + Fraction(sum(i * count for i, count in enumerate(counts)), n)
        left, right = thresholds(HELD, n)
        return left < mean < right

    return publisher


def without_any_margin(held: Band, n: int) -> tuple[Fraction, Fraction]:
    return held.mean_low - chance(4, n), Fraction(9)


def with_a_margin_for_no_insider(held: Band, n: int) -> tuple[Fraction, Fraction]:
    return max(held.mean_low - chance(4, n), 1 + Fraction(4, n)), Fraction(9)


@pytest.mark.parametrize("thresholds", [without_any_margin, with_a_margin_for_no_insider])
def test_leaving_a_band_too_late_rules_values_out(
    thresholds: Callable[[Band, int], tuple[Fraction, Fraction]],
) -> None:
    assert any(ruled_out(left_at(thresholds), n, 1, 5) for n in range(5, 8))


@pytest.mark.parametrize("earlier", EARLIER)
def test_nor_does_it_with_raised_rules(earlier: Band) -> None:
    for rules in (GateRules(insiders=2), GateRules(insiders=3, answers=7)):
        for n in (7, 8):
            assert ruled_out(after(earlier), n, 1, 5, rules) == set()


@pytest.mark.parametrize("rules", [GateRules(insiders=2), GateRules(answers=7, insiders=3)])
@pytest.mark.parametrize("n", [7, 8, 9])
def test_raised_rules_hold_against_as_many_insiders_as_they_say(n: int, rules: GateRules) -> None:
    assert ruled_out(publish, n, 1, 5, rules) == set()


def test_not_even_a_group_told_how_many_could_answer_rules_a_value_out() -> None:
    def publisher(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
        return publish(counts, low, high, rules, counted=9)

    for n in range(5, 10):
        assert ruled_out(publisher, n, 1, 5) == set()


def with_cut_points(cuts: Callable[[int, int, int], Sequence[Fraction]]) -> Publisher:
    """A publisher like the real one, but for its cut points: those of low, high and n."""

    def publisher(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
        n = sum(counts)
        mean = low + Fraction(sum(i * count for i, count in enumerate(counts)), n)
        return sum(cut <= mean for cut in cuts(low, high, n))

    return publisher


def exact_means(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
    return Fraction(sum((low + i) * count for i, count in enumerate(counts)), sum(counts))


def at_every_half_point(low: int, high: int, n: int) -> Sequence[Fraction]:
    return [Fraction(halves, 2) for halves in range(2 * low + 1, 2 * high)]


@pytest.mark.parametrize(
    "publisher",
    [exact_means, with_cut_points(at_every_half_point)],
)
def test_a_weaker_publisher_rules_values_out(publisher: Publisher) -> None:
    assert any(ruled_out(publisher, n, 1, 5) for n in range(5, 11))


# --- changes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (band("2", "3", 30), band("3", "4", 30), Change.HIGHER),
        (band("3", "4", 30), band("2", "3", 30), Change.LOWER),
        (band("3", "4", 30), band("3", "4", 30), Change.NO_CLEAR_CHANGE),
        (band("1", "3", 8, 15), band("3", "5", 8, 15), Change.HIGHER),
        (band("3", "5", 8, 15), band("1", "3", 8, 15), Change.LOWER),
        (band("3", "4", 30), band("3", "5", 8, 15), Change.NO_CLEAR_CHANGE),
        # Among so few a band is left before it's clear that anything has changed.
        (band("1", "3", 5, 7), band("3", "5", 5, 7), Change.NO_CLEAR_CHANGE),
        (band("3", "5", 5, 7), band("1", "3", 5, 7), Change.NO_CLEAR_CHANGE),
        # A new band was found whatever the mean is: it may be next to the old one.
        (band("1", "3", 5, 7), band("3", "4", 30), Change.NO_CLEAR_CHANGE),
        (band("1", "3", 5, 7), band("4", "5", 30), Change.HIGHER),
        (band("3", "5", 5, 7), band("2", "3", 30), Change.NO_CLEAR_CHANGE),
        (band("3", "5", 5, 7), band("1", "2", 30), Change.LOWER),
    ],
)
def test_a_change_is_called_only_beyond_chance(
    earlier: Band, later: Band, expected: Change
) -> None:
    assert change(earlier, later, RULES, 1, 5) is expected


@pytest.mark.parametrize(("n", "simulated"), [(6, 0.83), (15, 0.53), (38, 0.34)])
def test_what_is_chance_fits_the_simulated_figures(n: int, simulated: float) -> None:
    assert float(chance(4, n)) == pytest.approx(simulated, rel=0.06)


def test_a_wider_scale_moves_more_by_chance() -> None:
    assert chance(10, 30) == pytest.approx(float(chance(4, 30)) * 2.5, rel=0.02)


@pytest.mark.parametrize("n", [6, 12, 20, 40])
def test_chance_alone_is_called_a_change_at_most_once_in_twenty_times(n: int) -> None:
    random_answers = random.Random(n)  # noqa: S311 - a simulation
    called = 0
    for _ in range(500):
        given, again = (
            counts_of(*random_answers.choices(range(1, 6), weights=(1, 2, 3, 3, 1), k=n))
            for _ in range(2)
        )
        first = publish(given, 1, 5, RULES)
        assert first is not None
        second = publish(again, 1, 5, RULES, earlier=first)
        assert second is not None
        called += change(first, second, RULES, 1, 5) is not Change.NO_CLEAR_CHANGE
    assert called <= 25


@pytest.mark.parametrize(("n", "move"), [(12, 2.0), (20, 1.5), (40, 1.2)])
def test_a_large_change_is_called(n: int, move: float) -> None:
    low, high = round((3 - move / 2) * n), round((3 + move / 2) * n)
    first = publish(_with_sum(n, low), 1, 5, RULES)
    assert first is not None
    second = publish(_with_sum(n, high), 1, 5, RULES, earlier=first)
    assert second is not None
    assert change(first, second, RULES, 1, 5) is Change.HIGHER


def _with_sum(n: int, total: int) -> Counts:
    each, more = divmod(total, n)
    return counts_of(*[each + 1] * more, *[each] * (n - more))
