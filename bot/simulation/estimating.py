"""An attacker who estimates how content each person is, from everything that was published.

Bands rule out hardly anything for certain. But all answers of a person go together, and each band
depends a little on each of them; over a year that adds up. This attacker knows how answers come
about (the very numbers of the simulation), and works out what people's traits are most likely,
given all bands of a block: the mean of a normal distribution that is cut off at the bands' ends, by
Gibbs sampling (Geweke 1991, "Efficient simulation from the multivariate normal and Student-t
distributions subject to linear constraints"). For exact means it is the best there can be, but for
answers being whole numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from statistics import NormalDist

from bot.simulation import organisation as made
from bot.simulation.releases import Release

Matrix = list[list[float]]

SWEEPS, OF_WHICH_TO_FORGET = 50, 15
FAR = 9.0  # beyond the scale: the band is open at this end
ROUNDING = 1 / 12  # the variance that whole numbers add to an answer
STANDARD = NormalDist()


@dataclass(frozen=True, slots=True)
class Estimate:
    """How content the attacker thinks that people are: `team` for all, and what each adds to it."""

    team: float
    own: Mapping[str, float]


def estimate(
    releases: Sequence[Release],
    question_means: Sequence[float],
    insiders: Mapping[str, float],
    answering: float,
    *,
    knows_who_answered: bool,
    seed: int,
) -> Estimate:
    """What follows from all releases of one block, and from the traits of those who told all.

    `question_means` are known from the summaries of all blocks together; `answering` is the share
    that is known to answer, for an attacker who doesn't know who did.
    """
    groups = [one.answered if knows_who_answered else one.counted for one in releases]
    shared = 1.0 if knows_who_answered else answering
    precision = _inverse(_covariance(releases, groups, shared, sorted(insiders)))
    known = [insiders[one] for one in sorted(insiders)]
    means = _means(precision, releases, question_means, known, random.Random(seed))  # noqa: S311 - a simulation
    weights = [sum(map(mul, row, means)) for row in precision]
    own = dict.fromkeys(sorted(frozenset[str]().union(*groups)), 0.0)
    for group, weight in zip(groups, weights, strict=False):
        for one in group:
            own[one] += made.TRAIT_SD**2 * weight / len(group)
    return Estimate(made.TEAM_SD**2 * sum(weights[: len(groups)]), own)


def _covariance(
    releases: Sequence[Release],
    groups: Sequence[frozenset[str]],
    answering: float,
    insiders: Sequence[str],
) -> Matrix:
    """How published means, and then insiders' traits, vary together."""
    trait, opinion = made.TRAIT_SD**2, made.OPINION_SD**2 + ROUNDING
    team, own = made.TEAM_SD**2, made.TEAM_ON_A_QUESTION_SD**2
    size = len(releases)
    rows: Matrix = [[0.0] * (size + len(insiders)) for _ in range(size + len(insiders))]
    for i, one in enumerate(releases):
        for j in range(i + 1):
            other = releases[j]
            overlap = len(groups[i] & groups[j]) / (len(groups[i]) * len(groups[j]))
            same = one.question == other.question
            value = team + overlap * trait
            if same:
                value += own + overlap * opinion
            rows[i][j] = rows[j][i] = value
        # Who of the counted answered is chance to an attacker who doesn't know it.
        unknown = (1 / answering - 1) / len(groups[i])
        rows[i][i] += unknown * (trait + opinion) + 1e-6
    for k, insider in enumerate(insiders, start=size):
        for i, group in enumerate(groups):
            if insider in group:
                rows[i][k] = rows[k][i] = trait / len(group)
        rows[k][k] = trait + 1e-6
    return rows


def _means(
    precision: Matrix,
    releases: Sequence[Release],
    question_means: Sequence[float],
    known: Sequence[float],
    chance: random.Random,
) -> list[float]:
    """The expected means, beside their questions', given the bands; behind them what is known."""
    ends = [
        (_low(one) - question_means[one.question], _high(one) - question_means[one.question])
        for one in releases
    ]
    at = [(max(low, -1.5) + min(high, 1.5)) / 2 for low, high in ends] + list(known)
    free = [i for i, (low, high) in enumerate(ends) if low < high]
    if not free:
        return at
    spreads = [1 / math.sqrt(row[i]) for i, row in enumerate(precision)]
    total = [0.0] * len(at)
    for sweep in range(SWEEPS):
        for i in free:
            row = precision[i]
            middle = at[i] - sum(map(mul, row, at)) / row[i]
            at[i] = _drawn(middle, spreads[i], *ends[i], chance.random())
        if sweep >= OF_WHICH_TO_FORGET:
            total = [one + value for one, value in zip(total, at, strict=True)]
    return [value / (SWEEPS - OF_WHICH_TO_FORGET) for value in total]


def _drawn(middle: float, spread: float, low: float, high: float, share: float) -> float:
    """A draw from a normal distribution between two ends."""
    below, above = STANDARD.cdf((low - middle) / spread), STANDARD.cdf((high - middle) / spread)
    place = min(max(below + share * (above - below), 1e-12), 1 - 1e-12)
    return min(max(middle + spread * STANDARD.inv_cdf(place), low), high)


def _low(release: Release) -> float:
    return -FAR if release.low <= made.LOWEST < release.high else float(release.low)


def _high(release: Release) -> float:
    return FAR if release.high >= made.HIGHEST > release.low else float(release.high)


def _inverse(matrix: Matrix) -> Matrix:
    """The inverse of a symmetric, positive matrix, by Gauss and Jordan, without pivoting."""
    rows = [list(row) for row in matrix]
    for i, pivot in enumerate(rows):
        scale, pivot[i] = 1 / pivot[i], 1.0
        rows[i] = scaled = [value * scale for value in pivot]
        for j, row in enumerate(rows):
            if j != i and (times := row[i]):
                row[i] = 0.0
                rows[j] = [one - times * other for one, other in zip(row, scaled, strict=True)]
    return rows
