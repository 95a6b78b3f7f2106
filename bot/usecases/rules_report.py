"""What the person who runs the bot is told of the gate's rules.

Which hold, since when, and what they do to the pulses of an organisation like this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.domain.gate import GateRules
from bot.domain.programme import ProgrammeKind
from bot.domain.raising import Change, Numbers, changes, fewest_telling, numbers_of, raised
from bot.store import rounds, rules
from bot.store.tables import RuleSet
from bot.usecases.core import Core
from bot.usecases.directory import blocks
from bot.usecases.rules import as_rules, held_since
from bot.usecases.upcoming import Upcoming, upcoming


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the history. `first_round` is None if no round has opened by it yet."""

    recorded_at: datetime
    changes: tuple[Change, ...]
    first_round: datetime | None


@dataclass(frozen=True, slots=True)
class Questions:
    """How many questions there are, and how many a week are asked, and may be by the spacing."""

    number: int
    asked_a_week: int
    possible_a_week: Fraction


@dataclass(frozen=True, slots=True)
class RulesReport:
    """The rules of the next round, how they came about, and what they mean here.

    since    rule → since when; empty before the launch, when nothing is recorded
    history  the first one first; the first has no changes
    asked    what the settings ask for beyond what holds, to be recorded by the running bot
    earlier  rounds that are open and go by earlier rules
    groups   how many people may be counted in each group
    telling  how many answers a mean needs to say more than the whole scale; None: it never does
    """

    rules: GateRules
    since: dict[str, datetime]
    history: tuple[Step, ...]
    asked: tuple[Change, ...]
    earlier: tuple[datetime, ...]
    next_round: Upcoming | None
    groups: tuple[int, ...]
    questions: Questions
    telling: int | None


async def rules_report(core: Core) -> RulesReport:
    """Read it. Nothing is recorded by looking, and before the launch nothing is recorded at all."""
    now = core.clock.now()
    async with core.database.reading() as session:
        history = await rules.history(session)
        first_rounds = await rules.first_rounds(session)
        open_now = await rounds.open_rounds(session, now)
    held = as_rules(history[-1]) if history else core.asked
    wanted = raised(numbers_of(held), numbers_of(core.asked))
    pulses = [
        item for item in await upcoming(core, now) if item.programme.kind is ProgrammeKind.PULSE
    ]
    return RulesReport(
        rules=held,
        since=held_since(history) if history else {},
        history=_steps(history, first_rounds),
        asked=tuple(changes(numbers_of(history[-1]), wanted)) if history else (),
        earlier=tuple(one.opens_at for one in open_now if one.rules_id != history[-1].id),
        next_round=min(pulses, key=lambda item: item.slot.instant, default=None),
        groups=tuple(size for _, size in await blocks(core)),
        questions=_questions(core, numbers_of(held)),
        telling=fewest_telling(held),
    )


def _steps(history: Sequence[RuleSet], first_rounds: dict[int, datetime]) -> tuple[Step, ...]:
    before = (*history[:1], *history)
    return tuple(
        Step(
            row.recorded_at,
            tuple(changes(numbers_of(earlier), numbers_of(row))),
            first_rounds.get(row.id),
        )
        for earlier, row in zip(before, history, strict=False)
    )


def _questions(core: Core, numbers: Numbers) -> Questions:
    number = len(core.library.texts("en").pulse_items)
    asked = sum(
        programme.questions * len(programme.cadence.weekdays)
        for programme in core.library.programmes
        if programme.kind is ProgrammeKind.PULSE
    )
    possible = Fraction(number, numbers["spacing_weeks"])
    return Questions(number, asked, min(Fraction(asked), possible))
