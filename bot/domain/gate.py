"""The gate: which groups of people a pulse may be published for.

It decides from rosters alone, before any answer exists, so that neither a summary nor a silence
says anything about an answer. A threshold by itself isn't enough: whoever knows the rosters adds
and subtracts what was published. Three groups that differ by five people or more from each other
can still single one person out: if X is v with B, Y is v with C, and Z is B with C, then
(X + Y - Z) / 2 is the answer of v.

The rule looks at *atoms*: people are in one atom if exactly the same published sets hold them. Any
sum or difference of published totals weighs the members of an atom alike, so nobody can be singled
out from an atom of k, not even by k - 2 of its members who tell what they answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class GateRules:
    """The numbers of the gate. They can be raised, never lowered.

    answers        k: fewer answers than this are "too few"; no atom is smaller. Five is what other
                   survey tools hold for scores, such as Viva Glint:
                   https://learn.microsoft.com/en-us/viva/glint/setup/privacy-protection-reporting
    counted        K: a group of fewer people isn't asked
    horizon_weeks  H: for so long a published set stands in the ledger of its question
    insiders       c: as many colleagues may tell an attacker what they answered
    spacing_weeks  the same question is asked at least so far apart

    Only the same question can be subtracted from itself, hence a ledger for each question; and
    asking it more rarely than the ledger forgets is what keeps groups from resting often.
    """

    answers: int = 5
    counted: int = 8
    horizon_weeks: int = 6
    insiders: int = 1
    spacing_weeks: int = 8

    def __post_init__(self) -> None:
        for rule in fields(self):
            value = getattr(self, rule.name)
            if value < rule.default:
                raise ValueError(
                    f"The anonymity rule '{rule.name}' can be raised, never lowered: "
                    f"{value} is below {rule.default}."
                )


@dataclass(frozen=True, slots=True)
class BlockRoster:
    """A block at the opening of a round: who could be counted, and who was the last time.

    People are random ledger ids. `last` is None if nothing of the block is in the ledger.
    """

    block_id: str
    roster: frozenset[str]
    last: frozenset[str] | None


def plan_question(
    blocks: Sequence[BlockRoster], released: Iterable[frozenset[str]], rules: GateRules
) -> dict[str, frozenset[str] | None]:
    """Block → the set to count for one question, or None where the block rests.

    Goes through the blocks in the given order, which has to be a fixed one. `released` are the sets
    in the question's ledger; what is chosen for a block joins them for the next. The whole takes
    time in proportion to the sizes of all sets together.
    """
    atoms = Atoms(rules)
    for earlier in released:
        atoms.add(earlier)
    plan: dict[str, frozenset[str] | None] = {}
    for block in blocks:
        chosen = _first_choice(block.roster, block.last, atoms.admit)
        plan[block.block_id] = chosen
        if chosen is not None:
            atoms.add(chosen)
    return plan


def choose(
    roster: frozenset[str],
    last: frozenset[str] | None,
    released: Iterable[frozenset[str]],
    rules: GateRules,
) -> frozenset[str] | None:
    """The set to count for one block: its roster, else its last set, else nobody: it rests.

    Falling back to the last set makes joiners wait. That takes everybody of the last set to be
    there still: if one has left, the rest would be published without them, and the difference to
    the last time would be the answer of whoever left.
    """
    ledger = tuple(released)
    return _first_choice(roster, last, lambda chosen: admissible(chosen, ledger, rules))


def _first_choice(
    roster: frozenset[str], last: frozenset[str] | None, admit: Callable[[frozenset[str]], bool]
) -> frozenset[str] | None:
    if admit(roster):
        return roster
    if last is not None and last <= roster and admit(last):
        return last
    return None


def admissible(
    candidate: frozenset[str], released: Iterable[frozenset[str]], rules: GateRules
) -> bool:
    """Whether a set may be published beside those that were: the definition, word for word.

    Group everybody by which of the sets hold them. The candidate has at least K people, and every
    group (atom) at least k. It goes through all sets: to plan a whole round, `Atoms` is quicker.
    """
    if len(candidate) < rules.counted:
        return False
    sets = (candidate, *released)
    everybody = frozenset().union(*sets)
    atoms = Counter(tuple(person in one for one in sets) for person in everybody)
    return min(atoms.values()) >= rules.answers


class Atoms:
    """The atoms of the sets added so far; says the same as `admissible`, but at once.

    Each person's atom is kept as a number, and each atom's size. A set is tested or added in time
    proportional to its own size, however many were added before.
    """

    def __init__(self, rules: GateRules) -> None:
        self._rules = rules
        self._atom_of: dict[str, int] = {}
        self._sizes: list[int] = []
        self._has_too_small = False  # for good: what falls into two only gets smaller

    def admit(self, candidate: frozenset[str]) -> bool:
        """Whether a set may be published beside those that were added."""
        if len(candidate) < self._rules.counted or self._has_too_small:
            return False
        return not any(
            self._is_too_small(inside) or self._is_too_small(self._outside(atom, inside))
            for atom, inside in self._touched(candidate)
        )

    def add(self, released: frozenset[str]) -> None:
        """Add a set: each atom that it holds in part falls into two."""
        moved: dict[int | None, int] = {}
        for atom, inside in self._touched(released):
            outside = self._outside(atom, inside)
            if atom is not None and not outside:
                continue
            moved[atom] = len(self._sizes)
            self._sizes.append(inside)
            self._has_too_small |= self._is_too_small(inside) or self._is_too_small(outside)
            if atom is not None:
                self._sizes[atom] = outside
        for person in released:
            atom = self._atom_of.get(person)
            if atom in moved:
                self._atom_of[person] = moved[atom]

    def _touched(self, people: frozenset[str]) -> Iterable[tuple[int | None, int]]:
        """Each atom that a set touches, with how many it holds of it; None: in no set so far."""
        return Counter(map(self._atom_of.get, people)).items()

    def _outside(self, atom: int | None, inside: int) -> int:
        """How many of an atom a set leaves outside. Those in no set at all are no atom."""
        return 0 if atom is None else self._sizes[atom] - inside

    def _is_too_small(self, size: int) -> bool:
        return 0 < size < self._rules.answers
