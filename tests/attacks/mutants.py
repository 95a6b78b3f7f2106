"""Mutants of the gate and of the bands: one small change each, and who must catch it.

A mutant is made from the source as it is, and runs as a module of its own beside the real one.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from bot.domain import bands, gate


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` is in the source once; `caught_by` is a name in `mutant_checks.CHECKS`."""

    before: str
    after: str
    caught_by: str

    def __str__(self) -> str:
        return f"{self.before.strip()} -> {self.after.strip()}".replace("\n", " ")


def mutated(module: ModuleType, mutant: Mutant | None) -> ModuleType:
    """The module with one change, or a copy of it with none.

    Raises ValueError if there isn't exactly one place for the change, or it changes nothing.
    """
    source = inspect.getsource(module)
    if mutant is not None:
        if source.count(mutant.before) != 1:
            places = source.count(mutant.before)
            raise ValueError(f"{places} places in {module.__name__} for: {mutant.before}")
        source = _changed(source, mutant)
    made = ModuleType(f"mutant_of_{module.__name__.replace('.', '_')}")
    # Dataclasses look their module up while they are made.
    sys.modules[made.__name__] = made
    try:
        exec(compile(source, made.__name__, "exec"), made.__dict__)  # noqa: S102 - our own source
    finally:
        del sys.modules[made.__name__]
    return made


def _changed(source: str, mutant: Mutant) -> str:
    changed = source.replace(mutant.before, mutant.after)
    if changed == source:
        raise ValueError(f"this changes nothing: {mutant}")
    return changed


_TOO_SMALL = "return 0 < size < self._rules.answers"
_EITHER_SIDE = "self._is_too_small(inside) or self._is_too_small(self._outside(atom, inside))\n"
_ENOUGH = "if len(candidate) < self._rules.counted or self._has_too_small:"
_LAST = "if last is not None and last <= roster and admit(last):"
_WHOLE = "if atom is not None and not outside:"

