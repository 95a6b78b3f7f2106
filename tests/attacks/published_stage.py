"""The real bot for attackers who read what it says: use cases on either database, and weeks of it.

People are asked nothing but pulses, so that whatever a pulse changes shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.bands import Band
from bot.domain.programme import ProgrammeKind
from bot.message import Button
from bot.store import rounds
from bot.store.tables import Publication, Round
from bot.usecases.close_rounds import close_rounds
from bot.usecases.home import home
from tests.attacks.place import Place
from tests.attacks.verdict import Verdict
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.reading import buttons
from tests.support.ticking import tick

MONDAY_NOON: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

ABOUT_PULSES: Final = {ProgrammeKind.WELCOME, ProgrammeKind.PULSE, ProgrammeKind.SUMMARY}
LOW, HIGH = 1, 5
VALUES: Final = range(LOW, HIGH + 1)
BY_CHANCE: Final = 1 / len(VALUES)
# What an attacker says who has learned nothing: it is as good as any other.
NO_IDEA: Final = 3


@asynccontextmanager
async def a_world(
    place: Place, lines: Sequence[str], opted_in: Collection[str]
) -> AsyncIterator[World]:
    """An organisation that has been welcomed, on a Monday; these people have opted in."""
    directory, clock, platform = place.new_directory(), StillClock(), MemoryPlatform()
    programmes = [each for each in place.library.programmes if each.kind in ABOUT_PULSES]
    library = replace(place.library, programmes=programmes)
    with place.new_url(directory) as url:
        async with open_core(directory, library, clock, platform, url=url) as core:
            world = World(core, clock, platform, {})
            await world.import_lines(lines)
            await world.launch()
            await world.live_until(MONDAY_NOON)
            for name in opted_in:
                await world.tap(name, "pulse.consent", "yes")
            yield world


async def open_next(world: World) -> Round:
    """Let time jump to noon on the next Tuesday, on which a round opens."""
    day = TUESDAY_NOON
    while day <= world.clock.now():
        day += timedelta(weeks=1)
    world.clock.move_to(day)
    await tick(world.core)
    async with world.core.database.reading() as session:
        (opened,) = await rounds.open_rounds(session, day)
    return opened


async def close_now(world: World, opened: Round) -> Round:
    """Let time jump to the end of a round, and have it counted. Nobody is written to yet."""
    world.clock.move_to(opened.closes_at)
    await close_rounds(world.core, opened.closes_at)
    async with world.core.database.reading() as session:
        ended = await rounds.round_by_id(session, opened.id)
    assert ended is not None
    return ended


async def agreement(world: World, name: str, round_id: str) -> list[str]:
    """The questions of a round with answers from 1 to 5, as somebody is asked them."""
    form = (await world.tap(name, "pulse.form", round_id)).form
    assert form is not None
    values = [str(value) for value in VALUES]
    return [
        field.name
        for field in form.fields
        if [choice.value for choice in getattr(field, "choices", ())] == values
    ]


async def publications(world: World, round_id: str) -> dict[tuple[str, str], Publication]:
    """(block, question) → all that was made known of it."""
    async with world.core.database.reading() as session:
        blocks = await rounds.block_positions(session, round_id)
        return {
            (row.block_id, row.question_id): row
            for block_id in blocks.values()
            for row in await rounds.publications(session, round_id, block_id)
        }


async def summary_button(world: World, manager: str) -> Button:
    """The button that shows a manager the summary of the one block they lead: its value."""
    page = await home(world.core, world.ids[manager])
    (button,) = (each for each in buttons(page) if each.action == "summary.read")
    return button


def is_band(row: Publication, band: Band | None) -> bool:
    """Whether this is what was published of a question."""
    if band is None:
        return row.outcome != "published"
    said = (row.mean_low_halves, row.mean_high_halves, row.n_low, row.n_high)
    return said == (int(band.mean_low * 2), int(band.mean_high * 2), band.n_low, band.n_high)


def verdict_of(
    attacker: str,
    has: str,
    design: str,
    database: str,
    guesses: Sequence[tuple[object, object]],
    by_chance: float = BY_CHANCE,
) -> Verdict:
    """The verdict on pairs of what was guessed and what was so."""
    right = sum(guess == truth for guess, truth in guesses)
    return Verdict(attacker, has, design, database, len(guesses), right, by_chance)
