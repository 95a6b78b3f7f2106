"""Ways to decide what is published: the bot's own, and those that it is held against."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from bot.domain.bands import Band, held_between, n_band, publish
from bot.domain.gate import BlockRoster, GateRules, plan_question
from bot.simulation.organisation import HIGHEST, LOWEST

Group = frozenset[str]
Planner = Callable[[Sequence[BlockRoster], Sequence[Group], GateRules], Mapping[str, Group | None]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a result says of a mean: low ≤ mean ≤ high. `band` is what the next one goes by."""

    low: Fraction
    high: Fraction
    band: Band | None = None


# Counts of the answers 1 to 5, how many were counted, what was shown last → what is shown, or None.
Publisher = Callable[[Sequence[int], int, Band | None], Shown | None]


@dataclass(frozen=True, slots=True)
class Design:
    """What is asked of whom, and what comes out.

    questions      how many there are: two a week, so 20 come back after ten weeks
    one_ledger     sets of all questions stand in one ledger, not in one for each question
    horizon_weeks  how long a set stands in it
    """

    name: str
    planner: Planner
    publisher: Publisher
    questions: int = 20
    one_ledger: bool = False
    horizon_weeks: int = GateRules().horizon_weeks


# --- whom to count -------------------------------------------------------------------------


def plain_threshold(
    blocks: Sequence[BlockRoster], released: Iterable[Group], rules: GateRules
) -> dict[str, Group | None]:
    """Everybody, where there are enough: what most tools do."""
    return {
        block.block_id: block.roster if len(block.roster) >= rules.answers else None
        for block in blocks
    }


def pairwise_ledger(
    blocks: Sequence[BlockRoster], released: Iterable[Group], rules: GateRules
) -> dict[str, Group | None]:
    """Everybody, unless a set differs by fewer than k from one that was published before."""
    sets = list(released)
    sets_of: defaultdict[str, set[int]] = defaultdict(set)

    def add(group: Group, number: int) -> None:
        for person in group:
            sets_of[person].add(number)

    for number, group in enumerate(sets):
        add(group, number)
    plan: dict[str, Group | None] = {}
    for block in blocks:
        near = set().union(*(sets_of[person] for person in block.roster if person in sets_of))
        apart = (len(block.roster ^ sets[number]) for number in near)
        is_clear = not any(0 < difference < rules.answers for difference in apart)
        chosen = block.roster if len(block.roster) >= rules.counted and is_clear else None
        plan[block.block_id] = chosen
        if chosen is not None:
            add(chosen, len(sets))
            sets.append(chosen)
    return plan


# --- what to show --------------------------------------------------------------------------


def held_bands(counts: Sequence[int], counted: int, earlier: Band | None) -> Shown | None:
    """The bot's own bands: as wide as chance, and held until a mean has clearly left them."""
    rules = GateRules()
    band = publish(counts, LOWEST, HIGHEST, rules, counted, earlier)
    if band is None:
        return None
    if earlier is None:
        return Shown(band.mean_low, band.mean_high, band)
    held = held_between(earlier, LOWEST, HIGHEST, band.n_low, rules.insiders)
    if held is None:
        return Shown(band.mean_low, band.mean_high, band)
    left, right = held
    if (band.mean_low, band.mean_high) == (earlier.mean_low, earlier.mean_high):
        return Shown(max(left, Fraction(LOWEST)), min(right, Fraction(HIGHEST)), band)
    if band.mean_high > earlier.mean_high:
        return Shown(max(band.mean_low, right), band.mean_high, band)
    return Shown(band.mean_low, min(band.mean_high, left), band)


def bands_afresh(counts: Sequence[int], counted: int, earlier: Band | None) -> Shown | None:
    """The same bands, found anew each time."""
    shown = held_bands(counts, counted, None)
    return shown and Shown(shown.low, shown.high)


def narrow_bands(counts: Sequence[int], counted: int, earlier: Band | None) -> Shown | None:
    """A band between any two half points that rule no answer out, found anew each time."""
    rules = GateRules()
    n = sum(counts)
    if n < rules.answers:
        return None
    n_low, _ = n_band(n, rules.answers, counted)
    margin = Fraction((HIGHEST - LOWEST) * (1 + rules.insiders), n_low)
    first, last = floor(2 * (LOWEST + margin)) + 1, floor(2 * (HIGHEST - margin))
    ends = [
        Fraction(LOWEST),
        *(Fraction(halves, 2) for halves in range(first, last + 1)),
        Fraction(HIGHEST),
    ]
    place = bisect_right(ends[1:-1], _mean(counts))
    return Shown(ends[place], ends[place + 1])


def exact_means(counts: Sequence[int], counted: int, earlier: Band | None) -> Shown | None:
    """The mean itself, from as many answers as other tools ask for."""
    if sum(counts) < GateRules().answers:
        return None
    return Shown(_mean(counts), _mean(counts))


def _mean(counts: Sequence[int]) -> Fraction:
    return LOWEST + Fraction(sum(i * count for i, count in enumerate(counts)), sum(counts))


OURS = Design("ours", plan_question, held_bands)
AFRESH = Design("ours, bands found afresh", plan_question, bands_afresh)
NARROW = Design("ours, narrow bands found afresh", plan_question, narrow_bands)
PLAIN = Design("plain threshold, exact means", plain_threshold, exact_means)
PAIRWISE = Design("pairwise ledger, exact means", pairwise_ledger, exact_means)
PLAIN_IN_BANDS = Design("plain threshold, our bands", plain_threshold, held_bands)
ONE_LEDGER = Design(
    "ours, one ledger for all questions", plan_question, held_bands, one_ledger=True
)
LONG_HORIZON = Design("ours, horizon of 13 weeks", plan_question, held_bands, horizon_weeks=13)
CLOSE_TOGETHER = Design("ours, each question every 4 weeks", plan_question, held_bands, questions=8)
