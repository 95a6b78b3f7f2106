"""The made-up organisation keeps its size, and changes as it is told to."""

from __future__ import annotations

from itertools import combinations
from math import exp
from statistics import correlation, mean

import pytest

from bot.simulation.organisation import QUESTIONS, WEEKS, Member, Organisation, Shape

SMALLEST = 9


def after_a_year(shape: Shape, seed: int = 1) -> Organisation:
    organisation = Organisation(shape, seed)
    for _ in range(WEEKS):
        organisation.pass_a_week()
    return organisation


def present(organisation: Organisation) -> dict[str, Member]:
    blocks = organisation.blocks(SMALLEST).values()
    return {member.id: member for block in blocks for member in block}


def test_it_starts_with_as_many_people_as_it_should_have() -> None:
    assert len(present(Organisation(Shape(123, 0.18), seed=1))) == 123


def test_the_same_seed_makes_the_same_year() -> None:
    one, other = (after_a_year(Shape(60, 0.18)) for _ in range(2))
    assert present(one) == present(other)
    assert present(one) != present(after_a_year(Shape(60, 0.18), seed=2))


@pytest.mark.parametrize("turnover", [0.08, 0.18, 0.30])
def test_as_many_leave_in_a_year_as_the_turnover_says(turnover: float) -> None:
    organisation = Organisation(Shape(2000, turnover), seed=1)
    before = present(organisation)
    for _ in range(WEEKS):
        organisation.pass_a_week()
    after = present(organisation)
    # Of those who were there at the start: newcomers leave as well.
    left = 1 - len(before.keys() & after.keys()) / 2000
    assert left == pytest.approx(1 - exp(-turnover), rel=0.15)
    # Vacancies are filled, if not at once.
    assert 0.93 * 2000 < len(after) <= 2000


def test_everybody_who_left_joined_or_moved_is_known() -> None:
    organisation = Organisation(Shape(300, 0.3), seed=1)
    before = present(organisation)
    for _ in range(WEEKS):
        organisation.pass_a_week()
    assert before.keys() ^ present(organisation).keys() <= organisation.changing


def test_nobody_is_in_two_blocks() -> None:
    organisation = after_a_year(Shape(400, 0.3))
    blocks = [{member.id for member in block} for block in organisation.blocks(SMALLEST).values()]
    assert all(not one & other for one, other in combinations(blocks, 2))


def test_without_reorganisations_fewer_people_move() -> None:
    calm, restless = (
        after_a_year(Shape(1000, 0.18, reorganises=reorganises)) for reorganises in (False, True)
    )
    assert len(calm.changing) < len(restless.changing)


def test_answers_of_one_person_to_different_questions_go_together() -> None:
    everybody = list(Organisation(Shape(2000, 0.18), seed=1).everybody.values())
    assert all(len(member.answers) == QUESTIONS for member in everybody)
    assert {answer for member in everybody for answer in member.answers} == {1, 2, 3, 4, 5}
    found = [
        correlation(*([member.answers[q] for member in everybody] for q in pair))
        for pair in ((0, 1), (2, 7), (11, 19))
    ]
    assert mean(found) == pytest.approx(0.6, abs=0.1)


def test_the_share_who_answer_is_kept_on_average_and_differs_between_people() -> None:
    members = Organisation(Shape(2000, 0.18, answering=0.6), seed=1).everybody.values()
    shares = [member.answering for member in members]
    assert mean(shares) == pytest.approx(0.6, abs=0.03)
    assert min(shares) < 0.1
    assert max(shares) > 0.95
