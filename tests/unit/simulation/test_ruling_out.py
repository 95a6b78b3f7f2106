from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bands import publish
from bot.domain.gate import GateRules
from bot.simulation.releases import Release, Year
from bot.simulation.ruling_out import Possible, RuledOut, possible_values, rule_out
from tests.unit.domain.attackers import Group, people

RULES = GateRules()
ALL_VALUES = frozenset(range(1, 6))
HALF = Fraction(1, 2)

Truth = Mapping[str, int]


def banded(group: Group, truth: Truth, width: Fraction = HALF, block: str = "b") -> Release:
    """A release whose band begins at the last multiple of `width` below the mean; 0: exact."""
    mean = Fraction(sum(truth[one] for one in group), len(group))
    low, high = (
        (mean, mean) if not width else (mean // width * width, mean // width * width + width)
    )
    return Release(0, 0, block, group, group, low, high)


def exact(group: Group, truth: Truth, block: str = "b") -> Release:
    return banded(group, truth, Fraction(0), block)


def values(found: Sequence[Possible]) -> dict[str, frozenset[int]]:
    assert all(one.is_certain for one in found)
    return {one.person: one.values for one in found}


def by_brute_force(
    releases: Sequence[Release], told: Truth, everybody: Group
) -> dict[str, frozenset[int]]:
    names = sorted(everybody)
    left: defaultdict[str, set[int]] = defaultdict(set)
    for answers in product(*({told[one]} if one in told else ALL_VALUES for one in names)):
        truth = dict(zip(names, answers, strict=True))
        if all(
            one.low <= Fraction(sum(truth[p] for p in one.answered), len(one.answered)) <= one.high
            for one in releases
        ):
            for person, answer in truth.items():
                left[person].add(answer)
    return {person: frozenset(left[person]) for person in everybody - told.keys()}


# --- against brute force -------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Release], Truth, Truth]:
    names = sorted(people("p", draw(st.integers(2, 5))))
    truth = {one: draw(st.integers(1, 5)) for one in names}
    groups = st.frozensets(st.sampled_from(names), min_size=1)
    widths = st.sampled_from([Fraction(0), Fraction(1, 4), HALF, Fraction(1)])
    releases = [
        banded(group, truth, draw(widths))
        for group in draw(st.lists(groups, min_size=1, max_size=5))
    ]
    insiders = draw(st.frozensets(st.sampled_from(names), max_size=1))
    return releases, {one: truth[one] for one in insiders}, truth


@settings(max_examples=200)
@given(cases())
def test_the_values_left_are_those_that_brute_force_leaves(
    case: tuple[list[Release], Truth, Truth],
) -> None:
    releases, told, truth = case
    everybody = frozenset().union(*(one.answered for one in releases))
    told = {one: told[one] for one in told if one in everybody}
    found = possible_values(releases, told, truth, everybody)
    assert values(found) == by_brute_force(releases, told, everybody)


# --- what is known to leak, and what isn't -------------------------------------------------


def a_truth(group: Group) -> Truth:
    return {one: 2 + place % 3 for place, one in enumerate(sorted(group))}


def test_two_exact_means_that_differ_by_one_person_tell_their_answer() -> None:
    rest, everybody = people("rest", 9), people("rest", 9) | {"v"}
    truth = a_truth(everybody)
    found = possible_values([exact(rest, truth), exact(everybody, truth)], {}, truth, everybody)
    assert values(found)["v"] == {truth["v"]}
    assert values(found)["rest0"] == ALL_VALUES


def test_three_exact_means_that_differ_by_many_tell_the_answer_of_one() -> None:
    b, c = people("b", 7), people("c", 7)
    truth = a_truth(b | c | {"v"})
    releases = [exact(group, truth) for group in (b | {"v"}, c | {"v"}, b | c)]
    found = possible_values(releases, {}, truth, frozenset({"v"}))
    assert values(found) == {"v": {truth["v"]}}


def test_one_exact_mean_at_the_end_of_the_scale_tells_everybodys_answer() -> None:
    everybody = people("p", 9)
    truth = dict.fromkeys(everybody, 1)
    found = possible_values([exact(everybody, truth)], {}, truth, everybody)
    assert set(values(found).values()) == {frozenset({1})}


def test_an_insider_tells_the_attacker_the_answer_of_the_other_of_two() -> None:
    rest, pair = people("rest", 9), frozenset({"v", "w"})
    truth = a_truth(rest | pair)
    releases = [exact(rest, truth), exact(rest | pair, truth)]
    alone = values(possible_values(releases, {}, truth, pair))
    assert len(alone["v"]) > 1
    told = possible_values(releases, {"w": truth["w"]}, truth, pair)
    assert values(told) == {"v": {truth["v"]}}


@settings(max_examples=60)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=40))
def test_one_published_band_rules_nothing_out_even_with_an_insider(answers: list[int]) -> None:
    everybody = people("p", len(answers))
    truth = dict(zip(sorted(everybody), answers, strict=True))
    band = publish([answers.count(value) for value in range(1, 6)], 1, 5, RULES)
    assert band is not None
    release = Release(0, 0, "b", everybody, everybody, band.mean_low, band.mean_high)
    found = possible_values([release], {"p0": truth["p0"]}, truth, everybody)
    assert values(found) == dict.fromkeys(everybody - {"p0"}, ALL_VALUES)


