"""Attackers who know every roster, and add and subtract what was published.

They play the gate for the worst: exact sums instead of bands, everybody answers, nobody changes an
answer. What they claim follows by arithmetic, which chance never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.gate import BlockRoster, GateRules, plan_question
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.unit.domain.attackers import (
    ATTACKS,
    Attack,
    Chooser,
    Group,
    Planner,
    block_by_block,
    two_blocks_at_once,
)
from tests.unit.domain.test_gate_attackers import (
    WEAKER,
    own_round_ignored,
    pairwise_ledger,
    plain_threshold,
)


def in_words(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", " ")


HAS: Final = "all rosters, who answered, exact sums, and the answers of as many as the rules allow"
PLAIN_THRESHOLD: Final = "a plain threshold"
PAIRWISE_LEDGER: Final = "a pairwise ledger"
NAMES: Final[Mapping[Chooser, str]] = {
    plain_threshold: PLAIN_THRESHOLD,
    pairwise_ledger: PAIRWISE_LEDGER,
}


@dataclass(frozen=True, slots=True)
class WeakGate:
    """A gate that is weaker than ours, and an attack that it falls to."""

    name: str
    planner: Planner
    attack: Attack


WEAK: Final = (
    *(
        WeakGate(
            NAMES.get(chooser, in_words(chooser)),
            block_by_block(chooser),
            attack,
        )
        for chooser, attack in WEAKER
    ),
    WeakGate(in_words(own_round_ignored), own_round_ignored, two_blocks_at_once),
)


def verdicts() -> Iterator[Verdict]:
    """Every attack on our gate, and each on a gate that falls to it."""
    for attack in ATTACKS:
        yield subtract(OURS, plan_question, attack)
    for weak in WEAK:
        yield subtract(weak.name, weak.planner, weak.attack)


def subtract(design: str, planner: Planner, attack: Attack) -> Verdict:
    """Play one attack; tried is everybody whom a roster ever named."""
    everybody: set[str] = set()

    def watched(
        blocks: Sequence[BlockRoster], released: Iterable[Group], rules: GateRules
    ) -> Mapping[str, Group | None]:
        everybody.update(*(block.roster for block in blocks))
        return planner(blocks, released, rules)

    known = attack(watched)
    return Verdict(
        attacker=f"Adds and subtracts: {in_words(attack)}",
        has=HAS,
        design=design,
        database=EITHER,
        tried=len(everybody),
        right=len(known),
        by_chance=0,
    )
