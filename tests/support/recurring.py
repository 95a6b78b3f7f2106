"""Rounds that ask the same two questions again, as soon as the spacing allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from adapters.content import PromptLibrary
from bot.domain.gate import GateRules
from bot.message import Message
from bot.usecases.home import home
from tests.support.organisation import World, team_of
from tests.support.reading import buttons
from tests.support.rounds import FIRST_MONDAY, close, open_on, settle, under, week

RULES: Final = GateRules()
# What the first nine of a team say: between 3 and 5, between 1 and 3.
HIGH, LOW = ["4"] * 9, ["2"] * 9


def nth(number: int) -> date:
    """The Tuesday of a round: each has the same questions."""
    return week(number * RULES.spacing_weeks) + timedelta(days=1)


async def round_of(
    world: World, number: int, values: Sequence[str], others: Sequence[str] = ()
) -> str:
    """A round in which the first of each team answer both questions; who has no value is silent.

    The teams are those that `boss` and `chief` lead. Returns the round's id.
    """
    return await round_by_question(world, number, [values, values], [others, others])


async def round_by_question(
    world: World,
    number: int,
    values: Sequence[Sequence[str]],
    others: Sequence[Sequence[str]] = ((), ()),
) -> str:
    """The same, with values for each question."""
    opened = await open_on(world, nth(number))
    questions = sorted(opened.counted)
    assert not questions or len(questions) == len(values)
    for boss, of_team in (("boss", values), ("chief", others)):
        for place, answers in enumerate(zip(*of_team, strict=True), start=1):
            given = dict(zip(questions, answers, strict=True))
            await world.submit(f"{boss}-{place}", "pulse.submit", opened.id, **given)
    await close(world, opened)
    return opened.id


async def a_history(
    world: World, library: PromptLibrary, rounds: Sequence[Sequence[str]], team: str
) -> Message:
    """What `boss` reads of a team over time, after rounds in which its first said these values."""
    under(world, library, RULES, questions=2)
    await settle(world, FIRST_MONDAY, team_of(12, team))
    for number, values in enumerate(rounds):
        await round_of(world, number, values)
    page = await home(world.core, world.ids["boss"])
    (button,) = (each for each in buttons(page) if each.action == "history.read")
    notice = (await world.tap("boss", button.action, button.value)).notice
    assert isinstance(notice, Message)
    return notice
