"""The attacker who adds and subtracts exact sums, and so computes what single people answered."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from bot.simulation.releases import Release, Year

PRIME = 2**61 - 1

Row = dict[str, int]


class Sums:
    """Known sums of answers, solved exactly: reduced rows over a large prime field.

    Each row says that the answers of some people, times their weights, make a known number. The
    rows are kept reduced, so an answer is determined just if its row holds nobody else. What the
    numbers are doesn't matter for that, so they aren't kept.
    """

    def __init__(self, groups: Iterable[frozenset[str]] = ()) -> None:
        groups = list(groups)
        self._rows: dict[str, Row] = {}
        self._pivots_with: defaultdict[str, set[str]] = defaultdict(set)
        self._in_groups = Counter(person for group in groups for person in group)
        for group in groups:
            self.learn(group)

    def learn(self, group: frozenset[str]) -> None:
        """Take in the sum of the answers of a group, or the answer of a single person."""
        row = dict.fromkeys(sorted(group), 1)
        for person in [one for one in row if one in self._rows]:
            _subtract(row, self._rows[person], row[person])
        if row:
            self._add(row)

    def told_by(self, insiders: Iterable[str]) -> Sums:
        """The same, with what insiders say that they answered."""
        more = Sums()
        more._rows = {pivot: dict(row) for pivot, row in self._rows.items()}
        more._pivots_with.update((one, set(held)) for one, held in self._pivots_with.items())
        for insider in insiders:
            more.learn(frozenset({insider}))
        return more

    def determined(self) -> set[str]:
        """Whose answer follows."""
        return {person for person, row in self._rows.items() if len(row) == 1}

    def _add(self, row: Row) -> None:
        """Solve a row for somebody in few groups: then rows stay short, one block beside others."""
        pivot = min(row, key=self._in_groups.__getitem__)
        inverse = pow(row[pivot], -1, PRIME)
        row = {person: weight * inverse % PRIME for person, weight in row.items()}
        for place in list(self._pivots_with[pivot]):
            other = self._rows[place]
            _subtract(other, row, other[pivot])
            self._note(place, row)
        self._rows[pivot] = row
        self._note(pivot, row)

    def _note(self, pivot: str, touched: Iterable[str]) -> None:
        """Keep who is in the row of a pivot, of those for whom that may have changed."""
        row = self._rows[pivot]
        for person in touched:
            if person in row:
                self._pivots_with[person].add(pivot)
            else:
                self._pivots_with[person].discard(pivot)


def _subtract(row: Row, other: Row, times: int) -> None:
    for person, weight in other.items():
        left = (row.get(person, 0) - times * weight) % PRIME
        if left:
            row[person] = left
        else:
            row.pop(person, None)


def insiders_of(releases: Iterable[Release], how_many: int, seed: int) -> frozenset[str]:
    """A few people who tell what they answered: at least so many of each set that was counted.

    They are drawn once and tell all year long; somebody else tells only where those who did so far
    have left a block.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    insiders: set[str] = set()
    for release in sorted(releases, key=lambda one: (one.week, one.question, one.block)):
        missing = how_many - len(release.counted & insiders)
        if missing > 0:
            others = sorted(release.counted - insiders)
            insiders.update(chance.sample(others, min(missing, len(others))))
    return frozenset(insiders)


def determined(year: Year, insiders: Collection[str]) -> frozenset[str]:
    """Who has an answer to at least one question that follows from exact means, insiders aside.

    The attacker knows who answered, so each exact mean is an exact sum. Means that aren't exact
    tell this attacker nothing.
    """
    by_question: defaultdict[int, list[frozenset[str]]] = defaultdict(list)
    for release in year.releases:
        if release.low == release.high:
            by_question[release.question].append(release.answered)
    found = (_solved(groups, insiders) for groups in by_question.values())
    return frozenset().union(*found)


def _solved(groups: Sequence[frozenset[str]], insiders: Collection[str]) -> set[str]:
    told = frozenset(insiders)
    return Sums({group - told for group in groups}).determined()
