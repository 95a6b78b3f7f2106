"""How well guesses tell the more content from the less, of two people of one group.

Two people of one group share everything that its bands say of the group. Whoever knows no more is
right about them half of the time: what is beyond a half was learned of single people. (It is the
area under the ROC curve, within groups.)
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import pstdev
from typing import Final

RESAMPLED: Final = 200
A_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Guess:
    """What the attacker thinks of one person, who is in truth as content as `trait` says.

    block     the group that they were in
    changing  whether they left, joined or moved: the others can't be told apart by rosters
    """

    guess: float
    trait: float
    block: int
    changing: bool


@dataclass(frozen=True, slots=True)
class Right:
    """How often the attacker is right about a pair, and the standard error of that.

    Groups are drawn anew for the error (a bootstrap): pairs of one group hang together.
    """

    share: float
    error: float
    pairs: int


def right(guesses: Sequence[Guess], seed: int) -> Right | None:
    """About pairs of one group of whom at least one left, joined or moved. None: there are none."""
    scores = [score for score in _scores(guesses) if score.pairs]
    if not scores:
        return None
    chance = random.Random(seed)  # noqa: S311 - a simulation
    drawn = [_share(chance.choices(scores, k=len(scores))) for _ in range(RESAMPLED)]
    return Right(_share(scores), pstdev(drawn), sum(score.pairs for score in scores))


@dataclass(frozen=True, slots=True)
class _Score:
    """Of one group: how many pairs, and how many of them rightly; equal guesses are half right."""

    pairs: int
    rightly: float


def _scores(guesses: Sequence[Guess]) -> Iterator[_Score]:
    by_block: defaultdict[int, list[Guess]] = defaultdict(list)
    for guess in guesses:
        by_block[guess.block].append(guess)
    for group in by_block.values():
        pairs = [
            _rightly(one, other)
            for one, other in combinations(group, 2)
            if one.changing or other.changing
        ]
        yield _Score(len(pairs), sum(pairs))


def _rightly(one: Guess, other: Guess) -> float:
    thought, true = one.guess - other.guess, one.trait - other.trait
    return A_HALF if thought == 0 else float((thought > 0) == (true > 0))


def _share(scores: Sequence[_Score]) -> float:
    return sum(score.rightly for score in scores) / sum(score.pairs for score in scores)
