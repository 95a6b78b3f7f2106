"""How somebody becomes a volunteer, and stops being one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# Training is renewed every year, and a month before that they are told.
TRAINING_LASTS: Final = timedelta(days=365)
TOLD_BEFORE: Final = timedelta(days=30)
# After a tough one: DESIGN 5.7.
RESTS_FOR: Final = timedelta(hours=24)
CAPS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class SupportRules:
    """What the organisation's settings say of volunteers.

    new_a_week  how many conversations each picks up within seven days at most
    most_open   how many each has at once at most; they may choose fewer
    channel     a link to where they talk among themselves, or ""
    reveal      whether two named people may learn whose pseudonym it is when a life is at risk
    """

    new_a_week: int = 1
    most_open: int = 2
    channel: str = ""
    reveal: bool = False


class WarriorState(StrEnum):
    """How far somebody is.

    applied     they would like to, and the coordinator hasn't answered
    approved    the coordinator or the roster said yes: they confirm training and confidentiality
    active      may be asked
    paused      by themselves, until they say so
    suspended   manages somebody now, or handles cases, with thanks
    may_return  was suspended, isn't any more, and was told that they may come back
    left        no longer
    """

    APPLIED = "applied"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    MAY_RETURN = "may_return"
    LEFT = "left"


class CameBy(StrEnum):
    """Who says that somebody is a volunteer.

    applying    they offered, and the coordinator agreed, or will
    roster      the roster has the role for them; without it they aren't one any more
    taken_back  the roster had it and doesn't: should it have it again, they are asked again
    """

    APPLYING = "applying"
    ROSTER = "roster"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the roster says of somebody now.

    is_there   they are on it
    has_role   as a volunteer
    is_barred  they manage somebody, or handle cases
    """

    is_there: bool
    has_role: bool
    is_barred: bool


S = WarriorState
# They may be asked, or were, and may have conversations.
ON_DUTY: Final = (S.ACTIVE, S.PAUSED)
NOT_YET: Final = (S.LEFT, CameBy.TAKEN_BACK)


def after_roster(
    state: WarriorState, came_by: CameBy, standing: Standing
) -> tuple[WarriorState, CameBy]:
    """What somebody is by what the roster says now; whoever is unknown was `NOT_YET` one.

    Whoever left by themselves stays away, whatever the roster says.
    """
    if state is S.LEFT:
        is_asked = standing.is_there and standing.has_role and not standing.is_barred
        is_new = is_asked and came_by is CameBy.TAKEN_BACK
        return (S.APPROVED, CameBy.ROSTER) if is_new else (state, came_by)
    if not standing.is_there or (came_by is CameBy.ROSTER and not standing.has_role):
        return S.LEFT, CameBy.TAKEN_BACK
    if standing.has_role:
        came_by = CameBy.ROSTER
    if standing.is_barred:
        return (S.LEFT if state is S.APPLIED else S.SUSPENDED), came_by
    if state is S.SUSPENDED:
        return S.MAY_RETURN, came_by
    if state is S.APPLIED and standing.has_role:
        return S.APPROVED, came_by
    return state, came_by


# --- training --------------------------------------------------------------------------------


def is_trained(trained_on: date | None, today: date) -> bool:
    return trained_on is not None and trained_on <= today <= trained_on + TRAINING_LASTS


def is_to_be_told(trained_on: date | None, told_on: date | None, today: date) -> bool:
    """Whether to tell somebody now that their training needs renewing: once for each training."""
    if trained_on is None or today < trained_on + TRAINING_LASTS - TOLD_BEFORE:
        return False
    return told_on is None or told_on <= trained_on


def is_to_be_told_of_end(trained_on: date | None, told_on: date | None, today: date) -> bool:
    """Whether to tell somebody now that it has ended, and that they aren't asked: once as well."""
    if trained_on is None or today <= trained_on + TRAINING_LASTS:
        return False
    return told_on is None or told_on <= trained_on + TRAINING_LASTS
