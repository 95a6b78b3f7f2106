"""What a mutant of the gate or of the bands is held against: the attackers, and its usefulness.

A gate that publishes nothing leaks nothing, so it has to be useful as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from math import sqrt
from types import ModuleType
from typing import Final

from bot.domain import bands, gate
from bot.domain.bands import N_STARTS, Band
from bot.domain.gate import BlockRoster, GateRules, choose
from tests.attacks.published_figures import (
    LARGEST_GROUP,
    bands_of,
    know_who_was_away,
    read_how_many,
)
from tests.unit.domain.attackers import (
    ATTACKS,
    RULES,
    Attack,
    Group,
    Planner,
    block_by_block,
    people,
    published,
    singled_out,
)
from tests.unit.domain.test_bands import ruled_out

Check = Callable[[ModuleType], bool]  # whether a module is caught
OF_PLAN, OF_CHOICE = "plan", "choose"


def planners(module: ModuleType) -> dict[str, Planner]:
    """The two ways into the gate: for a whole round, and block by block by the definition."""
    return {OF_PLAN: module.plan_question, OF_CHOICE: block_by_block(module.choose)}


# --- the gate --------------------------------------------------------------------------------


def _attacked(way: str, attack: Attack, module: ModuleType) -> bool:
    return bool(attack(planners(module)[way]))


def one_by_one(planner: Planner) -> set[str]:
    """Some join, then they leave with one more, and nobody joins: whoever stays is less each time.

    Nobody else's leaving hides that one's.
    """
    stay, leaver = people("stay", RULES.counted), people("leaver", 1)
    guests = people("guest", RULES.answers)
    weeks = [{"block": week} for week in (stay | leaver, stay | leaver | guests, stay)]
    return singled_out(published(planner, weeks), insiders=0)


def one_short(planner: Planner) -> set[str]:
    """Whoever is in a group that is one short of what is asked."""
    small = people("small", RULES.counted - 1)
    return set().union(*published(planner, [{"small": small}]))


def _is_useless(way: str, module: ModuleType) -> bool:
    """Whether some group that may be asked isn't: the least there is, and the least change."""
    planner = planners(module)[way]
    least, joiners = people("least", RULES.counted), people("joiner", RULES.answers)
    for roster, last, ledger, expected in (
        (least, None, [], least),
        (least, least, [least], least),
        (least | joiners, least, [least], least | joiners),
        (least | {"one"}, least, [least], least),
        (least, None, [people("others", RULES.counted)], least),
    ):
        if planner([BlockRoster("b", roster, last)], ledger, RULES) != {"b": expected}:
            return True
    return False


def _differs_from_the_definition(module: ModuleType) -> bool:
    """Whether many small histories are planned otherwise than the real definition would."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    by_definition = block_by_block(choose)
    for _ in range(400):
        blocks, ledger, rules = _a_history(chance)
        if module.plan_question(blocks, ledger, rules) != by_definition(blocks, ledger, rules):
            return True
    return False


def _a_history(chance: random.Random) -> tuple[list[BlockRoster], list[Group], GateRules]:
    """A few blocks beside a few sets that were released, perhaps under rules that were lower."""
    k = RULES.answers
    crowds = [people(f"{i}.", size) for i, size in enumerate((1, 2, k - 1, k, k, k + 1, k + 4))]

    def group() -> Group:
        return frozenset().union(*chance.sample(crowds, chance.randint(1, 4)))

    ledger = [group() for _ in range(chance.randint(0, 3))]
    blocks = [
        BlockRoster(str(i), roster, chance.choice([None, *ledger, roster - crowds[0]]))
        for i, roster in enumerate(group() for _ in range(chance.randint(1, 4)))
    ]
    return blocks, ledger, GateRules(answers=k + chance.choice([0, 0, 1]))


def _lets_rules_be_lowered(module: ModuleType) -> bool:
    """Whether a rule can be below its default, or can't be at it or above."""
    for name in GateRules.__dataclass_fields__:
        default = getattr(RULES, name)
        for value, is_allowed in ((default - 1, False), (default, True), (default + 1, True)):
            try:
                module.GateRules(**{name: value})
            except ValueError:
                if is_allowed:
                    return True
            else:
                if not is_allowed:
                    return True
    return False


def _gate_checks() -> Iterator[tuple[str, Check]]:
    for way in (OF_PLAN, OF_CHOICE):
        for attack in (*ATTACKS, one_by_one, one_short):
            yield f"{way}: {attack.__name__.replace('_', ' ')}", partial(_attacked, way, attack)
        yield f"{way}: useful", partial(_is_useless, way)
    yield f"{OF_PLAN}: by the definition", _differs_from_the_definition
    yield "no rule is lowered", _lets_rules_be_lowered


# --- the bands -------------------------------------------------------------------------------

# Scale, how many answered, how many tell: few enough to try all compositions many times.
SMALL_ENOUGH: Final = (
    ((1, 5), range(RULES.answers, RULES.answers + 2), range(RULES.insiders, RULES.insiders + 2)),
    ((1, 3), (RULES.answers, *N_STARTS[:2]), range(RULES.insiders, RULES.insiders + 4)),
)


