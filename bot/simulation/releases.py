"""What comes out of a simulated year, as an attacker sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Release:
    """One block's result for one question of one week.

    answered   who answered. Only an attacker who watched everybody knows it; others know `counted`.
    low, high  what the result says of the mean: low ≤ mean ≤ high. An exact mean has both alike.
    """

    week: int
    question: int
    block: str
    counted: frozenset[str]
    answered: frozenset[str]
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Year:
    """A simulated year under one design.

    answers   person → the answer to each question, from 1 to 5, in the last round of each
    traits    person → how content they really are, lastingly; the mean of all is about 0
    question_means  what everybody answers to each question on average, but for their traits and
                    teams: an attacker who reads all summaries learns it soon
    changing  who left, joined or moved during the year
    asked     how many block-rounds there were: published, resting or with too few answers
    """

    releases: tuple[Release, ...]
    answers: Mapping[str, Mapping[int, int]]
    traits: Mapping[str, float]
    question_means: Sequence[float]
    changing: frozenset[str]
    asked: int
