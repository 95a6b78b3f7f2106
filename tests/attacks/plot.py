"""What happens in a round, step by step, and who does it. The attacker sees everything but values.

The attacker stands beside people and sees who taps what, and when: the worst case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

ROUND = "pulse-2026-11-24"
VALUES = (1, 2, 3, 4, 5)
BY_CHANCE = 1 / len(VALUES)

ANSWERING, SILENT = 32, 32
CHANGING, WITHDRAWING = 10, 8
TICK_EVERY = 12
SEED = "a round that somebody watches"


class Deed(StrEnum):
    ANSWER = "answer"
    CHANGE = "change"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Step:
    """One person does something. `value` is what they answer: 1 to 5, and 0 to withdraw."""

    person: int
    deed: Deed
    value: int = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """A round. People are numbers: those below `ANSWERING` answer, the others don't."""

    attempts: Sequence[Step]
    """What people try to answer while something is broken, so that nothing is kept of it."""

    answers: Sequence[Step]
    """Everybody's first answer, in the order of taps."""
    second_thoughts: Sequence[Step]
    """Then some change theirs, and others take theirs back."""

    @property
    def people(self) -> int:
        return ANSWERING + SILENT

    @property
    def first_answers(self) -> Mapping[int, int]:
        return {step.person: step.value for step in self.answers}

    @property
    def withdrawn(self) -> Mapping[int, int]:
        """What those had answered who took it back."""
        first = self.first_answers
        return {
            step.person: first[step.person]
            for step in self.second_thoughts
            if step.deed is Deed.WITHDRAW
        }


def new_plot(seed: str = SEED) -> Plot:
    """The same round for the same seed: answers are independent, and every value is as likely."""
    random = Random(seed)  # noqa: S311 - a round that can be repeated
    order = random.sample(range(ANSWERING), ANSWERING)
    answers = [Step(person, Deed.ANSWER, random.choice(VALUES)) for person in order]
    unsure = random.sample(range(ANSWERING), CHANGING + WITHDRAWING)
    changes = [Step(person, Deed.CHANGE, random.choice(VALUES)) for person in unsure[:CHANGING]]
    withdrawals = [Step(person, Deed.WITHDRAW) for person in unsure[CHANGING:]]
    attempts = [Step(person, Deed.ANSWER, random.choice(VALUES)) for person in range(ANSWERING)]
    return Plot(attempts, answers, [*changes, *withdrawals])
