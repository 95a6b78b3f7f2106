from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from bot.domain.gate import GateRules
from bot.domain.raising import (
    MOST,
    Change,
    at_least_the_defaults,
    changes,
    fewest_telling,
    impossible,
    numbers_of,
    out_of_bounds,
    out_of_place,
    raised,
)
from bot.settings import Settings
from bot.store.tables import RuleSet

DEFAULTS = numbers_of(GateRules())
SINCE = dict.fromkeys(DEFAULTS, datetime(2026, 12, 2, tzinfo=UTC))


@pytest.mark.parametrize("rule", [rule.name for rule in fields(GateRules)])
def test_every_rule_is_recorded_and_has_a_setting_and_a_limit(rule: str) -> None:
    assert rule in RuleSet.model_fields
    assert f"wellbeing_pulse_{rule}" in Settings.model_fields
    assert MOST[rule] > DEFAULTS[rule]


def test_nothing_is_ever_lowered() -> None:
    held = {**DEFAULTS, "answers": 7}
    assert raised(held, DEFAULTS) == held


def test_each_rule_is_raised_by_itself() -> None:
    held = {**DEFAULTS, "answers": 7}
    assert raised(held, {"answers": 6, "counted": 9}) == {**held, "counted": 9}


def test_what_changed_is_said_from_which_number_to_which() -> None:
    assert changes(DEFAULTS, {**DEFAULTS, "counted": 10}) == [
        Change("counted", DEFAULTS["counted"], 10)
    ]


def test_numbers_from_before_a_version_raised_its_defaults_are_raised_to_them() -> None:
    earlier = {**DEFAULTS, "answers": DEFAULTS["answers"] - 1, "counted": 12}
    assert at_least_the_defaults(earlier) == GateRules(counted=12)


# --- refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(MOST))
def test_between_the_default_and_the_most_anything_may_be_set(rule: str) -> None:
    assert out_of_bounds({rule: DEFAULTS[rule]}) == []
    assert out_of_bounds({rule: MOST[rule]}) == []


@pytest.mark.parametrize("rule", sorted(MOST))
def test_outside_of_that_there_is_a_sentence_with_the_setting_its_value_and_a_way_out(
    rule: str,
) -> None:
    for number, bound in ((DEFAULTS[rule] - 1, DEFAULTS[rule]), (MOST[rule] + 1, MOST[rule])):
        (sentence,) = out_of_bounds({rule: number})
        assert sentence.startswith(f"WELLBEING_PULSE_{rule.upper()} is {number}, ")
        assert f"Set {bound} or " in sentence
        assert sentence.endswith("or leave it out.")


def test_each_setting_below_what_holds_has_its_sentence() -> None:
    held = {**DEFAULTS, "answers": 7, "counted": 10}
    sentences = out_of_place(held, SINCE, {"answers": 6, "counted": 9, "insiders": 1})
    assert [sentence.partition(" ")[0] for sentence in sentences] == [
        "WELLBEING_PULSE_ANSWERS",
        "WELLBEING_PULSE_COUNTED",
    ]
    assert "7 has held since 02 December 2026" in sentences[0]


def test_what_holds_may_be_set_again() -> None:
    held = {**DEFAULTS, "answers": 7}
    assert out_of_place(held, SINCE, {"answers": 7}) == []


def test_the_defaults_are_possible() -> None:
    assert impossible(DEFAULTS, people=DEFAULTS["counted"]) == []


@pytest.mark.parametrize(
    ("numbers", "people", "said"),
    [
        ({"answers": 9, "counted": 8}, None, "Set WELLBEING_PULSE_COUNTED to 9 or more"),
        ({"counted": 30}, 29, "only 29 people can be counted"),
        ({"insiders": 100}, None, "a summary would never say anything"),
    ],
)
def test_what_would_end_pulses_for_good_is_said(
    numbers: dict[str, int], people: int | None, said: str
) -> None:
    (sentence,) = impossible({**DEFAULTS, **numbers}, people)
    assert said in sentence


def test_the_most_of_every_rule_together_is_possible() -> None:
    assert impossible(MOST, people=MOST["counted"]) == []


def test_the_more_insiders_the_more_answers_it_takes_to_say_anything() -> None:
    needed = [fewest_telling(GateRules(insiders=number)) or 0 for number in range(1, 11)]
    assert needed == sorted(needed)
    assert GateRules().answers <= needed[0] < needed[-1]
