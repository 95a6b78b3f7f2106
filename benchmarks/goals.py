"""Goals as they are written in a row, such as "≥ 0.8" or "ours < 300 (on Slack)".

A goal is for the ratio of ours to the peer's unless it begins with "ours". What it is for, if that
isn't what is measured here, follows in brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from benchmarks.measure import Spread

NO_GOAL: Final = "none"
_WRITTEN: Final = re.compile(r"(ours )?([<≤=≥>]) (\d+(?:\.\d+)?)(?: \(.+\))?")


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound. `of_ours`: for our own figure, not for the ratio."""

    of_ours: bool
    sign: str
    bound: float

    @property
    def is_least(self) -> bool:
        """Whether more is better."""
        return self.sign in "≥>"

    def is_met(self, ours: Spread, ratio: Spread) -> bool:
        """Whether the median of all turns keeps to it."""
        value = self.of(ours, ratio).median
        if self.sign == "=":
            return value == self.bound
        if self.is_least:
            return value > self.bound or (self.sign == "≥" and value == self.bound)
        return value < self.bound or (self.sign == "≤" and value == self.bound)

    def of(self, ours: Spread, ratio: Spread) -> Spread:
        """The figure that it is for."""
        return ours if self.of_ours else ratio

    def times_better(self, value: float) -> float:
        """1 just at the bound, 2 if it is twice as good as it has to be, 0.5 if half as good."""
        return value / self.bound if self.is_least else self.bound / value


def goal_of(written: str) -> Goal | None:
    """What a row's goal says. Raises ValueError if it can't be read."""
    if written == NO_GOAL:
        return None
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"not a goal: {written}")
    return Goal(found[1] is not None, found[2], float(found[3]))
