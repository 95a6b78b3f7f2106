"""The attacker who rules values out: some of 1 to 5 that a person can't have answered.

It knows who answered each time, every band, and what insiders answered; and nobody ever changes an
answer. It reasons in whole numbers: a band says between which two numbers a sum of answers lies.
People in exactly the same published sets are one atom: only the sum of their answers matters, and
all of them are in the same position.

What is exact: for each value of each person it searches for answers of all others that go with
everything published, so "ruled out" is always right. What isn't: it takes a bounded number of tries
for one value, after which it is "undecided" and counts as not ruled out; and around each block it
looks at the nearest `NEAREST` results only, which in an organisation linked by people who move is
part of the whole. Whoever used all of it could rule out a little more.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from typing import Final

from bot.simulation.constraints import TRIES, Constraints, TooHard, Total
from bot.simulation.organisation import HIGHEST, LOWEST
from bot.simulation.releases import Release, Year

NEAREST: Final = 24
TWO: Final = 2
EACH_VALUE: Final = (LOWEST, HIGHEST, *range(LOWEST + 1, HIGHEST))  # the ends are ruled out first

Answers = Mapping[str, Mapping[int, int]]
Group = frozenset[str]


@dataclass(frozen=True, slots=True)
class RuledOut:
    """Of answers of people who are no insiders, how many were looked at (`total`), and found out.

    some         at least one value is ruled out
    at_most_two  no more than two values are left
    determined   one is left
    undecided    for some value this was too hard to say; it counts as not ruled out
    people       who has a determined answer
    """

    total: int = 0
    some: int = 0
    at_most_two: int = 0
    determined: int = 0
    undecided: int = 0
    people: frozenset[str] = frozenset()

    def __add__(self, other: RuledOut) -> RuledOut:
        return RuledOut(
            self.total + other.total,
            self.some + other.some,
            self.at_most_two + other.at_most_two,
            self.determined + other.determined,
            self.undecided + other.undecided,
            self.people | other.people,
        )


@dataclass(frozen=True, slots=True)
class Possible:
    """The values that one person can have answered, as far as the attacker can tell."""

    person: str
    values: frozenset[int]
    is_certain: bool

    def counted(self) -> RuledOut:
        left = len(self.values)
        return RuledOut(
            total=1,
            some=left < HIGHEST - LOWEST + 1,
            at_most_two=left <= TWO,
            determined=left == 1,
            undecided=not self.is_certain,
            people=frozenset({self.person} if left == 1 else ()),
        )


def rule_out(year: Year, insiders: Group, most: int, seed: int, tries: int = TRIES) -> RuledOut:
    """What the attacker rules out of the answers of blocks to questions: of so many, drawn by lot.

    More `tries` for one value leave less undecided, and take longer.
    The answers have to be those of every round, never changed. Raises ValueError if they aren't.
    """
    by_question: defaultdict[int, list[Release]] = defaultdict(list)
    for release in year.releases:
        by_question[release.question].append(release)
    places = sorted({(release.question, release.block) for release in year.releases})
    chance = random.Random(seed)  # noqa: S311 - a simulation
    drawn: defaultdict[int, list[str]] = defaultdict(list)
    for question, block in chance.sample(places, min(most, len(places))):
        drawn[question].append(block)
    found = RuledOut()
    for question, blocks in sorted(drawn.items()):
        told = {one: year.answers[one][question] for one in sorted(insiders)}
        truth = {one: answers[question] for one, answers in year.answers.items()}
        for possible in _of_blocks(by_question[question], blocks, told, truth, tries):
            found += possible.counted()
    return found


def possible_values(
    releases: Sequence[Release],
    told: Mapping[str, int],
    truth: Mapping[str, int],
    of: Group,
    tries: int = TRIES,
) -> list[Possible]:
    """The possible values of some people who are no insiders, from releases of one question.

    `told` are the answers of insiders. `truth`, everybody's answers, is where the search begins; no
    finding depends on it. Raises ValueError if it doesn't fit the releases.
    """
    return _Reasoning(releases, told, truth, tries).about(of)


def _of_blocks(
    releases: Sequence[Release],
    blocks: Iterable[str],
    told: Mapping[str, int],
    truth: Mapping[str, int],
    tries: int,
) -> Iterable[Possible]:
    """Everybody in these blocks, and nobody twice."""
    releases_with: defaultdict[str, list[Release]] = defaultdict(list)
    for release in releases:
        for person in release.answered:
            releases_with[person].append(release)
    seen: set[str] = set()
    for block in blocks:
        own = [release for release in releases if release.block == block]
        people = frozenset().union(*(release.answered for release in own)) - seen
        seen |= people
        yield from possible_values(_near(own, releases_with), told, truth, people, tries)


def _near(own: Sequence[Release], releases_with: Mapping[str, Sequence[Release]]) -> list[Release]:
    """A block's releases, then those that share people with them, and so on; the nearest first."""
    near = list(own)
    known = {id(release) for release in near}
    for release in near:
        for person in sorted(release.answered):
            for other in releases_with[person]:
                if id(other) not in known and len(near) < max(NEAREST, len(own)):
                    known.add(id(other))
                    near.append(other)
    return near


