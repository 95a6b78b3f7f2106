"""Whatever an organisation does to its teams, the same gate decides, and nobody is singled out.

The rules here look back further than a question's spacing, so that the ledger of a question holds
earlier rounds: with the default numbers it is empty whenever a question comes back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete
from sqlmodel import col

from adapters.content import PromptLibrary
from bot.domain.gate import GateRules
from bot.errors import NotAllowed
from bot.store.tables import Account, Delivery, Person
from tests.support.organisation import World, line, team_of
from tests.support.reading import words
from tests.support.reorganising import Organisation, renewed
from tests.support.rounds import (
    Group,
    Opened,
    answer,
    at,
    close,
    humans,
    open_on,
    settle,
    under,
    week,
)
from tests.unit.domain.attackers import singled_out

RULES = GateRules()
FAR_BACK = replace(RULES, horizon_weeks=3 * RULES.spacing_weeks)
SECOND = RULES.spacing_weeks  # the week in which a question comes back


def people(*numbers: int, boss: str = "boss") -> Group:
    return frozenset(f"{boss}-{number}" for number in numbers)


def sets(opened: Opened) -> set[Group]:
    """What is counted, for any question."""
    return {group for groups in opened.counted.values() for group in groups}


async def a_round(world: World, monday: int, lines: list[str]) -> Opened:
    """A whole round with a roster, that everybody answers."""
    await settle(world, week(monday), lines)
    opened = await open_on(world, week(monday) + timedelta(days=1))
    await answer(world, opened, opened.everybody)
    await close(world, opened)
    return opened


@pytest.fixture
def far_back(world: World, library: PromptLibrary) -> World:
    """A bot that asks the same two questions again and again, and remembers three rounds."""
    under(world, library, FAR_BACK, questions=2)
    return world


# --- any history of re-organisations ---------------------------------------------------------


def within_a_horizon(rounds: list[Opened], rules: GateRules) -> set[frozenset[Group]]:
    """What an attacker may put together: the sets of one question that the ledger remembers."""
    horizon = timedelta(weeks=rules.horizon_weeks)
    return {
        humans(
            group
            for earlier in rounds
            if last.day - horizon <= earlier.day <= last.day
            for group in earlier.counted.get(question, [])
        )
        for last in rounds
        for question in last.counted
    }


async def history(world: World, seed: int, weeks: range) -> list[Opened]:
    """Rounds with re-organisations in between, every second time in the middle of a round.

    Everybody answers who can: half before the new roster, half after it.
    """
    organisation = Organisation(Random(seed))  # noqa: S311 - a simulation
    organisation.found((12, 10, 9, 6))
    rounds: list[Opened] = []
    for monday in map(week, weeks):
        await settle(world, monday, organisation.lines())
        opened = await open_on(world, monday + timedelta(days=1))
        early = set(sorted(opened.everybody)[::2])
        await answer(world, opened, early)
        organisation.change()
        if len(rounds) % 2:
            await world.import_lines(organisation.lines())
        late = (opened.everybody - early) & world.ids.keys()
        await answer(world, opened, late)
        await check_outcomes(world, opened, early | late)
        rounds.append(opened)
    return rounds


async def check_outcomes(world: World, opened: Opened, answered: set[str]) -> None:
    """Each set comes out by who answered, in the block that they were in when it opened."""
    rows = await close(world, opened)
    enough = sum(
        len(group & answered) >= RULES.answers
        for groups in opened.counted.values()
        for group in groups
    )
    assert sum(row.outcome == "published" for row in rows) == enough
    assert not [row for row in rows if row.outcome == "unpublished"]


async def test_no_history_of_reorganisations_singles_anybody_out(far_back: World) -> None:
    rounds = await history(far_back, 1, range(0, 6 * SECOND, SECOND))
    for groups in within_a_horizon(rounds, FAR_BACK):
        assert singled_out(groups, RULES.insiders) == set()
    assert sum(len(sets(opened)) for opened in rounds) > len(rounds)  # silence would be easy
    without_gate = humans(group for opened in rounds for group in opened.rosters)
    assert singled_out(without_gate, insiders=0) != set()


async def test_nor_does_one_with_the_default_rules(world: World, library: PromptLibrary) -> None:
    under(world, library, RULES)
    rounds = await history(world, 2, range(3))
    for groups in within_a_horizon(rounds, RULES):
        assert singled_out(groups, RULES.insiders) == set()
    assert all(sets(opened) for opened in rounds)


# --- teams -----------------------------------------------------------------------------------


async def test_a_renamed_team_is_counted_as_before_and_only_joiners_wait(far_back: World) -> None:
    chief = line("chief", "Office", "")
    first = await a_round(far_back, 0, [chief, *team_of(9, "Care / North")])
    joiner = line("chief", "Care / Northern")  # counted at once, as all of the first roster
    again = await a_round(far_back, SECOND, [*team_of(9, "Care / Northern"), joiner])
    assert sets(again) == sets(first) == {people(*range(1, 10))}


async def test_merged_teams_are_counted_as_both_were_and_only_joiners_wait(
    far_back: World,
) -> None:
    north, south = team_of(9, "Care / North", "one"), team_of(9, "Care / South", "two")
    chief = line("chief", "Office", "")
    first = await a_round(far_back, 0, [chief, *north, *south])
    merged = [*team_of(9, "Care / All", "one"), *team_of(9, "Care / All", "two")]
    founder = line("chief", "Care / All", "one")  # counted at once, as all of the first roster
    again = await a_round(far_back, SECOND, [*merged, founder])
    assert len(sets(first)) == 2
    assert sets(again) == {frozenset().union(*sets(first))}


async def test_a_team_is_split_where_both_parts_are_large_enough(far_back: World) -> None:
    await a_round(far_back, 0, team_of(18, "Care / North"))
    chief = line("boss", "Care / North", "")
    halves = [
        line(f"boss-{n}", "Care / North" if n <= 9 else "Care / South", "boss")
        for n in range(1, 19)
    ]
    again = await a_round(far_back, SECOND, [chief, *halves])
    assert sets(again) == {people(*range(1, 10)), people(*range(10, 19))}


async def test_a_block_rests_after_a_few_of_it_were_moved_to_another(far_back: World) -> None:
    north, south = team_of(12, "Care / North", "one"), team_of(9, "Care / South", "two")
    await a_round(far_back, 0, [*north, *south])
    moved = [line(f"one-{n}", "Care / South", "two") for n in (1, 2)]
    again = await a_round(far_back, SECOND, [*north[:1], *north[3:], *south, *moved])
    assert sets(again) == {people(*range(1, 10), boss="two")}  # and those who came there wait


async def test_a_summary_reaches_its_manager_though_the_department_was_renamed(
    world: World,
) -> None:
    before, after = team_of(9, "Care / North"), team_of(9, "Help / Near / North")
    await world.import_lines(before)
    await world.launch()
    await world.live_until(at(week(0), 12))
    for name in people(*range(1, 10)):
        await world.tap(name, "pulse.consent", "yes")
    opened = await open_on(world, week(0) + timedelta(days=1))
    await answer(world, opened, opened.everybody)
    await world.import_lines(after)
    await world.live_until(at(week(0) + timedelta(days=4), 12))
    assert "people or more answered" in words(world.inbox("boss")[-1].message)


# --- people ----------------------------------------------------------------------------------


async def test_who_leaves_during_a_round_cannot_answer_any_more(far_back: World) -> None:
    await settle(far_back, week(0), team_of(10))
    opened = await open_on(far_back, week(0) + timedelta(days=1))
    gone = far_back.ids["boss-10"]
    await far_back.import_lines(team_of(9))
    far_back.ids["boss-10"] = gone
    with pytest.raises(NotAllowed):
        await answer(far_back, opened, ["boss-10"])


async def test_what_a_leaver_answered_before_is_counted(far_back: World) -> None:
    await settle(far_back, week(0), team_of(10))
    opened = await open_on(far_back, week(0) + timedelta(days=1))
    await answer(far_back, opened, people(*range(1, RULES.answers + 1)))
    await far_back.import_lines(team_of(RULES.answers - 1))
    assert {row.outcome for row in await close(far_back, opened)} == {"published"}


async def test_who_moves_during_a_round_is_counted_where_they_were(far_back: World) -> None:
    north, south = team_of(9, "Care / North", "one"), team_of(9, "Care / South", "two")
    await settle(far_back, week(0), [*north, *south])
    opened = await open_on(far_back, week(0) + timedelta(days=1))
    moved = [line(f"one-{n}", "Care / South", "two") for n in range(1, 6)]
    await far_back.import_lines([north[0], *north[6:], *south, *moved])
    await answer(far_back, opened, people(*range(1, RULES.answers + 1), boss="one"))
    outcomes = sorted(row.outcome for row in await close(far_back, opened))
    assert outcomes == ["published", "published", "too_few", "too_few"]


async def test_a_new_address_during_a_round_gives_no_second_answer(far_back: World) -> None:
    await settle(far_back, week(0), team_of(9))
    opened = await open_on(far_back, week(0) + timedelta(days=1))
    await answer(far_back, opened, ["boss-9"])
    await far_back.import_lines([*team_of(8), line(renewed("boss-9"))])
    await far_back.tap(renewed("boss-9"), "pulse.consent", "yes")
    with pytest.raises(NotAllowed):
        await answer(far_back, opened, [renewed("boss-9")])


async def test_a_new_address_is_a_new_person_who_waits_like_any_other(far_back: World) -> None:
    await a_round(far_back, 0, team_of(14))
    renewed_one = [*team_of(13), line(renewed("boss-14"))]
    await settle(far_back, week(1), renewed_one)
    rests = await a_round(far_back, SECOND, renewed_one)
    later = await a_round(far_back, 1 + FAR_BACK.horizon_weeks + SECOND, renewed_one)
    assert sets(rests) == set()
    assert sets(later) == {people(*range(1, 14)) | {renewed("boss-14")}}


async def test_who_comes_back_is_counted_as_before(far_back: World) -> None:
    first = await a_round(far_back, 0, team_of(9))
    without = await a_round(far_back, SECOND, team_of(8))
    again = await a_round(far_back, 2 * SECOND, team_of(9))
    assert (sets(without), sets(again)) == (set(), sets(first))


async def test_who_leads_no_longer_waits_with_the_other_joiners(far_back: World) -> None:
    first = await a_round(far_back, 0, [line("chief", "Office", ""), *team_of(9)])
    chief = line("chief", "Services / Housing", "")
    led_by_chief = [line(f"boss-{n}", manager="chief") for n in range(1, 10)]
    again = await a_round(far_back, SECOND, [chief, *led_by_chief, line("boss", manager="chief")])
    assert sets(again) == sets(first) == {people(*range(1, 10))}


async def test_a_block_rests_when_one_of_it_begins_to_lead_it(far_back: World) -> None:
    await a_round(far_back, 0, team_of(12))
    led = [line("boss-1"), *(line(f"boss-{n}", manager="boss-1") for n in range(2, 13))]
    again = await a_round(far_back, SECOND, [line("boss", manager=""), *led])
    assert sets(again) == set()


async def test_who_was_erased_stays_in_the_ledger_as_a_number(far_back: World) -> None:
    """As docs/operating.md tells an admin to: the ledger still knows that somebody was there."""
    await a_round(far_back, 0, team_of(12))
    erased = far_back.ids["boss-12"]
    await far_back.import_lines(team_of(11))
    await erase(far_back, erased)
    again = await a_round(far_back, SECOND, team_of(11))
    back = await a_round(far_back, 2 * SECOND, team_of(12))
    assert sets(again) == sets(back) == set()


async def erase(world: World, person_id: str) -> None:
    async with world.core.database.writing() as session:
        for table in (Delivery, Account):
            await session.execute(delete(table).where(col(table.person_id) == person_id))
        person = await session.get(Person, person_id)
        assert person is not None
        await session.delete(person)
