"""How well guesses tell the more content from the less, of two people of one group.

Two people of one group share everything that its bands say of the group. Whoever knows no more is
right about them half of the time. (It is the area under the ROC curve, within groups.) Whoever
reads what was published while each was there is right a little more often; what an attacker has
over that is the gain.
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

    read      what somebody thinks who only reads: see `bot.simulation.reading`
    block     the group that they were in
    changing  whether they left, joined or moved: the others can't be told apart by rosters
    """

    guess: float
    read: float
    trait: float
    block: int
    changing: bool


@dataclass(frozen=True, slots=True)
class Right:
    """How often the attacker is right about a pair, and by reading alone; with standard errors.

    Groups are drawn anew for the errors (a bootstrap): pairs of one group hang together.
    """

    share: float
    by_reading: float
    error: float
    gain_error: float
    pairs: int


def right(guesses: Sequence[Guess], seed: int) -> Right | None:
    """About pairs of one group of whom at least one left, joined or moved. None: there are none."""
    scores = [score for score in _scores(guesses) if score.pairs]
    if not scores:
        return None
    chance = random.Random(seed)  # noqa: S311 - a simulation
    drawn = [_shares(chance.choices(scores, k=len(scores))) for _ in range(RESAMPLED)]
    share, by_reading = _shares(scores)
    return Right(
        share,
        by_reading,
        error=pstdev(one for one, _ in drawn),
        gain_error=pstdev(one - other for one, other in drawn),
        pairs=sum(score.pairs for score in scores),
    )


@dataclass(frozen=True, slots=True)
class _Score:
    """Of one group: how many pairs, and how many of them rightly; equal guesses are half right."""

    pairs: int
    rightly: float
    by_reading: float


def _scores(guesses: Sequence[Guess]) -> Iterator[_Score]:
    by_block: defaultdict[int, list[Guess]] = defaultdict(list)
    for guess in guesses:
        by_block[guess.block].append(guess)
    for group in by_block.values():
        pairs = [pair for pair in combinations(group, 2) if any(one.changing for one in pair)]
        yield _Score(
            len(pairs),
            sum(_rightly(one.guess - other.guess, one, other) for one, other in pairs),
            sum(_rightly(one.read - other.read, one, other) for one, other in pairs),
        )


def _rightly(thought: float, one: Guess, other: Guess) -> float:
    return A_HALF if thought == 0 else float((thought > 0) == (one.trait > other.trait))


def _shares(scores: Sequence[_Score]) -> tuple[float, float]:
    pairs = sum(score.pairs for score in scores)
    rightly = sum(score.rightly for score in scores)
    return rightly / pairs, sum(score.by_reading for score in scores) / pairs