def test_answers_that_were_not_published_are_refused() -> None:
    everybody = people("p", 9)
    release = exact(everybody, dict.fromkeys(everybody, 3))
    with pytest.raises(ValueError, match="aren't those that were published"):
        possible_values([release], {}, dict.fromkeys(everybody, 4), everybody)


# --- a year --------------------------------------------------------------------------------


def a_year(*releases: Release, truth: Truth, questions: Sequence[int] = (0,)) -> Year:
    return Year(
        releases=tuple(
            replace(one, question=question) for question in questions for one in releases
        ),
        answers={one: dict.fromkeys(questions, answer) for one, answer in truth.items()},
        traits={},
        question_means=(),
        changing=frozenset(),
        asked=len(releases),
    )


def test_everybody_who_answered_is_looked_at_once_for_each_question() -> None:
    staying, moving = people("staying", 8), people("moving", 4)
    truth = a_truth(staying | moving)
    here, there = exact(staying | moving, truth), exact(moving, truth, block="other")
    found = rule_out(a_year(here, there, truth=truth, questions=[0, 1]), frozenset(), 9, seed=1)
    assert found == RuledOut(total=2 * 12)


def test_what_is_published_of_another_block_is_subtracted_too() -> None:
    rest, everybody = people("rest", 9), people("rest", 9) | {"v"}
    truth = a_truth(everybody)
    here, there = exact(everybody, truth), exact(rest, truth, block="other")
    found = rule_out(a_year(here, there, truth=truth), frozenset(), most=9, seed=1)
    assert found == RuledOut(10, 1, 1, 1, 0, frozenset({"v"}))


def test_what_is_too_hard_to_say_is_not_said_to_be_ruled_out() -> None:
    truth = dict.fromkeys("abc", 3)
    year = a_year(
        exact(frozenset("ab"), truth), exact(frozenset("bc"), truth, block="other"), truth=truth
    )
    assert rule_out(year, frozenset(), most=9, seed=1) == RuledOut(total=3)
    assert rule_out(year, frozenset(), most=9, seed=1, tries=0) == RuledOut(total=3, undecided=3)


def test_insiders_are_not_counted_among_those_found_out() -> None:
    everybody = people("p", 2)
    truth = a_truth(everybody)
    year = a_year(exact(everybody, truth), truth=truth)
    found = rule_out(year, frozenset({"p0"}), most=9, seed=1)
    assert found == RuledOut(1, 1, 1, 1, 0, frozenset({"p1"}))


def test_only_so_many_blocks_are_looked_at() -> None:
    everybody = people("p", 9)
    truth = a_truth(everybody)
    year = a_year(exact(everybody, truth), truth=truth, questions=range(5))
    assert rule_out(year, frozenset(), most=2, seed=1).total == 2 * 9


def test_what_is_published_of_another_question_is_not_subtracted() -> None:
    rest, everybody = people("rest", 9), people("rest", 9) | {"v"}
    truth = a_truth(everybody)
    first, second = exact(rest, truth), replace(exact(everybody, truth), question=1)
    year = replace(
        a_year(first, truth=truth, questions=[0, 1]),
        releases=(first, second),
    )
    assert rule_out(year, frozenset(), most=9, seed=1).some == 0
