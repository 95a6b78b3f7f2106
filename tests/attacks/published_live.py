"""An attacker who reads every number that the bot shows, before and after each tap.

It knows who taps when: it stands beside them. Each person once opens the form and leaves it, and
once answers. The attacker says which of the two it was, and what the answer is.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import permutations
from random import Random
from statistics import fmean
from typing import Final, Protocol

from rich.console import Console

from bot.cli_deliveries import print_overview
from bot.cli_summaries import csv_of
from bot.message import Button
from bot.usecases.export_summaries import exported
from bot.usecases.home import home
from bot.usecases.outcomes import overview_for
from tests.attacks.place import Place
from tests.attacks.published_stage import (
    NO_IDEA,
    VALUES,
    a_world,
    agreement,
    close_now,
    open_next,
    verdict_of,
)
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.support.organisation import World, line, team_of
from tests.support.printing import printing
from tests.support.reading import buttons

STAFF: Final = [f"boss-{number}" for number in range(1, 11)]
HAS: Final = "who taps when, and all that the bot shows and logs meanwhile"
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class Design(Protocol):
    """A round that is open, and all that anybody is shown of it."""

    name: str
    database: str

    async def leave(self, person: str) -> None:
        """Somebody opens the form and leaves it."""

    async def answer(self, person: str, value: int) -> None: ...

    async def shown(self) -> str: ...


async def read_every_number(design: Design) -> list[Verdict]:
    """Watch all of a round's taps."""
    chance = Random(1)  # noqa: S311 - a round that can be repeated
    values = [value for value in VALUES for _ in range(len(STAFF) // len(VALUES))]
    chance.shuffle(values)
    answers = dict(zip(STAFF, values, strict=True))
    taps = [(name, does) for name in STAFF for does in (False, True)]
    chance.shuffle(taps)
    said: list[tuple[object, object]] = []
    did: list[tuple[object, object]] = []
    before = await design.shown()
    for name, does in taps:
        await (design.answer(name, answers[name]) if does else design.leave(name))
        after = await design.shown()
        did.append((before != after, does))
        if does:
            said.append((value_between(before, after), answers[name]))
        before = after
    return [
        verdict_of("Reads live numbers: the answers", HAS, design.name, design.database, said),
        verdict_of(
            "Reads live numbers: who answers", HAS, design.name, design.database, did, 1 / 2
        ),
    ]


def value_between(before: str, after: str) -> int:
    """The answer that makes a count and a mean what they are after it."""
    old, new = ([float(number) for number in NUMBER.findall(shown)] for shown in (before, after))
    if len(old) != len(new):
        return NO_IDEA
    moved = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    sums = Counter(
        round(n * mean - n_before * mean_before)
        for (n_before, n), (mean_before, mean) in permutations(moved, 2)
        if n == n_before + 1
    )
    likely = [value for value, _ in sums.most_common() if value in VALUES]
    return likely[0] if likely else NO_IDEA


# --- ours ------------------------------------------------------------------------------------


@dataclass(slots=True)
class OurRound:
    """A round of the real bot, after one that has been published."""

    world: World
    database: str
    round_id: str
    questions: list[str]
    log: io.StringIO
    name: str = OURS

    async def leave(self, person: str) -> None:
        await self.world.tap(person, "pulse.form", self.round_id)

    async def answer(self, person: str, value: int) -> None:
        fields = dict.fromkeys(self.questions, str(value))
        await self.world.submit(person, "pulse.submit", self.round_id, **fields)

    async def shown(self) -> str:
        """All pages and what they lead to, what commands print, the chat and the log."""
        ids, core = self.world.ids, self.world.core
        seen = await overview_for(core, ids["admin"])
        desk = io.StringIO()
        print_overview(seen, Console(file=desk, width=200))
        pages = [await home(core, ids[name]) for name in ("admin", "boss", STAFF[0])]
        read = [await self._press("boss", button) for button in buttons(pages[1])]
        preview = await self.world.tap(STAFF[0], "pulse.preview", self.round_id)
        rows = csv_of(await exported(core, None))
        parts = (seen, desk.getvalue(), pages, read, preview, rows, self.world.platform.posted)
        return f"{parts} {self.log.getvalue()}"

    async def _press(self, name: str, button: Button) -> object:
        """What a summary, a history or a preview shows on the home page."""
        if button.action not in {"summary.read", "history.read", "pulse.preview"}:
            return None
        return await self.world.tap(name, button.action, button.value)


@asynccontextmanager
async def our_round(place: Place) -> AsyncIterator[OurRound]:
    lines = [*team_of(len(STAFF)), line("admin", "Office", "", roles="admin")]
    async with a_world(place, lines, STAFF) as world:
        first = await open_next(world)
        for name in STAFF[::2]:
            fields = dict.fromkeys(await agreement(world, name, first.id), "2")
            await world.submit(name, "pulse.submit", first.id, **fields)
        await close_now(world, first)
        opened = await open_next(world)
        questions = await agreement(world, STAFF[0], opened.id)
        assert questions
        with printing() as log:
            yield OurRound(world, place.database, opened.id, questions, log)


# --- a weaker one ----------------------------------------------------------------------------


@dataclass(slots=True)
class RunningMean:
    """Shows how many have answered, and their mean, after every answer."""

    name: str = "live counters"
    database: str = EITHER
    answers: dict[str, int] = field(default_factory=dict)

    async def leave(self, person: str) -> None: ...

    async def answer(self, person: str, value: int) -> None:
        self.answers[person] = value

    async def shown(self) -> str:
        mean = fmean(self.answers.values()) if self.answers else 0
        return f"{len(self.answers)} of {len(STAFF)} have answered so far; mean {mean:.2f}"
