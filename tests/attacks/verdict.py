"""What one attacker got out of one design: how many answers were guessed, and how many rightly."""

from __future__ import annotations

import math
from dataclasses import dataclass

OURS = "ours"
SQLITE = "SQLite"
POSTGRESQL = "PostgreSQL"
EITHER = "either"

WINNING_TAIL = 1e-4
"""An attacker won when guessing alone does as well less often than this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One attacker against one design on one database."""

    attacker: str
    """Such as "order of rows in the database file"."""
    has: str
    """What the attacker has, in plain words."""
    design: str
    """`OURS`, or the weak variant's name in plain words."""
    database: str
    """`SQLITE`, `POSTGRESQL` or `EITHER`."""
    tried: int
    """How many people's answers were guessed."""
    right: int
    """How many of them rightly."""
    by_chance: float
    """The share that guessing gets, such as 1/5."""
    linked: int | None = None
    """Whom it could tell to have written which row or sealed box, where it tries that."""

    @property
    def ours(self) -> bool:
        return self.design == OURS

    @property
    def won(self) -> bool:
        """Whether more were right than chance allows."""
        return at_least_by_chance(self.right, self.tried, self.by_chance) < WINNING_TAIL

    @property
    def figures(self) -> str:
        return f"{self.right} of {self.tried}"

    @property
    def as_it_should_be(self) -> bool:
        """Ours stands, a weak variant falls."""
        return self.won is not self.ours


def at_least_by_chance(right: int, tried: int, by_chance: float) -> float:
    """The exact chance that guessing gets `right` or more of `tried`."""
    return math.fsum(
        math.comb(tried, hits) * by_chance**hits * (1 - by_chance) ** (tried - hits)
        for hits in range(right, tried + 1)
    )
