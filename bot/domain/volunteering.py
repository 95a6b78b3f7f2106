"""How somebody becomes a volunteer, and stops being one."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# Training is renewed every year, and a month before that they are told.
TRAINING_LASTS: Final = timedelta(days=365)
TOLD_BEFORE: Final = timedelta(days=30)
# After a tough one: DESIGN 5.7.
RESTS_FOR: Final = timedelta(hours=24)
CAPS: Final = (1, 2, 3)


class WarriorState(StrEnum):
    """How far somebody is.

    applied    they would like to, and the coordinator hasn't answered
    approved   the coordinator said yes: they confirm training and confidentiality next
    active     may be asked
    paused     by themselves, until they say so
    suspended  manages somebody now, with thanks
    left       no longer
    """

    APPLIED = "applied"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    LEFT = "left"


def is_trained(trained_on: date | None, today: date) -> bool:
    return trained_on is not None and trained_on <= today <= trained_on + TRAINING_LASTS


def is_to_be_told(trained_on: date | None, told_on: date | None, today: date) -> bool:
    """Whether to tell somebody now that their training needs renewing: once for each training."""
    if trained_on is None or today < trained_on + TRAINING_LASTS - TOLD_BEFORE:
        return False
    return told_on is None or told_on <= trained_on
