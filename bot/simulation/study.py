"""The study: which organisations are simulated under which designs, and how attackers fare."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from bot.domain.gate import GateRules
from bot.simulation import designs
from bot.simulation.designs import Design
from bot.simulation.estimating import estimate
from bot.simulation.findings import Finding, Knows
from bot.simulation.organisation import Shape
from bot.simulation.ranking import Guess, right
from bot.simulation.reading import read
from bot.simulation.releases import Release, Year
from bot.simulation.ruling_out import RuledOut, rule_out
from bot.simulation.sums import determined, insiders_of
from bot.simulation.year import play

# The organisation that designs are compared on, or the nearest in size of those asked for.
USUAL_PEOPLE, USUAL_TURNOVER = 1000, 0.18
FEWEST_RESULTS = 4  # of a block, for the attacker to bother


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is computed: blocks to estimate in, places to rule out in, years at most."""

    blocks: int
    places: int
    years: int


FULL = Effort(blocks=250, places=100, years=40)
QUICK = Effort(blocks=12, places=10, years=3)


@dataclass(frozen=True, slots=True)
class Case:
    """One organisation, one design, one attacker."""

    shape: Shape
    design: Design
    knows: Knows = Knows.ROSTERS


def study(
    people: Sequence[int],
    turnovers: Sequence[float],
    seed: int,
    *,
    quick: bool,
    progress: Callable[[str], None],
) -> list[Finding]:
    """Simulate every case, on all processors; `progress` is told of each that is done."""
    work = partial(find, effort=QUICK if quick else FULL, seed=seed)
    found: list[Finding] = []
    with ProcessPoolExecutor() as processes:
        for finding in processes.map(work, cases(people, turnovers)):
            progress(f"{finding.design}, {finding.people} people")
            found.append(finding)
    return found


def cases(people: Sequence[int], turnovers: Sequence[float]) -> list[Case]:
    """All that is simulated: ours everywhere, and everything else where it can be compared."""
    usual = min(people, key=lambda size: abs(size - USUAL_PEOPLE))
    turnover = min(turnovers, key=lambda share: abs(share - USUAL_TURNOVER))
    shape = Shape(usual, turnover)
    everywhere = [Case(Shape(size, share), designs.OURS) for size in people for share in turnovers]
    watched = [Case(Shape(size, turnover), designs.OURS, Knows.WHO_ANSWERED) for size in people]
    others = (designs.NARROW, designs.PLAIN, designs.PAIRWISE)
    compared = [Case(Shape(usual, share), design) for design in others for share in turnovers]
    watched += [Case(shape, design, Knows.WHO_ANSWERED) for design in others]
    changed = [
        Case(shape, design)
        for design in (
            designs.AFRESH,
            designs.PLAIN_IN_BANDS,
            designs.ONE_LEDGER,
            designs.LONG_HORIZON,
            designs.CLOSE_TOGETHER,
        )
    ]
    other = [
        Case(Shape(usual, turnover, reorganises=False), designs.OURS),
        Case(Shape(usual, turnover, answering=0.5), designs.OURS),
        Case(Shape(usual, turnover, answering=0.95), designs.OURS),
    ]
    return [*everywhere, *watched, *compared, *changed, *other]


def find(case: Case, effort: Effort, seed: int) -> Finding:
    """Simulate one case, for as many years as it takes to see enough blocks."""
    seen = _Seen()
    for number in range(effort.years):
        _see_a_year(seen, case, effort, seed + number)
        if seen.blocks >= effort.blocks:
            break
    told = right(seen.guesses, seed)
    return Finding(
        people=case.shape.people,
        turnover=case.shape.turnover,
        design=case.design.name,
        reorganises=case.shape.reorganises,
        answering=case.shape.answering,
        knows=case.knows,
        published=seen.published / max(1, seen.asked),
        blocks=seen.blocks,
        determined=seen.determined,
        ruled_out=seen.ruled_out.some / max(1, seen.ruled_out.total),
        undecided=seen.ruled_out.undecided / max(1, seen.ruled_out.total),
        right=told.share if told else None,
        by_reading=told.by_reading if told else None,
        right_error=told.error if told else 0.0,
        gain_error=told.gain_error if told else 0.0,
    )


@dataclass(slots=True)
class _Seen:
    """What adds up over the years of a case."""

    asked: int = 0
    published: int = 0
    blocks: int = 0
    determined: int = 0
    ruled_out: RuledOut = field(default_factory=RuledOut)
    guesses: list[Guess] = field(default_factory=list)


def _see_a_year(seen: _Seen, case: Case, effort: Effort, seed: int) -> None:
    year = play(case.shape, case.design, seed)
    told = insiders_of(year.releases, GateRules().insiders, seed)
    seen.asked += year.asked
    seen.published += len(year.releases)
    if not seen.blocks:  # the first year is enough for these
        seen.determined = len(determined(year, told))
        seen.ruled_out = rule_out(year, told, effort.places, seed)
    for releases in _drawn_blocks(year, effort.blocks - seen.blocks, seed):
        seen.guesses += _guesses(case, year, releases, told, seen.blocks)
        seen.blocks += 1


def _drawn_blocks(year: Year, most: int, seed: int) -> list[list[Release]]:
    """The releases of some blocks, drawn by lot."""
    by_block: defaultdict[str, list[Release]] = defaultdict(list)
    for release in year.releases:
        by_block[release.block].append(release)
    enough = [found for _, found in sorted(by_block.items()) if len(found) >= FEWEST_RESULTS]
    chance = random.Random(seed)  # noqa: S311 - a simulation
    return chance.sample(enough, min(most, len(enough)))


def _guesses(
    case: Case, year: Year, releases: list[Release], told: frozenset[str], block: int
) -> list[Guess]:
    """What the attacker thinks of everybody who was counted in a block, but for insiders."""
    counted = frozenset[str]().union(*(release.counted for release in releases))
    watched = case.knows is Knows.WHO_ANSWERED
    found = estimate(
        releases,
        year.question_means,
        {one: year.traits[one] for one in counted & told},
        case.shape.answering,
        knows_who_answered=watched,
        seed=block,
    )
    by_reading = read(releases, year.question_means, knows_who_answered=watched)
    return [
        Guess(own, by_reading[one], year.traits[one], block, one in year.changing)
        for one, own in found.own.items()
        if one not in told
    ]
