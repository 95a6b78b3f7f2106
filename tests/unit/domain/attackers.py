"""The attacker: a manager who knows all rosters, everything published, and what insiders answered.

It plays against any planner, so that the real gate, weaker ones and broken ones meet the same
attacks. The worst case is played: exact sums are published instead of bands, every week, everybody
counted answers, nobody ever changes an answer, and the ledger never forgets.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.domain.gate import BlockRoster, GateRules
from bot.simulation.sums import Sums

Group = frozenset[str]
Chooser = Callable[[Group, Group | None, Iterable[Group], GateRules], Group | None]
Planner = Callable[[Sequence[BlockRoster], Iterable[Group], GateRules], Mapping[str, Group | None]]
Week = Mapping[str, Group]  # block → who is in it
Attack = Callable[[Planner], set[str]]  # whom the attacker learns something about

RULES = GateRules()
ENDLESS = 10**6


def singled_out(groups: Collection[Group], insiders: int) -> set[str]:
    """Whose answer follows from exact sums, given the answers of any so many others."""
    sums = Sums(groups)
    everybody: Group = frozenset().union(*groups)
    found = sums.determined()
    for telling in combinations(sorted(everybody), insiders):
        found |= sums.told_by(telling).determined() - set(telling)
    return found


@dataclass(frozen=True, slots=True)
class Release:
    """One block published in one week: the sum over those of the counted who were still there."""

    week: int
    counted: Group
    answered: Group


def play(
    planner: Planner, weeks: Iterable[Week], horizon: int = ENDLESS, rules: GateRules = RULES
) -> list[Release]:
    """Open one round a week; the ledger reaches back so many weeks."""
    releases: list[Release] = []
    last: dict[str, Group] = {}
    for number, week in enumerate(weeks):
        blocks = [BlockRoster(block, roster, last.get(block)) for block, roster in week.items()]
        ledger = [earlier.counted for earlier in releases if number - earlier.week <= horizon]
        plan = planner(blocks, ledger, rules)
        present = frozenset().union(*week.values())
        for block, chosen in plan.items():
            if chosen is not None:
                last[block] = chosen
                releases.append(Release(number, chosen, chosen & present))
    return releases


def published(planner: Planner, weeks: Iterable[Week], horizon: int = ENDLESS) -> list[Group]:
    """Whose answers make up each published sum."""
    return [release.answered for release in play(planner, weeks, horizon)]


def block_by_block(chooser: Chooser) -> Planner:
    """A planner that asks a chooser about one block after the other."""

    def planner(
        blocks: Sequence[BlockRoster], released: Iterable[Group], rules: GateRules
    ) -> dict[str, Group | None]:
        ledger = list(released)
        plan: dict[str, Group | None] = {}
        for block in blocks:
            plan[block.block_id] = chosen = chooser(block.roster, block.last, ledger, rules)
            if chosen is not None:
                ledger.append(chosen)
        return plan

    return planner


def people(prefix: str, how_many: int) -> Group:
    return frozenset(f"{prefix}{i}" for i in range(how_many))


def a_year(seed: int, weeks: int = 52) -> list[Week]:
    """150 people in 16 teams of 5 to 14; 18% leave in a year, each replaced in some team.

    One in ten changes the team as well, and every eight weeks half of a team is moved to another.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    sizes = [chance.randint(5, 14) for _ in range(15)]
    while not 5 <= 150 - sum(sizes) <= 14:
        sizes = [chance.randint(5, 14) for _ in range(15)]
    teams = [set(people(f"{t}.", size)) for t, size in enumerate([*sizes, 150 - sum(sizes)])]
    joined = 0
    year: list[Week] = []
    for week in range(weeks):
        if week % 8 == 4:
            _reorganise(teams, chance)
        for team in teams:
            for person in sorted(team):
                fate = chance.random() * 52
                if fate < 0.28:
                    team.discard(person)
                    joined += fate < 0.18
                    chance.choice(teams).add(f"joined{joined}" if fate < 0.18 else person)
        year.append({str(t): frozenset(team) for t, team in enumerate(teams)})
    return year


def _reorganise(teams: list[set[str]], chance: random.Random) -> None:
    giving, taking = chance.sample(teams, 2)
    moving = set(chance.sample(sorted(giving), len(giving) // 2))
    giving -= moving
    taking |= moving


# --- the attacks ---------------------------------------------------------------------------


def subtracting_for_a_year(planner: Planner) -> set[str]:
    """Solve for all answers of a year, with one insider."""
    return singled_out(published(planner, a_year(seed=1)), RULES.insiders)


def three_groups(planner: Planner) -> set[str]:
    """X is v with B, Y is v with C, Z is B with C: (X + Y - Z) / 2 is v."""
    v, b, c = people("v", 1), people("b", 7), people("c", 7)
    weeks = [{"block": v | b}, {"block": v | c}, {"block": b | c}]
    return singled_out(published(planner, weeks), insiders=0)


def four_leave_and_three_tell(planner: Planner) -> set[str]:
    """Of those in the difference of two sets, all but one tell."""
    stay, leave = people("stay", 9), people("leave", 4)
    sums = Sums(published(planner, [{"block": stay | leave}, {"block": stay}]))
    telling = sorted(leave)[:3]
    return sums.told_by(telling).determined() - set(telling)


def one_leaves(planner: Planner) -> set[str]:
    """The set of last time again, without somebody who has left; a joiner blurs nothing."""
    stay, leaver, joiner = people("stay", 9), people("leaver", 1), people("joiner", 1)
    weeks = [{"block": stay | leaver}, {"block": stay | joiner}]
    return singled_out(published(planner, weeks), insiders=0)


def one_joins(planner: Planner) -> set[str]:
    stay, joiner = people("stay", 9), people("joiner", 1)
    weeks = [{"block": stay}, {"block": stay | joiner}]
    return singled_out(published(planner, weeks), insiders=0)


def in_two_steps(planner: Planner) -> set[str]:
    """Five join, then they leave with another one: no step shows that one, both together do."""
    stay, leaver, guests = people("stay", 9), people("leaver", 1), people("guest", 5)
    weeks = [{"block": week} for week in (stay | leaver, stay | leaver | guests, stay)]
    return singled_out(published(planner, weeks), insiders=0)


def two_blocks_at_once(planner: Planner) -> set[str]:
    """Two blocks of one round that differ by one person."""
    stay, one = people("stay", 9), people("one", 1)
    return singled_out(published(planner, [{"with": stay | one, "without": stay}]), insiders=0)


def who_answered(planner: Planner) -> set[str]:
    """Whoever must have answered, since without them there would have been too few to publish."""
    small, large = people("small", 5), people("large", 9)
    counted = [release.counted for release in play(planner, [{"small": small, "large": large}])]
    return {one for group in counted if len(group) - 1 < RULES.answers for one in group}


ATTACKS: tuple[Attack, ...] = (
    subtracting_for_a_year,
    three_groups,
    four_leave_and_three_tell,
    one_leaves,
    one_joins,
    in_two_steps,
    two_blocks_at_once,
    who_answered,
)
