"""What is published: nothing is certain about anybody, and with weaker designs much is."""

from __future__ import annotations

import pytest

from bot.domain.gate import plan_question
from tests.attacks.published_figures import (
    NUMBERS,
    SCALES,
    SUMMARIES,
    WEAK_MEANS,
    Scale,
    know_who_was_away,
    read_how_many,
    rule_out,
    solve_the_rest,
)
from tests.attacks.published_sets import WEAK, WeakGate, in_words, subtract
from tests.attacks.verdict import OURS
from tests.unit.domain.attackers import ATTACKS, Attack
from tests.unit.domain.test_bands import exact_means


@pytest.mark.parametrize("design", NUMBERS)
def test_how_many_answered_never_says_who_did(design: str) -> None:
    assert know_who_was_away(design, NUMBERS[design]).as_it_should_be


@pytest.mark.parametrize("design", SUMMARIES)
def test_no_summary_says_how_many_answered(design: str) -> None:
    assert read_how_many(design, SUMMARIES[design]).as_it_should_be


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_no_answer_can_be_ruled_out(scale: Scale) -> None:
    assert not rule_out(scale).won


@pytest.mark.parametrize("scale", SCALES, ids=str)
@pytest.mark.parametrize("design", WEAK_MEANS)
def test_other_figures_rule_answers_out(design: str, scale: Scale) -> None:
    assert rule_out(scale, design, WEAK_MEANS[design]).won


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_an_exact_mean_and_insiders_give_away_all_others(scale: Scale) -> None:
    assert not solve_the_rest(scale).won
    assert solve_the_rest(scale, "exact means", exact_means).won


@pytest.mark.parametrize("attack", ATTACKS, ids=in_words)
def test_nobody_is_singled_out_by_subtraction(attack: Attack) -> None:
    assert not subtract(OURS, plan_question, attack).won


@pytest.mark.parametrize("weak", WEAK, ids=lambda weak: f"{weak.name}: {in_words(weak.attack)}")
def test_weaker_gates_lose_to_subtraction(weak: WeakGate) -> None:
    assert subtract(weak.name, weak.planner, weak.attack).won


def test_every_attack_wins_against_some_gate() -> None:
    assert {weak.attack for weak in WEAK} == set(ATTACKS)
