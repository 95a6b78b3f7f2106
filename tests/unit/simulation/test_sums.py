from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.simulation.releases import Release, Year
from bot.simulation.sums import Sums, determined, insiders_of
from tests.unit.domain.attackers import Group, people


def release(group: Group, week: int = 0, block: str = "b") -> Release:
    return Release(week, 0, block, group, group, Fraction(3), Fraction(3))


def a_year(*releases: Release) -> Year:
    return Year(releases, {}, {}, (), frozenset(), len(releases))


REST, ALL = people("rest", 9), people("rest", 9) | {"v"}


def test_two_exact_means_of_a_question_that_differ_by_one_determine_an_answer() -> None:
    assert determined(a_year(release(REST), release(ALL)), frozenset()) == {"v"}


def test_means_of_different_questions_determine_nothing() -> None:
    year = a_year(release(REST), replace(release(ALL), question=1))
    assert determined(year, frozenset()) == frozenset()


def test_a_band_determines_nothing() -> None:
    year = a_year(replace(release(REST), high=Fraction(7, 2)), release(ALL))
    assert determined(year, frozenset()) == frozenset()


def test_who_is_subtracted_is_who_answered_not_who_was_counted() -> None:
    year = a_year(release(ALL), replace(release(ALL), answered=REST))
    assert determined(year, frozenset()) == {"v"}


def test_insiders_help_and_are_not_determined_themselves() -> None:
    year = a_year(release(REST), release(ALL | {"w"}))
    assert determined(year, frozenset()) == frozenset()
    assert determined(year, frozenset({"w"})) == {"v"}


@given(st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), max_size=7))
def test_the_order_in_which_sums_are_learned_changes_nothing(groups: list[Group]) -> None:
    assert Sums(groups).determined() == Sums(groups[::-1]).determined()


@given(
    st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), max_size=6),
    st.frozensets(st.sampled_from("abcdef"), max_size=2),
)
def test_being_told_answers_is_the_same_as_sums_of_one(groups: list[Group], told: Group) -> None:
    together = Sums([*groups, *(frozenset({one}) for one in told)])
    assert Sums(groups).told_by(told).determined() == together.determined()


def test_there_are_as_many_insiders_in_each_set_as_asked_for() -> None:
    here, there = people("here", 9), people("there", 9)
    releases = [release(here), release(there, block="c"), release(here | there, week=8)]
    insiders = insiders_of(releases, how_many=2, seed=1)
    assert len(insiders & here) == len(insiders & there) == 2


def test_another_tells_only_where_the_insiders_have_left() -> None:
    first, later = people("first", 9), people("later", 9)
    staying = insiders_of([release(first), release(first, week=8)], 1, seed=1)
    assert len(staying) == 1
    assert len(insiders_of([release(first), release(later, week=8)], 1, seed=1)) == 2


def test_nobody_tells_if_there_are_to_be_no_insiders() -> None:
    assert insiders_of([release(REST)], 0, seed=1) == frozenset()
