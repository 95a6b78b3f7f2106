"""Playing a year of a made-up organisation under one design."""

from __future__ import annotations

import random
from collections.abc import Mapping

from bot.domain.bands import Band
from bot.domain.blocks import counted_before
from bot.domain.gate import BlockRoster, GateRules
from bot.simulation.designs import Design, Shown
from bot.simulation.organisation import HIGHEST, LOWEST, WEEKS, Member, Organisation, Shape
from bot.simulation.releases import Release, Year

QUESTIONS_A_WEEK = 2


def play(shape: Shape, design: Design, seed: int) -> Year:
    """A year of weekly rounds of two questions, closed and published."""
    return _Player(shape, design, seed).play()


class _Player:
    def __init__(self, shape: Shape, design: Design, seed: int) -> None:
        self._design = design
        self._organisation = Organisation(shape, seed)
        self._chance = random.Random(-1 - seed)  # noqa: S311 - a simulation
        self._rules = GateRules()
        self._ledger: dict[int, list[tuple[int, frozenset[str]]]] = {}
        self._bands: dict[tuple[str, int], Band | None] = {}
        self._releases: list[Release] = []
        self._asked = 0

    def play(self) -> Year:
        for week in range(WEEKS):
            self._organisation.pass_a_week()
            # One of them may leave, as in the bot.
            blocks = self._organisation.blocks(self._rules.counted + 1)
            for place in range(QUESTIONS_A_WEEK):
                number = week * QUESTIONS_A_WEEK + place
                self._ask(week, number % self._design.questions, blocks)
        everybody = self._organisation.everybody
        return Year(
            releases=tuple(self._releases),
            answers={one: dict(enumerate(member.answers)) for one, member in everybody.items()},
            traits={one: member.trait for one, member in everybody.items()},
            question_means=self._organisation.question_means,
            changing=frozenset(self._organisation.changing),
            asked=self._asked,
        )

    def _ask(self, week: int, question: int, blocks: Mapping[str, tuple[Member, ...]]) -> None:
        rosters = {
            block: frozenset(member.id for member in members if self._is_settled(member, week))
            for block, members in sorted(blocks.items())
        }
        entries = self._ledger.setdefault(0 if self._design.one_ledger else question, [])
        oldest = week - self._design.horizon_weeks
        ledger = list({group: None for since, group in entries if since >= oldest})
        last = counted_before(rosters, ledger)
        plan = self._design.planner(
            [BlockRoster(block, roster, last.get(block)) for block, roster in rosters.items()],
            ledger,
            self._rules,
        )
        for block, counted in plan.items():
            self._asked += 1
            if counted is not None:
                entries.append((week, counted))
                self._close(week, question, block, counted)

    def _is_settled(self, member: Member, week: int) -> bool:
        return week - member.joined >= self._rules.horizon_weeks

    def _close(self, week: int, question: int, block: str, counted: frozenset[str]) -> None:
        everybody = self._organisation.everybody
        answered = [
            one for one in sorted(counted) if self._chance.random() < everybody[one].answering
        ]
        counts = [0] * (HIGHEST - LOWEST + 1)
        for one in answered:
            counts[everybody[one].answers[question] - LOWEST] += 1
        shown = self._design.publisher(counts, len(counted), self._bands.get((block, question)))
        if shown is None:
            return
        self._bands[block, question] = shown.band
        self._releases.append(_release(week, question, block, counted, answered, shown))


def _release(
    week: int,
    question: int,
    block: str,
    counted: frozenset[str],
    answered: list[str],
    shown: Shown,
) -> Release:
    return Release(week, question, block, counted, frozenset(answered), shown.low, shown.high)
