"""An admin who invents colleagues around somebody, and answers for all of them.

Then what is published of that group is one person's answer and what the admin knows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from operator import eq
from typing import Final, Protocol

from bot.domain.bands import Band, publish
from bot.domain.gate import GateRules
from bot.errors import NotAllowed
from bot.store.tables import Publication
from tests.attacks.place import Place
from tests.attacks.published_stage import (
    HIGH,
    LOW,
    TUESDAY_NOON,
    VALUES,
    a_world,
    agreement,
    close_now,
    is_band,
    open_next,
    publications,
    summary_button,
    verdict_of,
)
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.support.organisation import World, team_of

Answers = tuple[int, ...]

RULES: Final = GateRules()
INVENTED: Final = RULES.counted - 1
# Each is alone in a department with a manager, and at one end of the scale.
VICTIMS: Final[Mapping[str, int]] = {
    f"chief{number}-1": (LOW, HIGH)[number % 3 == 0] for number in range(14)
}
WELCOMED: Final = TUESDAY_NOON - timedelta(hours=2, minutes=30)


class Design(Protocol):
    """One round, right after everybody was invented."""

    name: str
    database: str

    async def publish(self, answers: Answers) -> Mapping[str, Callable[[Band | None], bool]]:
        """Victim → whether this is what is published of their group.

        The victims answer, and so do the invented, where they are asked.
        """


async def answer_for_the_invented(design: Design) -> Verdict:
    """Say for each victim at which end of the scale they are."""
    answers = telling_answers()
    published = await design.publish(answers)
    said = [
        (HIGH if published[victim](_band(answers, HIGH)) else LOW, truth)
        for victim, truth in VICTIMS.items()
    ]
    return verdict_of(
        "Invents colleagues, and answers for them",
        "may import a roster; answers for all but one of a group; the summary",
        design.name,
        design.database,
        said,
        1 / 2,
    )


def telling_answers() -> Answers:
    """Answers beside which one more, from either end, is published otherwise."""
    for high in range(INVENTED + 1):
        answers = (LOW,) * (INVENTED - high) + (HIGH,) * high
        if _band(answers, LOW) != _band(answers, HIGH):
            return answers
    raise AssertionError("no answers of the others tell anything of one")


def _band(answers: Answers, last: int) -> Band | None:
    everybody = (*answers, last)
    counts = [everybody.count(value) for value in VALUES]
    return publish(counts, LOW, HIGH, RULES, len(everybody))


# --- ours ------------------------------------------------------------------------------------


@dataclass(slots=True)
class OurRoster:
    """The real bot, its import and its welcomes."""

    world: World
    database: str
    name: str = OURS
    outcomes: set[str] = field(default_factory=set)

    async def publish(self, answers: Answers) -> Mapping[str, Callable[[Band | None], bool]]:
        opened = await open_next(self.world)
        for victim, value in VICTIMS.items():
            known = zip(invented_for(victim), answers, strict=True)
            for name, said in {victim: value, **dict(known)}.items():
                await self._answer_if_asked(name, opened.id, said)
        await close_now(self.world, opened)
        rows = await publications(self.world, opened.id)
        self.outcomes = {row.outcome for row in rows.values()}
        return {victim: await self._shows(victim, rows) for victim in VICTIMS}

    async def _answer_if_asked(self, name: str, round_id: str, value: int) -> None:
        with suppress(NotAllowed):
            fields = dict.fromkeys(await agreement(self.world, name, round_id), str(value))
            await self.world.submit(name, "pulse.submit", round_id, **fields)

    async def _shows(
        self, victim: str, rows: Mapping[tuple[str, str], Publication]
    ) -> Callable[[Band | None], bool]:
        button = await summary_button(self.world, manager_of(victim))
        ours = [row for (block, _), row in rows.items() if block == button.value]
        return lambda band: any(is_band(row, band) for row in ours)


def manager_of(victim: str) -> str:
    return victim.removesuffix("-1")


def invented_for(victim: str) -> list[str]:
    return [f"{manager_of(victim)}-{number}" for number in range(2, INVENTED + 2)]


@asynccontextmanager
async def our_roster(place: Place) -> AsyncIterator[OurRoster]:
    """Everybody is invented on the day before a round, and welcomed in the morning of it."""
    async with a_world(place, _departments(1), VICTIMS) as world:
        await world.import_lines(_departments(1 + INVENTED))
        for victim in VICTIMS:
            for name in invented_for(victim):
                await world.tap(name, "pulse.consent", "yes")
        await world.live_until(WELCOMED)
        yield OurRoster(world, place.database)


def _departments(size: int) -> list[str]:
    return [
        row
        for manager in map(manager_of, VICTIMS)
        for row in team_of(size, f"{manager} / Team", manager)
    ]


# --- a weaker one ----------------------------------------------------------------------------


@dataclass(slots=True)
class CountedAtOnce:
    """Whoever is on the roster is counted."""

    name: str = "whoever is imported counts at once"
    database: str = EITHER

    async def publish(self, answers: Answers) -> Mapping[str, Callable[[Band | None], bool]]:
        return {victim: partial(eq, _band(answers, value)) for victim, value in VICTIMS.items()}
