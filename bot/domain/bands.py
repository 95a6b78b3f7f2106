"""What is published for one block and question: a band of the mean and a band of how many answered.

Exact means leak by themselves: a mean of 1 says that everybody answered 1. Bands don't, if their
cut points keep far enough from both ends of the scale: then any single answer can be any value,
even to somebody who knows exactly how many answered and what `insiders` of them said. All of it is
in whole numbers and fractions, so that no rounding ever moves a mean across a cut point.

Many bands together leak more slowly: each depends a little on everybody who answered, and after a
year of narrow bands it shows whether somebody who left was more content than the others. So bands
are as wide as chance is in a group of that size, and one that was published holds until a mean has
clearly left it. Most rounds then say nothing new about anybody, and what they say isn't chance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt

from bot.domain.gate import GateRules

# How many answered: 5-7, 8-15, 16-29, 30 or more. The first starts at the least there must be.
N_STARTS = (8, 16, 30)
NARROWEST = 3  # as wide as 5-7
MOST_BANDS = 4
CLEAR_OF = 4  # at least a quarter of the counted may be silent in every band
VAGUE = 10  # what a band that was left says of a mean leaves a tenth of the scale at least


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
    earlier: Band | None = None,
) -> Band | None:
    """The band for answers of which counts[i] had the value scale_low + i; None: too few.

    `counted` is how many people could have answered, if the band of answers is to keep clear of it
    (see `n_band`). `earlier` is what was published last for the same block and question: its band
    of the mean holds until the mean has clearly left it (see `held_between`).
    """
    if len(counts) != scale_high - scale_low + 1 or any(count < 0 for count in counts):
        raise ValueError("there has to be one count for each value of the scale, none below zero")
    answers = sum(counts)
    if answers < rules.answers:
        return None
    n_low, n_high = n_band(answers, rules.answers, counted)
    mean = scale_low + Fraction(sum(i * count for i, count in enumerate(counts)), answers)
    if earlier is not None:
        held = held_between(earlier, scale_low, scale_high, n_low, rules.insiders)
        if held is not None and held[0] < mean < held[1]:
            return Band(earlier.mean_low, earlier.mean_high, n_low, n_high)
    cuts = cut_points(scale_low, scale_high, n_low, rules.insiders)
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
    """Where the scale is cut into bands for at least n answers, in order: at half points.

    Into as many equal parts as are twice as wide as chance: 2 for 5 to 15 answers, 3 for 16 to 29,
    4 for more. Of these, the cuts t with low + R(1+c)/n < t ≤ high - R(1+c)/n, where R is the
    scale's range and c how many insiders tell: one answer and theirs together move a mean by
    R(1+c)/n at most, so from every band each value of the one answer can be made good by the
    others. None may be left: then the band is the scale.
    """
    span = scale_high - scale_low
    margin = Fraction(span * (1 + insiders), n_low)
    widest = 2 * chance(span, n_low)
    parts = next(parts for parts in range(MOST_BANDS, 0, -1) if parts * widest <= span)
    evenly = (scale_low + Fraction(span * i, parts) for i in range(1, parts))
    return tuple(
        cut
        for cut in (Fraction(round(2 * point), 2) for point in evenly)
        if scale_low + margin < cut <= scale_high - margin
    )


def held_between(
    earlier: Band, scale_low: int, scale_high: int, n_low: int, insiders: int
) -> tuple[Fraction, Fraction] | None:
    """The ends, not included, between which a mean keeps an earlier band; None: it can't be kept.

    An end lies beyond the band's own by what is still chance among so few; where the band ends with
    the scale, beyond the scale. Like a cut point it keeps R(1+c)/n from both ends of the scale, or
    leaving the band would rule an answer out. Where it can't, after a band of many more people, a
    new band is found whatever the mean is.

    So it is where leaving the band would tell the mean nearly: a mean that left it and is in the
    band next to it lies between the end and a cut point. After 4 to 5 of thirty people, "3 to 5"
    of five would say that their mean is from 3 to 3.07, which is 3. None of it depends on the mean.
    """
    span = scale_high - scale_low
    lowest = scale_low + Fraction(span * (1 + insiders), n_low)
    highest = scale_high - Fraction(span * (1 + insiders), n_low)
    leeway = chance(span, min(earlier.n_low, n_low))
    left = max(earlier.mean_low - leeway, lowest)
    right = min(earlier.mean_high + leeway, highest)
    ends = _ends(scale_low, scale_high, n_low, insiders)
    below = left - ends[bisect_right(ends, left) - 1]
    above = ends[bisect_right(ends, right)] - right
    vague = Fraction(span, VAGUE)
    if earlier.mean_low == scale_low:
        left = Fraction(scale_low - 1)
    elif left > earlier.mean_low or left >= highest or below < vague:
        return None
    if earlier.mean_high == scale_high:
        right = Fraction(scale_high + 1)
    elif right < earlier.mean_high or right <= lowest or above < vague:
        return None
    return left, right


def _ends(scale_low: int, scale_high: int, n_low: int, insiders: int) -> tuple[Fraction, ...]:
    """Where the bands for at least n answers begin and end: the cut points and the scale's ends."""
    cuts = cut_points(scale_low, scale_high, n_low, insiders)
    return Fraction(scale_low), *cuts, Fraction(scale_high)


def chance(span: int, n: int) -> Fraction:
    """How far the mean of n answers on a scale of this span moves by chance, in hundredths.

    Small groups move a lot: with no real change, the mean of 6 answers from 8 people moves by 0.3
    or more in 56% of weeks. In our simulation on a scale from 1 to 5, only moves beyond ±0.83
    (6 answers), ±0.53 (15) and ±0.34 (38) were more than chance; 2.1/√n fits these, and a wider
    scale widens it in proportion.
    """
    return Fraction(isqrt((21 * span * 100) ** 2 // (40**2 * n)), 100)


def change(earlier: Band, later: Band, rules: GateRules, scale_low: int, scale_high: int) -> Change:
    """Whether a mean has clearly gone up or down, by the published bands alone.

    It has if it left the band that held by more than chance. In the smallest groups a band has to
    be left sooner, or it would say too much about an answer; then nothing is made of it. Where a
    band couldn't hold, the new one has to be further from it than chance.
    """
    held = held_between(earlier, scale_low, scale_high, later.n_low, rules.insiders)
    left, right = held or (earlier.mean_low, earlier.mean_high)
    beyond = chance(scale_high - scale_low, min(earlier.n_low, later.n_low))
    if later.mean_low >= earlier.mean_high:
        risen = max(right, later.mean_low) - earlier.mean_high
        return Change.HIGHER if risen >= beyond else Change.NO_CLEAR_CHANGE
    if later.mean_high <= earlier.mean_low:
        fallen = earlier.mean_low - min(left, later.mean_high)
        return Change.LOWER if fallen >= beyond else Change.NO_CLEAR_CHANGE
    return Change.NO_CLEAR_CHANGE
