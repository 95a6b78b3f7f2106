"""Whether whole numbers can lie within bounds while sums of them lie within others.

That is found exactly, by narrowing bounds until nothing moves, and trying halves of what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Bounds = list[int]

TRIES: Final = 400


class TooHard(Exception):
    """No answer was found within the number of tries."""


@dataclass(frozen=True, slots=True)
class Total:
    """low ≤ plus - minus ≤ high, where these are sums of numbers, given by their places.

    No place is in both, and `low` isn't above `high`.
    """

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    low: int
    high: int

    def of(self, numbers: Sequence[int]) -> int:
        return sum(numbers[i] for i in self.plus) - sum(numbers[i] for i in self.minus)

    @property
    def places(self) -> tuple[int, ...]:
        return self.plus + self.minus


@dataclass(slots=True)
class _Node:
    """A part of the search: bounds of each number, and the totals that may narrow them."""

    lows: Bounds
    highs: Bounds
    waiting: set[int]


class Constraints:
    """Totals over numbers with bounds; asked again and again for some number's other bounds."""

    def __init__(
        self, lows: Sequence[int], highs: Sequence[int], totals: Iterable[Total], tries: int = TRIES
    ) -> None:
        """After so many `tries` an answer is given up as too hard."""
        self._totals = list(totals)
        self._tries = tries
        self._totals_with: list[list[int]] = [[] for _ in lows]
        for i, total in enumerate(self._totals):
            for place in total.places:
                self._totals_with[place].append(i)
        self._root = _Node(list(lows), list(highs), set(range(len(self._totals))))
        self._is_possible = self._narrow(self._root)

    def fit(self, numbers: Sequence[int]) -> bool:
        """Whether these numbers keep to all totals."""
        return self._broken(numbers) is None

    def solve(self, place: int, low: int, high: int, hint: Sequence[int]) -> tuple[int, ...] | None:
        """Numbers that fit, of which one is between other bounds; None: there are none.

        It looks first near `hint`, so one that fits but for this number makes it quick. Raises
        TooHard.
        """
        low = max(low, self._root.lows[place])
        high = min(high, self._root.highs[place])
        if not self._is_possible or low > high:
            return None
        search = [self._part(self._root, place, low, high)]
        for _ in range(self._tries):
            if not search:
                return None
            node = search.pop()
            if not self._narrow(node):
                continue
            guess = [
                min(max(number, low), high)
                for number, low, high in zip(hint, node.lows, node.highs, strict=True)
            ]
            broken = self._broken(guess)
            if broken is None:
                return tuple(guess)
            search += self._halves(node, broken, guess)
        raise TooHard

    def _part(self, node: _Node, place: int, low: int, high: int) -> _Node:
        """The same with other bounds of one number."""
        lows, highs = node.lows.copy(), node.highs.copy()
        lows[place], highs[place] = low, high
        return _Node(lows, highs, set(self._totals_with[place]))

    def _broken(self, guess: Sequence[int]) -> Total | None:
        for total in self._totals:
            if not total.low <= total.of(guess) <= total.high:
                return total
        return None

    def _halves(self, node: _Node, broken: Total, guess: Sequence[int]) -> tuple[_Node, _Node]:
        """Halve the widest number of a broken total; the half that mends it comes last."""
        place = max(broken.places, key=lambda i: node.highs[i] - node.lows[i])
        low, high = node.lows[place], node.highs[place]
        middle = (low + high) // 2
        lower = self._part(node, place, low, middle)
        upper = self._part(node, place, middle + 1, high)
        raises = (broken.of(guess) < broken.low) == (place in broken.plus)
        return (lower, upper) if raises else (upper, lower)

    def _narrow(self, node: _Node) -> bool:
        """Narrow bounds as far as single totals tell. False: nothing fits."""
        while node.waiting:
            total = self._totals[node.waiting.pop()]
            if not self._narrow_by(total, node):
                return False
        return True

    def _narrow_by(self, total: Total, node: _Node) -> bool:
        lows, highs = node.lows, node.highs
        least = sum(lows[i] for i in total.plus) - sum(highs[i] for i in total.minus)
        most = sum(highs[i] for i in total.plus) - sum(lows[i] for i in total.minus)
        up, down = total.high - least, most - total.low
        if up < 0 or down < 0:
            return False
        for i in total.plus:
            self._set(node, i, highs[i] - down, lows[i] + up)
        for i in total.minus:
            self._set(node, i, highs[i] - up, lows[i] + down)
        return True

    def _set(self, node: _Node, place: int, low: int, high: int) -> None:
        """Take over narrower bounds; then all totals with this number may narrow more.

        Bounds never cross here: both are as far as one total allows, and that is possible.
        """
        if low > node.lows[place]:
            node.lows[place] = low
            node.waiting.update(self._totals_with[place])
        if high < node.highs[place]:
            node.highs[place] = high
            node.waiting.update(self._totals_with[place])
