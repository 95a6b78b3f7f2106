"""All groups of somebody who leads several, together: no group by itself, and none in an order."""

from __future__ import annotations

from itertools import permutations

import pytest

from adapters.content import PromptLibrary
from bot.domain.gate import GateRules
from bot.message import Heading, Items
from bot.usecases.home import home
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
    to_leader,
)
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, charts, words
from tests.support.rounds import FIRST_MONDAY, close, open_on, settle, under

TITLE = "Your groups together"


@pytest.fixture
async def council(world: World, library: PromptLibrary) -> World:
    """Four teams of ten with a manager each, under one director; both questions on one scale."""
    await found(world, library)
    return world


async def together(world: World, leader: str = "director") -> str:
    """What the home page says of all groups together; "" if it says nothing."""
    page = words(await home(world.core, world.ids[leader]))
    return page.partition(f"{TITLE}\n")[2].partition("\nPlaces to turn")[0]


async def test_a_question_has_the_range_that_all_results_lie_in(council: World) -> None:
    await a_round(council, [HIGH, HIGH, SILENT, SILENT])
    text = await together(council)
    assert text.count("Between 3 and 5, where 1 is strongly disagree") == 2
    assert text.count('In words: from "in between" to "strongly agree".') == 2
    assert text.count("something to show in 2 of 4 groups") == 2


async def test_results_that_differ_span_more(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    text = await together(council)
    assert text.count("Between 1 and 5") == text.count("in 3 of 4 groups") == 2


@pytest.mark.parametrize("values", [[HIGH, *[SILENT] * 3], [SILENT] * 4])
async def test_one_result_or_none_has_nothing_to_be_put_together_with(
    council: World, values: list[str]
) -> None:
    await a_round(council, values)
    assert await together(council) == ""


async def test_who_leads_one_group_has_no_others(council: World) -> None:
    await a_round(council, [HIGH] * 4)
    for leader in (*(name.lower() for name in NAMES), "amber-1"):
        assert TITLE not in words(await home(council.core, council.ids[leader]))


async def test_before_the_first_pulse_there_is_nothing_together(council: World) -> None:
    assert await together(council) == ""


async def test_a_line_is_a_question_and_never_a_group(council: World) -> None:
    await a_round(council, [HIGH, LOW, HIGH, LOW])
    page = await home(council.core, council.ids["director"])
    (lists,) = (p for p in page.parts if isinstance(p, Items) and "In words" in p.items[0].text)
    assert [item.label for item in lists.items] == [
        item.text for item in council.core.library.texts("en").pulse_items
    ]
    assert not [name for name in NAMES if name in await together(council)]
    assert not charts(page)


async def test_it_is_the_same_whichever_group_has_which_result(council: World) -> None:
    """Who knows all that is said of the groups together can put none above another."""
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    before = await home(council.core, council.ids["director"])
    rows = await published(council)
    for order in permutations(range(len(NAMES))):
        await deal_out(council, rows, order)
        assert await home(council.core, council.ids["director"]) == before


async def test_the_groups_of_a_summary_are_in_the_order_of_their_names(council: World) -> None:
    await a_round(council, [HIGH, LOW, SILENT, HIGH])
    rows = await published(council)
    for order in permutations(range(len(NAMES))):
        await deal_out(council, rows, order)
        parts = (await to_leader(council)).parts
        headings = [part.text for part in parts if isinstance(part, Heading)]
        assert headings == [TITLE, "Amber", "Birch", "Cedar"]


@pytest.mark.parametrize(("groups", "shown"), [(2, 2), (6, 6), (7, 0)])
async def test_the_home_page_leads_to_each_groups_history_while_one_row_holds_them(
    world: World, library: PromptLibrary, groups: int, shown: int
) -> None:
    under(world, library, GateRules())
    lines = [line("director", "Services", "")]
    for number in range(1, groups + 1):
        _, *team = team_of(9, f"Services / Team {number}", f"boss{number}")
        lines += [line(f"boss{number}", f"Services / Team {number}", "director"), *team]
    await settle(world, FIRST_MONDAY, lines)
    await close(world, await open_on(world, TUESDAY))
    found = buttons(await home(world.core, world.ids["director"]))
    labels = [each.label for each in found if each.action == "history.read"]
    assert labels == [f"Team {number}, over time" for number in range(1, shown + 1)]