class _Reasoning:
    """What follows about people from the releases of one question."""

    def __init__(
        self,
        releases: Sequence[Release],
        told: Mapping[str, int],
        truth: Mapping[str, int],
        tries: int,
    ) -> None:
        self._atoms = _atoms([release.answered - told.keys() for release in releases])
        self._sizes = [len(atom) for atom in self._atoms.values()]
        self._constraints = Constraints(
            [LOWEST * size for size in self._sizes],
            [HIGHEST * size for size in self._sizes],
            _totals(releases, list(self._atoms), told),
            tries,
        )
        self._true_sums = [sum(truth[one] for one in atom) for atom in self._atoms.values()]
        if not self._constraints.fit(self._true_sums):
            raise ValueError("the answers aren't those that were published")
        self._values: list[set[int]] = [set() for _ in self._atoms]
        self._is_certain = [True] * len(self._sizes)
        self._take_in(self._true_sums)

    def about(self, people: Group) -> list[Possible]:
        found: list[Possible] = []
        for place, atom in enumerate(self._atoms.values()):
            asked_about = sorted(people.intersection(atom))
            if asked_about:
                self._try_each_value(place)
            values, is_certain = frozenset(self._values[place]), self._is_certain[place]
            found += [Possible(person, values, is_certain) for person in asked_about]
        return found

    def _try_each_value(self, place: int) -> None:
        others = self._sizes[place] - 1
        for value in EACH_VALUE:
            if value in self._values[place]:
                continue
            low, high = value + LOWEST * others, value + HIGHEST * others
            try:
                sums = self._constraints.solve(place, low, high, self._true_sums)
            except TooHard:
                self._values[place].add(value)
                self._is_certain[place] = False
                continue
            if sums is not None:
                self._take_in(sums)

    def _take_in(self, sums: Sequence[int]) -> None:
        """Note for every atom which values of one of its people these sums allow."""
        for values, size, total in zip(self._values, self._sizes, sums, strict=True):
            least, most = total - HIGHEST * (size - 1), total - LOWEST * (size - 1)
            values.update(range(max(LOWEST, least), min(HIGHEST, most) + 1))


def _atoms(sets: Sequence[Group]) -> dict[tuple[int, ...], list[str]]:
    """Which sets → the people who are in exactly these."""
    member_of: defaultdict[str, list[int]] = defaultdict(list)
    for i, one in enumerate(sets):
        for person in one:
            member_of[person].append(i)
    atoms: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for person in sorted(member_of):
        atoms[tuple(member_of[person])].append(person)
    return dict(atoms)


def _totals(
    releases: Sequence[Release], atoms: Sequence[tuple[int, ...]], told: Mapping[str, int]
) -> list[Total]:
    """What releases say of the sums of atoms; and what two say that share many people.

    The second follows from the first, but makes bounds narrow at once where a search would be long.
    """
    places = [
        frozenset(at for at, atom in enumerate(atoms) if i in atom) for i in range(len(releases))
    ]
    totals = [
        Total(tuple(sorted(at)), (), *_ends(release, told))
        for release, at in zip(releases, places, strict=True)
    ]
    for i, j in combinations(range(len(releases)), 2):
        one, other = places[i], places[j]
        if len(one ^ other) < len(one | other):
            low, high = totals[i].low - totals[j].high, totals[i].high - totals[j].low
            totals.append(Total(tuple(sorted(one - other)), tuple(sorted(other - one)), low, high))
    return totals


def _ends(release: Release, told: Mapping[str, int]) -> tuple[int, int]:
    """Between which two whole numbers the sum of all answers but the insiders' lies."""
    answers = len(release.answered)
    known = sum(told[one] for one in release.answered & told.keys())
    return ceil(release.low * answers) - known, floor(release.high * answers) - known
