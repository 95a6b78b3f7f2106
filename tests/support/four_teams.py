"""Four teams of ten under one director, and results that change hands between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from adapters.content import PromptLibrary
from bot.domain.gate import GateRules
from bot.message import Message
from bot.store.tables import Occurrence, Person, Publication
from bot.usecases.summary import leader_summary
from tests.support.organisation import World, line
from tests.support.rounds import FIRST_MONDAY, at, close, open_on, settle, under, week

NAMES: Final = ("Amber", "Birch", "Cedar", "Dune")
TUESDAY: Final = date(2026, 11, 24)
# What all of a team say: between 3 and 5, between 1 and 3, too few answers.
HIGH, LOW, SILENT = "4", "2", ""


async def found(world: World, library: PromptLibrary) -> None:
    """Have the four teams, each with a manager; both questions are on one scale."""
    under(world, library, GateRules(), questions=2)
    lines = [line("director", "Services", "")]
    for name in NAMES:
        boss, team = name.lower(), f"Services / {name}"
        lines.append(line(boss, team, "director"))
        lines += [line(f"{boss}-{n}", team, boss) for n in range(1, 11)]
    await settle(world, FIRST_MONDAY, lines)


async def a_round(world: World, values: Sequence[str], day: date = TUESDAY) -> None:
    """A round in which nine of each team answer with its value throughout, or nobody does."""
    opened = await open_on(world, day)
    for name, value in zip(NAMES, values, strict=True):
        for n in range(1, 10) if value else ():
            given = dict.fromkeys(opened.counted, value)
            await world.submit(f"{name.lower()}-{n}", "pulse.submit", opened.id, **given)
    await close(world, opened)


async def published(world: World) -> list[Publication]:
    async with world.core.database.reading() as session:
        query = select(Publication).order_by(
            col(Publication.question_id), col(Publication.block_id)
        )
        return list((await session.execute(query)).scalars())


async def deal_out(world: World, rows: Sequence[Publication], order: Sequence[int]) -> None:
    """Have the groups' results change hands, the same way for each question."""
    keys = {"round_id", "block_id", "question_id"}
    async with world.core.database.writing() as session:
        for start in range(0, len(rows), len(order)):
            question = rows[start : start + len(order)]
            for row, place in zip(question, order, strict=True):
                result = question[place].model_dump(exclude=keys)
                await session.merge(Publication(**row.model_dump(include=keys), **result))


async def to_leader(world: World) -> Message:
    """The weekly summary for the director."""
    occurrence = Occurrence(
        id="any",
        programme_id="summary",
        zone="Europe/London",
        local_at="2026-11-27T10:00:00",
        due_at=at(week(0), 10),
        expires_at=at(week(1), 10),
        round_id=f"pulse-{TUESDAY}",
    )
    async with world.core.database.reading() as session:
        person = await session.get(Person, world.ids["director"])
        assert person is not None
        message = await leader_summary(world.core, session, occurrence, person)
    assert message is not None
    return message
