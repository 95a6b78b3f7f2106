"""Rounds of a pulse for tests: opened, answered and closed by the real use cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlmodel import col

from adapters.content import PromptLibrary
from bot.domain.blocks import countable
from bot.domain.gate import GateRules
from bot.domain.programme import ProgrammeKind
from bot.store import people
from bot.store.tables import LedgerEntry, LedgerMember, Person, Publication
from tests.support.organisation import World
from tests.support.reorganising import human
from tests.support.ticking import tick

FIRST_MONDAY = date(2026, 11, 23)
Group = frozenset[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A round as it was opened, with people by name.

    counted  question → the sets that entered the ledger
    rosters  the blocks as a bot without a gate would publish them
    """

    id: str
    day: date
    counted: dict[str, list[Group]]
    rosters: list[Group]

    @property
    def everybody(self) -> Group:
        return frozenset().union(*(group for groups in self.counted.values() for group in groups))


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def week(number: int) -> date:
    """The Monday of a week; the first is week 0."""
    return FIRST_MONDAY + timedelta(weeks=number)


def under(
    world: World, library: PromptLibrary, rules: GateRules, questions: int | None = None
) -> None:
    """Have other rules of the gate, pulses and welcomes alone, and only so many questions."""
    english = library.texts("en")
    world.core = replace(
        world.core,
        asked=rules,
        library=replace(
            library,
            programmes=[
                programme
                for programme in library.programmes
                if programme.kind in {ProgrammeKind.WELCOME, ProgrammeKind.PULSE}
            ],
            languages={"en": replace(english, pulse_items=english.pulse_items[:questions])},
        ),
    )


async def settle(world: World, monday: date, lines: Sequence[str]) -> None:
    """Import a roster early on a Monday, welcome whoever is new, and have everybody opt in."""
    world.clock.move_to(at(monday, 8))
    await world.import_lines(lines)
    await world.launch()
    await move(world, at(monday, 9))
    for email in await _not_opted_in(world):
        await world.tap(_name(email), "pulse.consent", "yes")


async def _not_opted_in(world: World) -> list[str]:
    query = select(col(Person.email)).where(col(Person.is_active), ~col(Person.pulses))
    async with world.core.database.reading() as session:
        return sorted((await session.execute(query)).scalars())


async def move(world: World, to: datetime) -> None:
    world.clock.move_to(to)
    await tick(world.core)


async def open_on(world: World, day: date) -> Opened:
    """Let a round open on a Tuesday."""
    await move(world, at(day, 10))
    round_id = f"pulse-{day.isoformat()}"
    return Opened(round_id, day, await _counted(world, round_id), await _rosters(world))


async def answer(world: World, opened: Opened, names: Collection[str]) -> None:
    """Let these people answer everything that they are asked."""
    values = dict.fromkeys(opened.counted, "4")
    for name in sorted(names):
        await world.submit(name, "pulse.submit", opened.id, **values)


async def close(world: World, opened: Opened) -> list[Publication]:
    """Let a round close on its Thursday; what comes out."""
    await move(world, at(opened.day + timedelta(days=2), 16))
    async with world.core.database.reading() as session:
        query = select(Publication).where(col(Publication.round_id) == opened.id)
        return list((await session.execute(query)).scalars())


async def _counted(world: World, round_id: str) -> dict[str, list[Group]]:
    query = (
        select(col(LedgerEntry.question_id), col(LedgerEntry.id), col(Person.email))
        .join(LedgerMember, col(LedgerMember.entry_id) == col(LedgerEntry.id))
        .join(Person, col(Person.ledger_id) == col(LedgerMember.ledger_id))
        .where(col(LedgerEntry.round_id) == round_id)
    )
    sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    async with world.core.database.reading() as session:
        for question_id, entry_id, email in await session.execute(query):
            sets[question_id][entry_id].add(_name(email))
    return {
        question_id: [frozenset(group) for group in entries.values()]
        for question_id, entries in sets.items()
    }


async def _rosters(world: World) -> list[Group]:
    async with world.core.database.reading() as session:
        manager_of = await people.manager_of(session)
        by_block = await people.members_by_block(session)
    rosters: list[Group] = []
    for members in by_block.values():
        allowed = countable((person.id for person in members), manager_of)
        rosters.append(frozenset(_name(p.email) for p in members if p.id in allowed))
    return rosters


def _name(email: str) -> str:
    return email.partition("@")[0]


def humans(groups: Iterable[Group]) -> frozenset[Group]:
    """The same groups as an attacker knows them, who isn't deceived by a new address."""
    return frozenset(frozenset(map(human, group)) for group in groups)
