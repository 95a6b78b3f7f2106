"""What pulses can show of a group of so many people: said at set-up, before anybody is written to.

Everything follows from the gate's rules and from the bands, so it can't promise more than they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from bot.domain.bands import cut_points, n_band
from bot.domain.gate import GateRules

# The scales that questions are asked on: agreement, and those of the ONS.
SCALES = ((1, 5), (0, 10))
# A group of fewer than so many times K is small: what it is shown, and told, is coarse.
SMALL = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be told of so many answers: `cuts` are where the bands of the mean meet."""

    n_low: int
    n_high: int | None
    low: int
    high: int
    cuts: tuple[Fraction, ...]

    @property
    def bands(self) -> int:
        """Into how many bands of the mean the scale is cut; 1 tells only that enough answered."""
        return len(self.cuts) + 1

    @property
    def is_halves(self) -> bool:
        """Whether all that shows is which half of the scale answers lean to."""
        return self.cuts == (Fraction(self.low + self.high, 2),)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a group of some counted people can expect under some rules.

    people     how many may be counted in it: whoever manages anybody in it isn't
    may_leave  how many may leave before it isn't asked any more; below zero, how many are missing
    """

    people: int
    rules: GateRules

    @property
    def is_asked(self) -> bool:
        return self.people >= self.rules.counted

    @property
    def is_small(self) -> bool:
        return self.people < SMALL * self.rules.counted

    @property
    def may_leave(self) -> int:
        return self.people - self.rules.counted

    def shown(self, scale: tuple[int, int]) -> tuple[Shown, ...]:
        """For each band of answers what can be told, the fewest first; nothing if never asked."""
        if not self.is_asked:
            return ()
        fewest, insiders = self.rules.answers, self.rules.insiders
        possible = range(fewest, self.people + 1)
        bands = dict.fromkeys(n_band(answers, fewest, self.people) for answers in possible)
        low, high = scale
        return tuple(
            Shown(n_low, n_high, low, high, cut_points(low, high, n_low, insiders))
            for n_low, n_high in bands
        )


@dataclass(frozen=True, slots=True)
class Sizes:
    """Groups of `fewest` to `most` people, of whom the same can be shown; None is "and more"."""

    fewest: int
    most: int | None


def sizes(rules: GateRules) -> list[Sizes]:
    """The sizes up to which something changes, until a group is no longer small."""
    large = SMALL * rules.counted
    found = [
        Sizes(alike[0], alike[-1])
        for alike in _alike(Expectation(people, rules) for people in range(1, large))
    ]
    return [*found, Sizes(large, None)]


def _alike(groups: Iterable[Expectation]) -> Iterator[list[int]]:
    for _, alike in groupby(groups, key=lambda group: [group.shown(scale) for scale in SCALES]):
        yield [group.people for group in alike]


def finer_from(rules: GateRules, most: int = 1000) -> int | None:
    """From how many people on more can be shown than of a group that has just outgrown small."""
    start = Expectation(SMALL * rules.counted, rules)
    return next(
        (
            people
            for people in range(start.people, most)
            if _finest(Expectation(people, rules)) > _finest(start)
        ),
        None,
    )


def _finest(group: Expectation) -> int:
    return max(shown.bands for scale in SCALES for shown in group.shown(scale))


def longest_rest(rules: GateRules) -> int:
    """For how many weeks a group that is large enough may rest after somebody left it.

    None (0) as long as no question is asked twice within the horizon: then nothing in its ledger
    could be subtracted.
    """
    return rules.horizon_weeks if rules.horizon_weeks >= rules.spacing_weeks else 0


def finest_small(rules: GateRules) -> Shown:
    """The most that can be told of a small group, on the scale of the bot's own questions."""
    return Expectation(SMALL * rules.counted - 1, rules).shown(SCALES[0])[-1]