GATE: Final = (
    # --- the rules can't be lowered
    Mutant("if value < rule.default:", "if value < rule.default - 1:", "no rule is lowered"),
    Mutant("if value < rule.default:", "if value < 0:", "no rule is lowered"),
    Mutant("if value < rule.default:", "if value <= rule.default:", "no rule is lowered"),
    # --- planning a round
    Mutant("        atoms.add(earlier)\n", "        pass\n", "plan: one joins"),
    Mutant("for earlier in released:", "for earlier in [*released][-1:]:", "plan: in two steps"),
    Mutant("            atoms.add(chosen)\n", "            pass\n", "plan: two blocks at once"),
    Mutant("if chosen is not None:", "if not chosen:", "plan: two blocks at once"),
    Mutant("if admit(roster):", "if not admit(roster):", "plan: who answered"),
    Mutant("if admit(roster):", "if roster:", "plan: one joins"),
    Mutant("if admit(roster):", "if admit(roster) and last is None:", "plan: useful"),
    Mutant("        return roster\n", "        return last or roster\n", "plan: useful"),
    Mutant(_LAST, "if last is not None and admit(last):", "plan: one leaves"),
    Mutant(_LAST, "if last is not None and last <= roster:", "plan: by the definition"),
    Mutant(_LAST, "if last is not None and (last <= roster or admit(last)):", "plan: one leaves"),
    Mutant(_LAST, "if last is not None and last >= roster and admit(last):", "plan: one by one"),
    Mutant("        return last\n", "        return roster\n", "plan: one joins"),
    Mutant("        return last\n", "        return None\n", "plan: useful"),
    # --- the definition
    Mutant("if len(candidate) < rules.counted:", "if not candidate:", "choose: who answered"),
    Mutant(
        "if len(candidate) < rules.counted:",
        "if len(candidate) < rules.counted - 1:",
        "choose: one short",
    ),
    Mutant("len(candidate) < rules.counted:", "len(candidate) <= rules.counted:", "choose: useful"),
    Mutant("sets = (candidate, *released)", "sets = (candidate,)", "choose: one joins"),
    Mutant("frozenset().union(*sets)", "candidate", "choose: in two steps"),
    Mutant("min(atoms.values())", "max(atoms.values())", "choose: one joins"),
    Mutant(">= rules.answers", ">= rules.answers - 1", "choose: four leave and three tell"),
    Mutant(">= rules.answers", "> rules.answers", "choose: useful"),
    Mutant("ledger = tuple(released)", "ledger = ()", "choose: one joins"),
    Mutant("ledger = tuple(released)", "ledger = tuple(released)[-1:]", "choose: in two steps"),
    # --- atoms: what is admitted
    Mutant(_ENOUGH, "if self._has_too_small:", "plan: who answered"),
    Mutant(_ENOUGH, _ENOUGH.replace(" or ", " and "), "plan: who answered"),
    Mutant(_ENOUGH, _ENOUGH.replace("counted or", "counted - 1 or"), "plan: one short"),
    Mutant(_ENOUGH, _ENOUGH.replace("candidate) <", "candidate) <="), "plan: useful"),
    Mutant(_ENOUGH, "if len(candidate) < self._rules.counted:", "plan: by the definition"),
    Mutant("return not any(", "return not all(", "plan: one joins"),
    Mutant("return not any(", "return any(", "plan: useful"),
    Mutant(_EITHER_SIDE, _EITHER_SIDE.replace(" or ", " and "), "plan: one joins"),
    Mutant(_EITHER_SIDE, "self._is_too_small(inside)\n", "plan: in two steps"),
    Mutant(
        _EITHER_SIDE, "self._is_too_small(self._outside(atom, inside))\n", "plan: one joins"
    ),
    Mutant(_TOO_SMALL, "return 1 < size < self._rules.answers", "plan: one joins"),
    Mutant(
        _TOO_SMALL, "return 0 < size < self._rules.answers - 1", "plan: four leave and three tell"
    ),
    Mutant(_TOO_SMALL, "return 0 < size <= self._rules.answers", "plan: useful"),
    Mutant(_TOO_SMALL, "return size < self._rules.answers", "plan: useful"),
    Mutant(_TOO_SMALL, "return False", "plan: one joins"),
    # --- atoms: what is remembered
    Mutant(_WHOLE, "if atom is not None:", "plan: by the definition"),
    Mutant(_WHOLE, "if not outside:", "plan: one joins"),
    Mutant("            self._sizes.append(inside)\n", "            self._sizes.append(outside)\n",
           "plan: by the definition"),
    Mutant("                self._sizes[atom] = outside\n", "                pass\n",
           "plan: by the definition"),
    Mutant("                self._atom_of[person] = moved[atom]\n", "                pass\n",
           "plan: one joins"),
    Mutant("            if atom in moved:", "            if atom is None:",
           "plan: by the definition"),
    Mutant("            self._has_too_small |= ", "            _ = ", "plan: by the definition"),
    Mutant("self._sizes[atom] - inside", "self._sizes[atom]", "plan: in two steps"),
)  # fmt: skip

_CLEAR = "counted * (CLEAR_OF - 1) < CLEAR_OF * start <= CLEAR_OF * counted"
_CUT_MARGIN = "n_low)\n    widest"
_LEFT = "left = max(earlier.mean_low - leeway, lowest)"
_RIGHT = "right = min(earlier.mean_high + leeway, highest)"
_LOWEST = "lowest = scale_low + Fraction(span * (1 + insiders), n_low)"
_HIGHEST = "highest = scale_high - Fraction(span * (1 + insiders), n_low)"
_INSIDE = "if scale_low + margin < cut <= scale_high - margin"
_CUTS = "cut_points(scale_low, scale_high, n_low, rules.insiders)"

