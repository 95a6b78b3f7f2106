"""Every mutant of the gate and of the bands is caught; what they really are isn't."""

from __future__ import annotations

from types import ModuleType

import pytest

from bot.domain import gate
from tests.attacks.mutant_checks import CHECKS
from tests.attacks.mutants import MUTANTS, Mutant, mutated


@pytest.mark.parametrize(
    ("module", "mutant"), MUTANTS, ids=lambda each: getattr(each, "__name__", None) or str(each)
)
def test_a_mutant_is_caught(module: ModuleType, mutant: Mutant) -> None:
    of, catches = CHECKS[mutant.caught_by]
    assert of is module
    assert catches(mutated(module, mutant))


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_not_a_mutant_is_not_caught(name: str) -> None:
    module, catches = CHECKS[name]
    assert not catches(mutated(module, None))


@pytest.mark.parametrize(
    ("before", "after"),
    [("isn't there", "anything"), ("answers", "anything"), ("if admit(roster):",) * 2],
)
def test_a_mutant_that_changes_nothing_is_none(before: str, after: str) -> None:
    with pytest.raises(ValueError, match=r"places in|changes nothing"):
        mutated(gate, Mutant(before, after, ""))
