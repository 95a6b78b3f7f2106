"""The gate's rules: which hold, and for which round.

A round keeps the rules that it opened with to its end. Everything else goes by those that the next
round will have. What a process's settings ask for holds for nobody until it was recorded and
announced: see `bot.usecases.raise_rules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.gate import GateRules
from bot.domain.raising import at_least_the_defaults, numbers_of
from bot.store import rules
from bot.store.database import Session
from bot.store.tables import Round, RuleSet
from bot.usecases.core import Core


async def coming_rules(core: Core, session: Session) -> GateRules:
    """The rules of the next round; before the launch, when nothing is recorded, those asked for."""
    newest = await rules.newest(session)
    return as_rules(newest) if newest else core.asked


async def next_rules(core: Core) -> GateRules:
    """The same, for whoever has no session."""
    async with core.database.reading() as session:
        return await coming_rules(core, session)


async def rules_of(session: Session, asked: Round) -> GateRules:
    """The rules that a round opened with."""
    return as_rules(await rules.by_id(session, asked.rules_id))


async def recorded_rules(core: Core, session: Session, now: datetime) -> RuleSet:
    """The newest rules; the first are recorded here, when somebody first goes by them.

    The session holds Lock.PLANNING. Nobody is told of the first ones: there were no others.
    """
    newest = await rules.newest(session)
    return newest or await rules.record(session, 1, numbers_of(core.asked), now)


def held_since(history: Sequence[RuleSet]) -> dict[str, datetime]:
    """Rule → since when it has had its present number, by the rules as they were raised."""
    return {
        name: next(row.recorded_at for row in history if getattr(row, name) == number)
        for name, number in numbers_of(history[-1]).items()
    }


def as_rules(recorded: RuleSet) -> GateRules:
    """Recorded numbers as rules. No version of the bot goes below its own defaults."""
    return at_least_the_defaults(numbers_of(recorded))