BANDS: Final = (
    # --- too few
    Mutant("if answers < rules.answers:", "if not answers:", "too few are silent"),
    Mutant("if answers < rules.answers:", "if answers < rules.answers - 1:", "too few are silent"),
    Mutant("if answers < rules.answers:", "if answers <= rules.answers:", "enough are heard"),
    # --- the band of the mean
    Mutant(_CUTS, _CUTS.replace("rules.insiders", "0"), "an answer is ruled out"),
    Mutant(_CUTS, _CUTS.replace("n_low", "n_high or answers"), "an answer is ruled out"),
    Mutant(_CUT_MARGIN, "n_low + 1)\n    widest", "an answer is ruled out"),
    Mutant(_INSIDE, _INSIDE.replace("margin <", "margin <="), "an answer is ruled out"),
    Mutant(_INSIDE, "if cut <= scale_high - margin", "an answer is ruled out"),
    Mutant(_INSIDE, "if scale_low + margin < cut", "an answer is ruled out"),
    Mutant(_INSIDE, "if scale_low < cut < scale_high", "an answer is ruled out"),
    Mutant("widest = 2 * chance", "widest = chance", "as wide as chance"),
    Mutant("MOST_BANDS = 4", "MOST_BANDS = 1", "a mean is told"),
    Mutant("place = bisect_right(cuts, mean)", "place = sum(cut < mean for cut in cuts)",
           "an answer is ruled out"),
    # --- a band that holds
    Mutant("held[0] < mean <", "held[0] <= mean <", "an answer is ruled out"),
    Mutant("mean < held[1]", "mean <= held[1]", "an answer is ruled out"),
    Mutant(_LEFT, _LEFT.replace("max", "min"), "an answer is ruled out"),
    Mutant(_RIGHT, _RIGHT.replace("min", "max"), "an answer is ruled out"),
    Mutant(_LEFT, _LEFT.replace("lowest", "scale_low"), "an answer is ruled out"),
    Mutant(_RIGHT, _RIGHT.replace("highest", "scale_high"), "an answer is ruled out"),
    Mutant(_LOWEST, _LOWEST.replace("n_low", "n_low + 1"), "an answer is ruled out"),
    Mutant(_HIGHEST, _HIGHEST.replace("n_low", "n_low + 1"), "an answer is ruled out"),
    Mutant(_LOWEST, _LOWEST.replace("(1 + insiders)", "1"), "an answer is ruled out"),
    Mutant(_HIGHEST, _HIGHEST.replace("(1 + insiders)", "1"), "an answer is ruled out"),
    Mutant(" or left >= highest", "", "an answer is ruled out"),
    Mutant(" or right <= lowest", "", "an answer is ruled out"),
    Mutant(" or below < vague", "", "a mean is told nearly"),
    Mutant(" or above < vague", "", "a mean is told nearly"),
    Mutant(" or below < vague", " or below > vague", "a mean is told nearly"),
    Mutant(" or above < vague", " or above > vague", "a mean is told nearly"),
    Mutant("ends[bisect_right(ends, left) - 1]", "scale_low", "a mean is told nearly"),
    Mutant("ends[bisect_right(ends, right)]", "scale_high", "a mean is told nearly"),
    Mutant("VAGUE = 10 ", "VAGUE = 100 ", "a mean is told nearly"),
    Mutant("VAGUE = 10 ", "VAGUE = 5 ", "a band is held"),
    Mutant("n_low, rules.insiders)\n        if", "n_low, 0)\n        if", "an answer is ruled out"),
    Mutant("if earlier is not None:", "if False:", "a band is held"),
    Mutant("leeway = chance(", "leeway = 0 * chance(", "a band is held"),
    Mutant("leeway = chance(span, min(", "leeway = chance(span, max(", "a band is held"),
    Mutant("mean = scale_low + Fraction(", "mean = Fraction(", "a band holds what it is of"),
    Mutant("return Band(ends[place], ends[place + 1], n_low, n_high)",
           "return Band(mean, mean, n_low, n_high)", "an answer is ruled out"),
    Mutant("return Band(ends[place], ends[place + 1], n_low, n_high)",
           "return Band(ends[place], ends[place + 1], answers, answers)", "how many answered"),
    # --- the band of how many answered
    Mutant("n_band(answers, rules.answers, counted)", "n_band(answers, rules.answers)",
           "all others answered"),
    Mutant("            counted is not None\n", "            counted is None\n",
           "all others answered"),
    Mutant(_CLEAR, _CLEAR.replace("(CLEAR_OF - 1)", "CLEAR_OF"), "all others answered"),
    Mutant(_CLEAR, _CLEAR.replace("<= CLEAR_OF * counted", "< CLEAR_OF * counted"),
           "all others answered"),
    Mutant("CLEAR_OF = 4 ", "CLEAR_OF = 8 ", "all others answered"),
    Mutant("if start - low < NARROWEST:", "if start <= low:", "how many answered"),
    Mutant("        if n < start:", "        if n <= start:", "a band holds what it is of"),
    Mutant("return low, start - 1", "return low, start - 2", "a band holds what it is of"),
    Mutant("return low, start - 1", "return n, n", "how many answered"),
    Mutant("        low = start\n", "        low = n\n", "how many answered"),
)  # fmt: skip

MUTANTS: Final = tuple(
    (module, mutant) for module, all_of in ((gate, GATE), (bands, BANDS)) for mutant in all_of
)
