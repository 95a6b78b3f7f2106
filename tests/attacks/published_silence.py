"""A manager who takes a silence for a sign: of who has consented, or of what was answered.

In each group all but one have consented, and the manager knows it. In every other group, all who
answer agree. One more group, of which all is known, shows how it reads when all have consented.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.domain.bands import publish
from bot.domain.gate import GateRules
from bot.errors import NotAllowed
from tests.attacks.place import Place
from tests.attacks.published_stage import (
    HIGH,
    LOW,
    VALUES,
    a_world,
    agreement,
    close_now,
    open_next,
    summary_button,
    verdict_of,
)
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.support.organisation import World, team_of
from tests.support.reading import words

RULES: Final = GateRules()
GROUPS: Final = [f"chief{number}" for number in range(14)]
KNOWN: Final = "known"
ALL: Final = [*GROUPS, KNOWN]
HAS: Final = "the roster, who else has consented or answered, and the summary"

CONSENTS: Final[Mapping[str, bool]] = {
    **{group: number // 2 % 2 == 0 for number, group in enumerate(GROUPS)},
    KNOWN: True,
}
AGREES: Final[Mapping[str, bool]] = {
    **{group: number % 2 == 0 for number, group in enumerate(GROUPS)},
    KNOWN: False,
}


def staff(group: str) -> list[str]:
    """Just as many as have to be counted. The first is the one whose consent isn't known."""
    return [f"{group}-{number}" for number in range(1, RULES.counted + 1)]


def answers_of(group: str) -> dict[str, int]:
    """What some others of a group answer: all alike or not, just as many as there have to be."""
    values = [LOW] * RULES.answers
    if not AGREES[group]:
        values[0] = HIGH
    return dict(zip(staff(group)[1:], values, strict=False))


class Design(Protocol):
    """Two rounds: one that nobody answers, and one that some answer in every group."""

    name: str
    database: str

    async def after_nobody_answered(self) -> Mapping[str, str]:
        """Group → what its manager reads of it."""

    async def after_some_answered(self) -> Mapping[str, str]: ...


async def read_silences(design: Design) -> list[Verdict]:
    """Take what reads otherwise than the known group for a sign that something isn't as there."""
    empty, full = await design.after_nobody_answered(), await design.after_some_answered()
    consents = [(empty[group] == empty[KNOWN], CONSENTS[group]) for group in GROUPS]
    agree = [(_is_silent(full[group]), AGREES[group]) for group in GROUPS]
    of = design.name, design.database
    return [
        verdict_of("Reads silence: who has consented", HAS, *of, consents, 1 / 2),
        verdict_of("Reads silence: that all said the same", HAS, *of, agree, 1 / 2),
    ]


def _is_silent(read: str) -> bool:
    return "between" not in read.lower()


# --- ours ------------------------------------------------------------------------------------


@dataclass(slots=True)
class OurSilence:
    """The real bot, with a department for each group."""

    world: World
    database: str
    name: str = OURS
    read: list[Mapping[str, str]] = field(default_factory=list)

    async def after_nobody_answered(self) -> Mapping[str, str]:
        await close_now(self.world, await open_next(self.world))
        return await self._read_all()

    async def after_some_answered(self) -> Mapping[str, str]:
        opened = await open_next(self.world)
        questions = await agreement(self.world, staff(KNOWN)[0], opened.id)
        assert questions
        for group in ALL:
            for name, value in answers_of(group).items():
                fields = dict.fromkeys(questions, str(value))
                with suppress(NotAllowed):  # who isn't asked can't answer
                    await self.world.submit(name, "pulse.submit", opened.id, **fields)
        await close_now(self.world, opened)
        return await self._read_all()

    async def _read_all(self) -> Mapping[str, str]:
        self.read.append({group: await self._read(group) for group in ALL})
        return self.read[-1]

    async def _read(self, group: str) -> str:
        """The summary as a manager reads it, but for what its team is called."""
        button = await summary_button(self.world, group)
        notice = (await self.world.tap(group, button.action, button.value)).notice
        return words(notice).replace(button.label, "")


@asynccontextmanager
async def our_silence(place: Place) -> AsyncIterator[OurSilence]:
    lines = [row for group in ALL for row in team_of(RULES.counted, f"{group} / Team", group)]
    consenting = [
        name for group in ALL for name in staff(group) if CONSENTS[group] or name != staff(group)[0]
    ]
    async with a_world(place, lines, consenting) as world:
        yield OurSilence(world, place.database)


# --- a weaker one ----------------------------------------------------------------------------


RESTS: Final = "It rests here this week."


@dataclass(slots=True)
class KindSilence:
    """Counts whoever has consented, and hushes up what would show that everybody agrees."""

    name: str = "a silence that depends on people"
    database: str = EITHER

    async def after_nobody_answered(self) -> Mapping[str, str]:
        enough = {group: _consenting(group) >= RULES.counted for group in ALL}
        return {group: _said({}) if enough[group] else RESTS for group in ALL}

    async def after_some_answered(self) -> Mapping[str, str]:
        return {group: RESTS if AGREES[group] else _said(answers_of(group)) for group in ALL}


def _consenting(group: str) -> int:
    return RULES.counted - (not CONSENTS[group])


def _said(answers: Mapping[str, int]) -> str:
    counts = [list(answers.values()).count(value) for value in VALUES]
    band = publish(counts, LOW, HIGH, RULES)
    return f"Between {band.mean_low} and {band.mean_high}." if band else "Too few answers."
