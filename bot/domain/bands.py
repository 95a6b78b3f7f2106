"""What is published for one block and question: a band of the mean and a band of how many answered.

Exact means leak by themselves: a mean of 1 says that everybody answered 1. Bands don't, if their
cut points keep far enough from both ends of the scale: then any single answer can be any value,
even to somebody who knows exactly how many answered and what `insiders` of them said. All of it is
in whole numbers and fractions, so that no rounding ever moves a mean across a cut point.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from bot.domain.gate import GateRules

# How many answered: 5-7, 8-15, 16-29, 30 or more. The first starts at the least there must be.
N_STARTS = (8, 16, 30)
NARROWEST = 3  # as wide as 5-7
CLEAR_OF = 4  # at least a quarter of the counted may be silent in every band


@dataclass(frozen=True, slots=True)
class Band:
    """What is published: mean_low ≤ mean < mean_high (≤ at the scale's top), n_low ≤ n ≤ n_high.

    The ends of the mean are half points of the scale. `n_high` is None for "or more".
    """

    mean_low: Fraction
    mean_high: Fraction
    n_low: int
    n_high: int | None


class Change(StrEnum):
    """What may be said of two published bands."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_CHANGE = "no_clear_change"


def publish(
    counts: Sequence[int],
    scale_low: int,
    scale_high: int,
    rules: GateRules,
    counted: int | None = None,
) -> Band | None:
    """The band for answers of which counts[i] had the value scale_low + i; None: too few.

    `counted` is how many people could have answered, if the band of answers is to keep clear of it
    (see `n_band`).
    """
    if len(counts) != scale_high - scale_low + 1 or any(count < 0 for count in counts):
        raise ValueError("there has to be one count for each value of the scale, none below zero")
    answers = sum(counts)
    if answers < rules.answers:
        return None
    n_low, n_high = n_band(answers, rules.answers, counted)
    cuts = cut_points(scale_low, scale_high, n_low, rules.insiders)
    mean = scale_low + Fraction(sum(i * count for i, count in enumerate(counts)), answers)
    place = bisect_right(cuts, mean)
    ends = (Fraction(scale_low), *cuts, Fraction(scale_high))
    return Band(ends[place], ends[place + 1], n_low, n_high)


def n_band(n: int, fewest: int, counted: int | None = None) -> tuple[int, int | None]:
    """The band that holds n answers, where there are at least `fewest`; None is "or more".

    No band is narrower than 5-7: where more than five answers are asked for, a first band of 7-7
    would say exactly how many answered, so it joins the next. `counted` is how many people could
    answer: 8-15 of 8 people would say that every one of them did; of 10, two of whom were known to
    be away, that all the others did. So a band starts at three quarters of the counted at most, and
    among 8 to 10 it's always "5 or more".
    """
    low = fewest
    for start in N_STARTS:
        if (
            counted is not None
            and counted * (CLEAR_OF - 1) < CLEAR_OF * start <= CLEAR_OF * counted
        ):
            break
        if start - low < NARROWEST:
            continue
        if n < start:
            return low, start - 1
        low = start
    return low, None


def cut_points(scale_low: int, scale_high: int, n_low: int, insiders: int) -> tuple[Fraction, ...]:
    """The half points t with low + R(1+c)/n < t ≤ high - R(1+c)/n, in order.

    R is the scale's range, c how many insiders tell, n the floor of the band of answers. One answer
    and those of c insiders together move a mean by R(1+c)/n at most, so from every band each value
    of the one answer can be made good by the others. None may be left: then the band is the scale.
    """
    margin = Fraction((scale_high - scale_low) * (1 + insiders), n_low)
    first = floor(2 * (scale_low + margin)) + 1
    last = floor(2 * (scale_high - margin))
    return tuple(Fraction(halves, 2) for halves in range(first, last + 1))


def change(earlier: Band, later: Band, scale_low: int, scale_high: int) -> Change:
    """Whether a mean has clearly gone up or down, by the published bands alone.

    Small groups move by chance: with no real change, the mean of 6 answers from 8 people moves by
    0.3 or more in 56% of weeks. In our simulation on a scale from 1 to 5, only moves beyond ±0.83
    (6 answers), ±0.53 (15) and ±0.34 (38) were more than chance; 2.1/√n fits these, and a wider
    scale widens it in proportion. n is the floor of the lower of the two bands of answers, never
    the count itself. It is a change only if even the least move that the two bands allow is beyond.
    """
    fewest = min(earlier.n_low, later.n_low)
    span = scale_high - scale_low
    if _beyond_chance(later.mean_low - earlier.mean_high, span, fewest):
        return Change.HIGHER
    if _beyond_chance(earlier.mean_low - later.mean_high, span, fewest):
        return Change.LOWER
    return Change.NO_CLEAR_CHANGE


def _beyond_chance(move: Fraction, span: int, n: int) -> bool:
    """Whether move > 2.1/√n · span/4, without a root."""
    return move > 0 and move**2 * n > (Fraction(21, 10) * Fraction(span, 4)) ** 2
