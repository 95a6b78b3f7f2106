"""The attacker who adds and subtracts, against the real bot: imports, ledger and rounds.

An organisation is re-organised between rounds. All who are counted answer, always the same, and
the attacker gets exact sums. The ledger looks back over several rounds of the same two questions;
with the rules as they are, it is empty whenever a question comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from bot.domain.gate import GateRules
from tests.attacks.place import Place
from tests.attacks.published_sets import HAS
from tests.attacks.verdict import OURS, Verdict
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.reorganising import Organisation
from tests.support.rounds import Group, Opened, humans, open_on, settle, under, week
from tests.unit.domain.attackers import singled_out

RULES: Final = GateRules()
FAR_BACK: Final = replace(RULES, horizon_weeks=3 * RULES.spacing_weeks)
ROUNDS: Final = 5
SIZES: Final = (RULES.counted + 4, RULES.counted + 2, RULES.counted + 1, RULES.answers + 1)


async def rounds_of_a_restless_organisation(place: Place) -> list[Opened]:
    """What the real bot counts in each round, and who was on the rosters then."""
    organisation = Organisation(Random(1))  # noqa: S311 - a simulation
    organisation.found(SIZES)
    directory, clock, platform = place.new_directory(), StillClock(), MemoryPlatform()
    rounds: list[Opened] = []
    with place.new_url(directory) as url:
        async with open_core(directory, place.library, clock, platform, url=url) as core:
            world = World(core, clock, platform, {})
            under(world, place.library, FAR_BACK, questions=2)
            for number in range(ROUNDS):
                monday = week(number * RULES.spacing_weeks)
                await settle(world, monday, organisation.lines())
                rounds.append(await open_on(world, monday + timedelta(days=1)))
                organisation.change()
    return rounds


def subtract_rounds(design: str, database: str, rounds: Sequence[Opened]) -> Verdict:
    """Solve for everybody's answer, from all rounds that the ledger remembers together."""
    everybody = {one for opened in rounds for group in humans(opened.rosters) for one in group}
    known: set[str] = set()
    for last in rounds:
        since = last.day - timedelta(weeks=FAR_BACK.horizon_weeks)
        together = [opened for opened in rounds if since <= opened.day <= last.day]
        for question in last.counted:
            groups = humans(group for one in together for group in _sums(design, one, question))
            known |= singled_out(groups, RULES.insiders) if groups else set()
    return Verdict(
        "Adds and subtracts: rounds between re-organisations",
        HAS,
        design,
        database,
        len(everybody),
        len(known),
        by_chance=0,
    )


def _sums(design: str, opened: Opened, question: str) -> Iterable[Group]:
    """The groups of which a design would publish something."""
    if design == OURS:
        return opened.counted.get(question, [])
    return [roster for roster in opened.rosters if len(roster) >= RULES.answers]
