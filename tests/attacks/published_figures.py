"""Attackers who read one summary, and know more about its group than its readers should need.

Every composition of answers is tried, by brute force. What they claim is what remains possible, or
doesn't: that is certain, so chance never gets it right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from inspect import signature
from itertools import pairwise, product
from math import comb
from typing import Final

from bot.domain.bands import N_STARTS, NARROWEST, Band, chance, cut_points, n_band, publish
from bot.domain.gate import GateRules
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.unit.domain.test_bands import (
    RULES,
    Counts,
    Publisher,
    at_every_half_point,
    exact_means,
    ruled_out,
    with_cut_points,
)

# How many answered, of how many counted → what is said of it.
NumberOfAnswers = Callable[[int, int], object]
Scale = tuple[int, int]
Summary = Callable[[Sequence[int], int, int, GateRules, int | None], object]

LARGEST_GROUP: Final = 60
SCALES: Final[Mapping[Scale, Sequence[int]]] = {
    (1, 5): (*range(RULES.answers, RULES.answers + 4), 16),
    (0, 10): (RULES.answers, RULES.answers + 1),
}
# The same where something was published before, and of how many answers that was.
SCALES_AFTER: Final[Mapping[Scale, tuple[Sequence[int], Sequence[int]]]] = {
    (1, 5): (SCALES[1, 5][:4], (RULES.answers, *N_STARTS)),
    (0, 10): (SCALES[0, 10][:1], N_STARTS[-1:]),
}


def hushed_when_all_agree(
    counts: Sequence[int], low: int, high: int, rules: GateRules
) -> object | None:
    """Bands, but nothing where everybody said the same, as if that were kinder."""
    return None if len(list(filter(None, counts))) == 1 else publish(counts, low, high, rules)


def as_wide_as_chance(counts: Sequence[int], low: int, high: int, rules: GateRules) -> object:
    """Whether the upper half was left, by no more than what is chance among so many."""
    n = sum(counts)
    mean = low + Fraction(sum(i * count for i, count in enumerate(counts)), n)
    return mean < Fraction(low + high, 2) - chance(high - low, n)


WEAK_MEANS: Final[Mapping[str, Publisher]] = {
    "exact means": exact_means,
    "bands up to both ends of the scale": with_cut_points(at_every_half_point),
    "a band that is held too long": as_wide_as_chance,
    "silence where all agree": hushed_when_all_agree,
}


def n_band_of_ours(n: int, counted: int) -> object:
    return n_band(n, RULES.answers, counted)


def exact_n(n: int, counted: int) -> object:
    return n


def bands_that_may_be_full(n: int, counted: int) -> object:
    return n_band(n, RULES.answers)


NUMBERS: Final[Mapping[str, NumberOfAnswers]] = {
    OURS: n_band_of_ours,
    "exact n": exact_n,
    "n bands that only all can reach": bands_that_may_be_full,
}


def margin_of_error(
    counts: Sequence[int], low: int, high: int, rules: GateRules, counted: int | None = None
) -> object:
    """Bands, and how far they may be off by chance: of the exact number, as is usual."""
    return publish(counts, low, high, rules, counted), chance(high - low, sum(counts))


SUMMARIES: Final[Mapping[str, Summary]] = {
    OURS: publish,
    "a margin of error by the exact n": margin_of_error,
}


def verdicts() -> Iterator[Verdict]:
    """Every attacker against every design."""
    for design, say in NUMBERS.items():
        yield know_who_was_away(design, say)
    for design, summary in SUMMARIES.items():
        yield read_how_many(design, summary)
    for scale in SCALES:
        yield from (rule_out(scale), solve_the_rest(scale))
        for design, publisher in WEAK_MEANS.items():
            yield rule_out(scale, design, publisher)
            if publisher is exact_means:
                yield solve_the_rest(scale, design, publisher)


def know_who_was_away(design: str, say: NumberOfAnswers) -> Verdict:
    """Claims that all others answered, where only that fits what is said of their number.

    Insiders who say that they left it are away as well. Fewer than a quarter of a group is away:
    whoever knows more people's silence than that isn't what the bands are made against.
    """
    tried = right = 0
    for counted in range(RULES.counted, LARGEST_GROUP + 1):
        for away in range((counted + 3) // 4):
            present = counted - away
            if present <= RULES.answers:
                continue
            said = Counter(say(n, counted) for n in range(RULES.answers, present + 1))
            tried += 1
            right += said[say(present, counted)] == 1
    return Verdict(
        attacker="Says that all answered who weren't away",
        has="the roster, absences and the summary",
        design=design,
        database=EITHER,
        tried=tried,
        right=right,
        by_chance=0,
    )


def read_how_many(design: str, summary: Summary) -> Verdict:
    """Claims to know how many answered, where a summary fits one number only.

    The rules may have been raised: a band that starts later mustn't become narrower.
    """
    tried = right = 0
    for more in range(NARROWEST + 1):
        rules = replace(RULES, answers=RULES.answers + more)
        numbers = range(rules.answers, LARGEST_GROUP + 1)
        summaries = {n: _summaries(summary, n, rules) for n in numbers}
        fits = Counter(said for one in summaries.values() for said in one)
        tried += len(summaries)
        right += sum(any(fits[said] == 1 for said in one) for one in summaries.values())
    return Verdict(
        attacker="Says how many answered",
        has="the roster and the summary",
        design=design,
        database=EITHER,
        tried=tried,
        right=right,
        by_chance=0,
    )


def _summaries(summary: Summary, n: int, rules: GateRules) -> set[object]:
    """All that can be said of n answers from 1 to 5 in a group of the largest size."""
    return {summary((n - high, 0, 0, 0, high), 1, 5, rules, LARGEST_GROUP) for high in range(n + 1)}


def rule_out(scale: Scale, design: str = OURS, publisher: Publisher = publish) -> Verdict:
    """Claims that nobody gave some value; tried is each summary that there can be."""
    tried, excluded = _all_that_follows(publisher, scale)
    return Verdict(
        attacker=f"Says what nobody answered, on {_of(scale)}",
        has="the summary, who answered, and the answers of as many as the rules allow",
        design=design,
        database=EITHER,
        tried=tried,
        right=len({(summary, told) for summary, told, _ in excluded}),
        by_chance=0,
    )


def solve_the_rest(scale: Scale, design: str = OURS, publisher: Publisher = publish) -> Verdict:
    """Claims to know what all others answered; tried is each summary that there can be."""
    low, high = scale
    tried, excluded = _all_that_follows(publisher, scale)
    left = Counter((summary, told) for summary, told, _ in excluded)
    return Verdict(
        attacker=f"Says what everybody answered, on {_of(scale)}",
        has="the summary, who answered, and the answers of as many as the rules allow",
        design=design,
        database=EITHER,
        tried=tried,
        right=sum(gone == high - low for gone in left.values()),
        by_chance=0,
    )


@cache
def _all_that_follows(
    publisher: Publisher, scale: Scale
) -> tuple[int, set[tuple[object, Counts, int]]]:
    """How many summaries there can be, each with what insiders tell; and what they rule out."""
    low, high = scale
    tellings = comb(high - low + RULES.insiders, RULES.insiders)
    tried, excluded = 0, set[tuple[object, Counts, int]]()
    for n, earlier in _rounds(publisher, scale):
        summaries: set[object] = set()

        def watched(
            counts: Sequence[int],
            low: int,
            high: int,
            rules: GateRules,
            earlier: Band | None = earlier,
            summaries: set[object] = summaries,
        ) -> object:
            before = {"earlier": earlier} if earlier else {}
            summary = publisher(counts, low, high, rules, **before)
            summaries.add(summary)
            return summary

        excluded |= {
            ((n, earlier, summary), told, value)
            for summary, told, value in ruled_out(watched, n, low, high)
        }
        tried += len(summaries) * tellings
    return tried, excluded


def _rounds(publisher: Publisher, scale: Scale) -> Iterator[tuple[int, Band | None]]:
    """How many answered, and what was published before, where a publisher looks at that."""
    for n in SCALES[scale]:
        yield n, None
    if "earlier" in signature(publisher).parameters:
        sizes, before = SCALES_AFTER[scale]
        yield from product(sizes, bands_of(scale, before))


def bands_of(scale: Scale, sizes: Sequence[int]) -> Iterator[Band]:
    """All bands that may have been published of at least so many answers."""
    low, high = scale
    for n in sizes:
        ends = (Fraction(low), *cut_points(low, high, n, RULES.insiders), Fraction(high))
        for mean_low, mean_high in pairwise(ends):
            yield Band(mean_low, mean_high, n, None)


def _of(scale: Scale) -> str:
    return f"a scale of {scale[0]} to {scale[1]}"
