"""What somebody is by what the roster says, and when they hear of their training."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from bot.domain.volunteering import (
    NOT_YET,
    ON_DUTY,
    TRAINING_LASTS,
    CameBy,
    Standing,
    WarriorState,
    after_roster,
    is_to_be_told,
    is_to_be_told_of_end,
    is_trained,
)

S = WarriorState
TRAINED_ON = date(2026, 1, 15)
ENDS_ON = TRAINED_ON + TRAINING_LASTS
EVERYTHING = [
    (state, came_by, Standing(is_there=there, has_role=role, is_barred=barred))
    for state, came_by, there, role, barred in product(
        S, CameBy, (True, False), (True, False), (True, False)
    )
]


@pytest.mark.parametrize(("state", "came_by", "standing"), EVERYTHING)
def test_nobody_who_may_not_be_one_is_on_duty(
    state: S, came_by: CameBy, standing: Standing
) -> None:
    after, _ = after_roster(state, came_by, standing)
    if standing.is_barred or not standing.is_there:
        assert after not in {S.APPLIED, S.APPROVED, *ON_DUTY, S.MAY_RETURN}


@pytest.mark.parametrize(("state", "came_by", "standing"), EVERYTHING)
def test_the_roster_puts_nobody_on_duty(state: S, came_by: CameBy, standing: Standing) -> None:
    after, _ = after_roster(state, came_by, standing)
    assert after not in ON_DUTY or after is state


@pytest.mark.parametrize(("state", "came_by", "standing"), EVERYTHING)
def test_looking_again_changes_nothing_more(state: S, came_by: CameBy, standing: Standing) -> None:
    after = after_roster(state, came_by, standing)
    assert after_roster(*after, standing) == after


@pytest.mark.parametrize("came_by", [CameBy.APPLYING, CameBy.ROSTER])
@pytest.mark.parametrize("has_role", [True, False])
def test_whoever_left_by_themselves_stays_away(came_by: CameBy, *, has_role: bool) -> None:
    standing = Standing(is_there=True, has_role=has_role, is_barred=False)
    assert after_roster(S.LEFT, came_by, standing) == (S.LEFT, came_by)


def test_whom_the_roster_has_is_approved() -> None:
    standing = Standing(is_there=True, has_role=True, is_barred=False)
    assert after_roster(*NOT_YET, standing) == (S.APPROVED, CameBy.ROSTER)
    assert after_roster(S.APPLIED, CameBy.APPLYING, standing) == (S.APPROVED, CameBy.ROSTER)


# --- training ------------------------------------------------------------------------------


def test_training_lasts_for_a_year() -> None:
    assert not is_trained(None, TRAINED_ON)
    assert not is_trained(TRAINED_ON, TRAINED_ON - timedelta(days=1))
    assert is_trained(TRAINED_ON, TRAINED_ON)
    assert is_trained(TRAINED_ON, ENDS_ON)
    assert not is_trained(TRAINED_ON, ENDS_ON + timedelta(days=1))


def test_each_of_the_two_is_told_once() -> None:
    told_on, heard = None, []
    for days in range((TRAINING_LASTS + timedelta(days=60)).days):
        day = TRAINED_ON + timedelta(days=days)
        if is_to_be_told_of_end(TRAINED_ON, told_on, day) or is_to_be_told(
            TRAINED_ON, told_on, day
        ):
            told_on = day
            heard.append(day)
    assert heard == [ENDS_ON - timedelta(days=30), ENDS_ON + timedelta(days=1)]
