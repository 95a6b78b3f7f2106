"""Quarters of a year, and how roughly the organisation sees what happened in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

# The last one has no upper end. The first holds nought as well: that nothing happened would tell
# of the few who might have. Chosen by us; five is the least that a summary needs, too.
BANDS: Final = ((0, 4), (5, 9), (10, 19), (20, 49), (50, None))
_WRITTEN: Final = re.compile(r"([0-9]{4})-?Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year: `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def parse(cls, written: str) -> Quarter:
        """`2026Q4` or `2026-Q4`. Raises ValueError for anything else."""
        found = _WRITTEN.fullmatch(written.strip().upper())
        if found is None or int(found[1]) == 0:
            raise ValueError(f"{written!r} isn't a quarter")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        month = date(self.year, 3 * self.number, 1)
        return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def is_over(self, today: date) -> bool:
        return today > self.last_day

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"


def band(count: int) -> tuple[int, int | None]:
    """The band that a count lies in: its ends, both included; None for "or more".

    Raises ValueError for less than nothing.
    """
    for low, high in BANDS:
        if low <= count and (high is None or count <= high):
            return low, high
    raise ValueError("nothing happens less often than never")
