"""The attacker who estimates: right where it can be checked, and better with more to go by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from statistics import correlation

import pytest

from bot.simulation import organisation as made
from bot.simulation.estimating import estimate
from bot.simulation.releases import Release

STAYING = frozenset(f"s{n}" for n in range(9))
MEANS = [made.MIDDLE] * 50


def release(
    question: int, people: frozenset[str], low: object, high: object, week: int = 0
) -> Release:
    return Release(week, question, "b", people, people, Fraction(str(low)), Fraction(str(high)))


def test_from_an_exact_mean_of_one_person_it_does_what_a_textbook_does() -> None:
    """The posterior of a normal trait, given one noisy observation: prior variance over total."""
    one = frozenset({"v"})
    found = estimate([release(0, one, 5, 5)], MEANS, {}, 1.0, knows_who_answered=True, seed=1)
    trait, team = made.TRAIT_SD**2, made.TEAM_SD**2
    other = made.OPINION_SD**2 + 1 / 12 + made.TEAM_ON_A_QUESTION_SD**2
    seen = 5 - made.MIDDLE
    assert found.own["v"] == pytest.approx(seen * trait / (trait + team + other), rel=1e-3)
    assert found.team == pytest.approx(seen * team / (trait + team + other), rel=1e-3)


def test_a_band_that_holds_everything_says_nothing() -> None:
    found = estimate([release(0, STAYING, 1, 5)], MEANS, {}, 1.0, knows_who_answered=True, seed=1)
    assert found.team == pytest.approx(0, abs=0.05)


def test_a_high_band_speaks_for_everybody_in_it_alike() -> None:
    found = estimate([release(0, STAYING, 4, 5)], MEANS, {}, 1.0, knows_who_answered=True, seed=1)
    assert found.team > 0
    assert len({round(own, 9) for own in found.own.values()}) == 1
    assert min(found.own.values()) > 0


def test_who_leaves_before_a_mean_rises_was_less_content() -> None:
    releases = [
        *(release(q, STAYING | {"leaver"}, 3, 3, week=0) for q in range(6)),
        *(release(q, STAYING, "3.2", "3.2", week=10) for q in range(6)),
    ]
    found = estimate(releases, MEANS, {}, 1.0, knows_who_answered=True, seed=1)
    assert found.own["leaver"] < min(found.own[one] for one in STAYING)


def test_an_insider_is_taken_out_of_what_is_said_of_the_others() -> None:
    people = frozenset({"v", "w"})
    asked = [release(0, people, 4, 4)]
    without = estimate(asked, MEANS, {}, 1.0, knows_who_answered=True, seed=1)
    told = estimate(asked, MEANS, {"w": 2.0}, 1.0, knows_who_answered=True, seed=1)
    assert told.own["v"] < without.own["v"]


def simulated(chance: random.Random, rounds: int) -> tuple[dict[str, float], list[Release]]:
    traits = {one: chance.gauss(0, made.TRAIT_SD) for one in sorted(STAYING)}
    releases = []
    for q in range(rounds):
        answered = frozenset(one for one in traits if chance.random() < 0.7) or STAYING
        mean = made.MIDDLE + sum(
            traits[one] + chance.gauss(0, made.OPINION_SD) for one in answered
        ) / len(answered)
        exact = Fraction(str(round(mean, 3)))
        releases.append(Release(q, q, "b", STAYING, answered, exact, exact))
    return traits, releases


def hits(rounds: int, *, knows: bool) -> float:
    """How true traits and estimates go together, over some teams."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    truth: list[float] = []
    guessed: list[float] = []
    for _ in range(12):
        traits, releases = simulated(chance, rounds)
        found = estimate(releases, MEANS, {}, 0.7, knows_who_answered=knows, seed=1)
        usual = sum(found.own.values()) / len(found.own)
        truth += _around_their_mean([traits[one] for one in sorted(found.own)])
        guessed += [found.own[one] - usual for one in sorted(found.own)]
    return correlation(truth, guessed) if len(set(guessed)) > 1 else 0.0


def _around_their_mean(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def test_the_more_is_published_the_more_it_finds_out() -> None:
    assert 0.2 < hits(8, knows=True) < hits(40, knows=True)


def test_without_knowing_who_answered_those_who_stay_are_all_alike() -> None:
    assert hits(20, knows=False) == pytest.approx(0, abs=0.2)
