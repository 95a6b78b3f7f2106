"""Rows to take along: what was published, by names and days, and nothing more precise."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations

import pytest

from adapters.content import PromptLibrary
from bot.cli_summaries import COLUMNS, csv_of, json_of
from bot.domain.gate import GateRules
from bot.errors import NotFound
from bot.usecases.export_summaries import Exported, exported
from tests.support.four_teams import (
    HIGH,
    LOW,
    NAMES,
    SILENT,
    TUESDAY,
    a_round,
    deal_out,
    found,
    published,
)
from tests.support.organisation import World, line
from tests.support.rounds import close, open_on, settle, week
from tests.support.tables import rows_of

AGAIN = TUESDAY + timedelta(weeks=GateRules().spacing_weeks)
BAND = Exported("Amber", TUESDAY, "How?", "published", Fraction(3), Fraction(7, 2), 8, None)
NOTHING = Exported("Amber", TUESDAY, "How?", "rests")


@pytest.fixture
async def council(world: World, library: PromptLibrary) -> World:
    await found(world, library)
    return world


async def test_rows_are_by_the_names_of_groups_and_the_days_of_rounds(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    await a_round(council, [LOW, LOW, HIGH, SILENT], AGAIN)
    rows = await exported(council.core, None)
    questions = [item.text for item in council.core.library.texts("en").pulse_items]
    asked = [questions, questions[::-1]]  # whichever the turn puts first
    order = [(row.group, row.day) for row in rows]
    assert order == [(name, day) for name in NAMES for day in (TUESDAY, AGAIN) for _ in range(2)]
    assert all(
        [row.question for row in rows[start : start + 2]] in asked for start in range(0, 16, 2)
    )


async def test_the_order_says_nothing_about_results(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    rows = await published(council)
    before = [(row.group, row.day, row.question) for row in await exported(council.core, None)]
    for order in permutations(range(len(NAMES))):
        await deal_out(council, rows, order)
        dealt = await exported(council.core, None)
        assert [(row.group, row.day, row.question) for row in dealt] == before


async def test_every_row_is_one_that_was_published_and_holds_no_more(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    rows = await exported(council.core, None)
    kept = await rows_of(council.core, "publication")
    columns = ("outcome", "mean_low_halves", "mean_high_halves", "n_low", "n_high")
    assert sorted(
        (
            row.outcome,
            row.low and int(row.low * 2),
            row.high and int(row.high * 2),
            row.answered_from,
            row.answered_to,
        )
        for row in rows
        if row.outcome == "published"
    ) == sorted(
        tuple(each[name] for name in columns) for each in kept if each["outcome"] == "published"
    )
    assert len(rows) == len(kept)
    few = [row for row in rows if row.outcome == "too_few"]
    assert [replace(row, question="") for row in few] == [
        Exported("Cedar", TUESDAY, "", "too_few")
    ] * 2


async def test_a_leader_gets_the_groups_that_they_lead_and_no_others(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    for leader, names in {"director": NAMES, "birch": ("Birch",)}.items():
        rows = await exported(council.core, f" {leader.title()}@example.org")
        assert [row.group for row in rows] == [name for name in names for _ in range(2)]


async def test_after_a_reorganisation_a_leader_has_the_groups_of_before(council: World) -> None:
    """A merged group is another one: each manager has what was shown of their own before."""
    await a_round(council, [HIGH, LOW, HIGH, HIGH])
    lines = [line("director", "Services", "")]
    for name in NAMES[:2]:
        boss, team = name.lower(), f"Services / {name}"
        lines.append(line(boss, team, "director"))
        lines += [line(f"{boss}-{n}", team, boss) for n in range(1, 7)]
    await settle(council, week(GateRules().spacing_weeks), lines)
    await close(council, await open_on(council, AGAIN))
    for boss in ("amber", "birch"):
        rows = await exported(council.core, f"{boss}@example.org")
        assert {(row.group, row.day) for row in rows} == {
            (boss.title(), TUESDAY),
            ("Amber + Birch", AGAIN),
        }


@pytest.mark.parametrize("address", ["nobody@example.org", "amber-1@example.org", "%"])
async def test_whoever_leads_nothing_gets_a_sentence(council: World, address: str) -> None:
    await a_round(council, [HIGH] * 4)
    with pytest.raises(NotFound, match=r"\.$"):
        await exported(council.core, address)


async def test_rounds_before_a_day_can_be_left_out(council: World) -> None:
    await a_round(council, [HIGH] * 4)
    await a_round(council, [LOW] * 4, AGAIN)
    days = {row.day for row in await exported(council.core, None, AGAIN)}
    assert days == {AGAIN}
    assert await exported(council.core, None, AGAIN + timedelta(days=1)) == []


async def test_a_round_that_is_open_has_nothing_to_export(council: World) -> None:
    await open_on(council, TUESDAY)
    assert await exported(council.core, None) == []


# --- as text ---------------------------------------------------------------------------------


def test_no_column_is_a_rate_a_rank_or_a_person() -> None:
    assert COLUMNS == (
        "group",
        "day",
        "question",
        "outcome",
        "from",
        "to",
        "answered from",
        "answered to",
    )


def test_csv_has_bands_as_they_were_shown_and_nothing_for_what_there_is_not() -> None:
    assert csv_of([BAND, NOTHING]) == (
        "group,day,question,outcome,from,to,answered from,answered to\n"
        "Amber,2026-11-24,How?,published,3,3.5,8,\n"
        "Amber,2026-11-24,How?,rests,,,,\n"
    )


def test_json_has_the_same() -> None:
    rows = json.loads(json_of([BAND, NOTHING]))
    assert [list(row) for row in rows] == [list(COLUMNS)] * 2
    assert list(rows[0].values()) == ["Amber", "2026-11-24", "How?", "published", 3, 3.5, 8, None]
    assert list(rows[1].values())[3:] == ["rests", None, None, None, None]


@pytest.mark.parametrize("name", ["=1+1", "+44", "-x", "@SUM(A1)", "\tx", 'a, "b"\nc'])
def test_a_groups_name_is_never_a_formula_and_stays_one_cell(name: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_of([replace(BAND, group=name)])))
    assert row[0].removeprefix("'") == name
    assert not row[0].startswith(("=", "+", "-", "@", "\t"))


def test_the_day_of_a_row_is_the_rounds_own() -> None:
    assert date.fromisoformat(next(iter(json.loads(json_of([BAND]))))["day"]) == TUESDAY
