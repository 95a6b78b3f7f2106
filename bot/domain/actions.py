"""What a leader says will happen ("you said, we did"), until it has, or can't be.

It belongs to teams, never to whoever wrote it, and says nothing of anybody's answers.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# A few that happen are worth more than many; so many also fit into one message beside the results.
MOST_OPEN: Final = 5
LONGEST: Final = 300
# By when it is to be done, in weeks from today.
WEEKS: Final = (1, 2, 4, 8, 12)
# How long summaries tell that something is done, or can't be: two of them, as they are weekly.
TOLD_FOR: Final = timedelta(days=14)
# Check-ins tell it once, also to somebody who comes back after some weeks.
KEPT_FOR: Final = timedelta(days=42)


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


def due_days(today: date) -> list[date]:
    """The days by which something can be promised."""
    return [today + timedelta(weeks=weeks) for weeks in WEEKS]


def is_possible(day: date, today: date) -> bool:
    """Whether a day can be promised: also one that a form opened before midnight has offered."""
    return today <= day <= due_days(today)[-1]