def _rules_an_answer_out(module: ModuleType) -> bool:
    """By itself, also under rules that were raised, or after another band."""
    for scale, sizes, insiders in SMALL_ENOUGH:
        before = dict.fromkeys(bands_of(scale, (RULES.answers, *N_STARTS)))
        raised = (
            GateRules(answers=RULES.answers + more, insiders=telling)
            for more, telling in product((0, 1), insiders)
        )
        cases = [*product([*raised, RULES], (None, *before))]
        for n, (rules, earlier) in product(sizes, cases):
            publisher = partial(_publish_after, module, earlier)
            if n >= rules.answers and ruled_out(publisher, n, *scale, rules):
                return True
    return False


def _publish_after(
    module: ModuleType,
    earlier: Band | None,
    counts: Sequence[int],
    low: int,
    high: int,
    rules: GateRules,
) -> object:
    return module.publish(counts, low, high, rules, earlier=earlier)


def _says_how_many_answered(module: ModuleType) -> bool:
    return bool(read_how_many("a mutant", module.publish).right)


def _says_that_all_others_answered(module: ModuleType) -> bool:
    def say(n: int, counted: int) -> object:
        band = module.publish((n, 0, 0, 0, 0), 1, 5, RULES, counted)
        return band.n_low, band.n_high

    return bool(know_who_was_away("a mutant", say).right)


def _publishes_too_few(module: ModuleType) -> bool:
    some = range(RULES.answers)
    return any(module.publish((n, 0, 0, 0, 0), 1, 5, RULES) is not None for n in some)


def _hushes_enough(module: ModuleType) -> bool:
    return module.publish((RULES.answers, 0, 0, 0, 0), 1, 5, RULES) is None


def _says_what_is_not_so(module: ModuleType) -> bool:
    """Whether a band doesn't hold the mean, or the number, that it is of."""
    for n in range(RULES.answers, LARGEST_GROUP + 1):
        for high in range(n + 1):
            band = module.publish((n - high, 0, 0, 0, high), 1, 5, RULES, LARGEST_GROUP)
            mean = 1 + Fraction(4 * high, n)
            if not (band.mean_low <= mean <= band.mean_high and band.n_low <= n):
                return True
            if band.n_high is not None and n > band.n_high:
                return True
    return False


def _is_narrower_than_chance(module: ModuleType) -> bool:
    """Whether a band is narrower than the mean of so few moves by chance, up and down.

    That is 2.1/√n on a scale from 1 to 5. Bands end at half points, so one may be a bit narrower.
    """
    for n in range(RULES.answers, 200):
        ends = (1, *module.cut_points(1, 5, n, RULES.insiders), 5)
        if min(high - low for low, high in pairwise(ends)) + 0.34 < 2 * 2.1 / sqrt(n):
            return True
    return False


def _tells_no_mean(module: ModuleType) -> bool:
    """Whether a large group whose answers are far apart gets the same band all the same."""
    low, high = (
        module.publish(counts, 1, 5, RULES) for counts in ([60, 0, 0, 0, 0], [0] * 4 + [60])
    )
    return (low.mean_low, low.mean_high) == (high.mean_low, high.mean_high)


def _forgets_a_band(module: ModuleType) -> bool:
    """Whether a mean below the middle gets another band than one above it, before it.

    By as little as is chance: after as many people, and after a few.
    """
    for first, second in (
        ((0, 0, 16, 16, 0), (0, 3, 29, 0, 0)),
        ((0, 0, 3, 3, 0), (0, 8, 2, 0, 0)),
    ):
        above = module.publish(first, 1, 5, RULES)
        below = module.publish(second, 1, 5, RULES, earlier=above)
        if (above.mean_low, above.mean_high) != (below.mean_low, below.mean_high):
            return True
    return False


def _tells_a_mean_nearly(module: ModuleType) -> bool:
    """Whether a new band, and that the last one was left, put a mean within a tenth of the scale.

    `held_between` and `cut_points` are no secret.
    """
    sizes = (RULES.answers, *N_STARTS)
    for scale in ((1, 5), (0, 10)):
        for earlier, n in product(bands_of(scale, sizes), sizes):
            held = module.held_between(earlier, *scale, n, RULES.insiders)
            ends = (scale[0], *module.cut_points(*scale, n, RULES.insiders), scale[1])
            if held and any(room * 10 < scale[1] - scale[0] for room in _left_for(ends, *held)):
                return True
    return False


def _left_for(ends: Sequence[Fraction], left: Fraction, right: Fraction) -> Iterator[Fraction]:
    """How wide the part of each band is in which a mean may lie that left another."""
    for low, high in pairwise(ends):
        if low <= left:
            yield min(high, left) - low
        if high > right:
            yield high - max(low, right)


CHECKS: Final[Mapping[str, tuple[ModuleType, Check]]] = {
    **{name: (gate, check) for name, check in _gate_checks()},
    "an answer is ruled out": (bands, _rules_an_answer_out),
    "as wide as chance": (bands, _is_narrower_than_chance),
    "a mean is told": (bands, _tells_no_mean),
    "a mean is told nearly": (bands, _tells_a_mean_nearly),
    "a band is held": (bands, _forgets_a_band),
    "how many answered": (bands, _says_how_many_answered),
    "all others answered": (bands, _says_that_all_others_answered),
    "too few are silent": (bands, _publishes_too_few),
    "enough are heard": (bands, _hushes_enough),
    "a band holds what it is of": (bands, _says_what_is_not_so),
}
