"""How well guesses tell the more content from the less: the area under the ROC curve (AUC).

The AUC is the chance that, of two people of whom one is more content, the guess for that one is
higher: 0.5 is a coin, 1 is always right. It is taken twice: for guesses from the team's bands
alone, the same for everybody who was in it, and for guesses from everything. What the second has
over the first is what the attacker gained.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, pstdev
from typing import Final

# How much of what everything says about a single person the attacker may add to the team's part.
# The best is found on other blocks than those that it is used on.
WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0)
RESAMPLED: Final = 100
FEWEST: Final = 20

Score = Callable[["Guess"], float]


@dataclass(frozen=True, slots=True)
class Guess:
    """What the attacker thinks of one person, who is in truth as content as `trait` says.

    team  what the team's bands say of everybody in it
    own   what everything says of this person beyond that
    block where they were: people of one block aren't independent of each other
    """

    team: float
    own: float
    trait: float
    block: int


@dataclass(frozen=True, slots=True)
class Gain:
    """AUCs from the team's bands alone and from everything; the standard error of the difference.

    The error is found by drawing blocks anew (a bootstrap).
    """

    band_auc: float
    auc: float
    error: float


def gain(guesses: Sequence[Guess], seed: int) -> Gain | None:
    """What everything tells beyond the bands. None: too few people to say."""
    if len(guesses) < FEWEST:
        return None
    middle = median(guess.trait for guess in guesses)
    score = _best_score(guesses, middle)
    drawn = list(_resampled(guesses, seed))
    differences = [
        _auc(sample, score, middle) - _auc(sample, _of_the_team, middle) for sample in drawn
    ]
    return Gain(
        band_auc=_auc(guesses, _of_the_team, middle),
        auc=_auc(guesses, score, middle),
        error=pstdev(differences),
    )


def _of_the_team(guess: Guess) -> float:
    return guess.team


def _best_score(guesses: Sequence[Guess], middle: float) -> Score:
    """A score whose weight, for even blocks, did best on odd ones, and the other way round."""
    weights = [
        max(WEIGHTS, key=lambda weight: _auc(other, _weighted(weight), middle))
        for other in ([guess for guess in guesses if guess.block % 2 != half] for half in range(2))
    ]
    return lambda guess: guess.team + weights[guess.block % 2] * guess.own


def _weighted(weight: float) -> Score:
    return lambda guess: guess.team + weight * guess.own


def _resampled(guesses: Iterable[Guess], seed: int) -> Iterable[list[Guess]]:
    by_block: defaultdict[int, list[Guess]] = defaultdict(list)
    for guess in guesses:
        by_block[guess.block].append(guess)
    blocks = list(by_block.values())
    chance = random.Random(seed)  # noqa: S311 - a simulation
    for _ in range(RESAMPLED):
        yield [guess for block in chance.choices(blocks, k=len(blocks)) for guess in block]


def _auc(guesses: Sequence[Guess], score: Score, middle: float) -> float:
    """By ranks (Mann and Whitney 1947); 0.5 if all are more content than the middle, or none is."""
    scores = [score(guess) for guess in guesses]
    high = [guess.trait > middle for guess in guesses]
    above = sum(high)
    below = len(high) - above
    if not above or not below:
        return 0.5
    ranks = sum(rank for rank, is_high in zip(_ranks(scores), high, strict=True) if is_high)
    return (ranks - above * (above + 1) / 2) / (above * below)


def _ranks(scores: Sequence[float]) -> list[float]:
    """1 for the lowest; equal scores share the mean of their ranks."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    return ranks
