"""A published band holds until answers have clearly left it, round after round."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.content import PromptLibrary
from bot.message import Message
from bot.usecases.home import home
from tests.support.organisation import World, team_of
from tests.support.reading import buttons, charts, words
from tests.support.recurring import HIGH, LOW, RULES, round_by_question, round_of
from tests.support.rounds import FIRST_MONDAY, settle, under

TEAM, OTHERS = "Services / Housing", "Other / Works"
JUST_BELOW_THE_MIDDLE, JUST_ABOVE_IT = ["3"] * 8 + ["2"], ["3"] * 8 + ["4"]


@pytest.fixture
async def council(world: World, library: PromptLibrary) -> World:
    """Two teams of twelve that are asked the same two questions as soon as the spacing allows."""
    under(world, library, RULES, questions=2)
    await settle(world, FIRST_MONDAY, [*team_of(12, TEAM), *team_of(12, OTHERS, "chief")])
    return world


async def summary(world: World, leader: str = "boss") -> str:
    return words(await summary_message(world, leader))


async def summary_message(world: World, leader: str = "boss") -> Message:
    page = await home(world.core, world.ids[leader])
    button = next(b for b in buttons(page) if b.action == "summary.read")
    notice = (await world.tap(leader, button.action, button.value)).notice
    assert isinstance(notice, Message)
    return notice


async def test_answers_within_chance_of_the_last_band_are_as_before(council: World) -> None:
    await round_of(council, 0, HIGH)
    await round_of(council, 1, JUST_BELOW_THE_MIDDLE)
    text = await summary(council)
    assert text.count("As before, give or take what is chance") == 2
    assert text.count("of this size: between 3 and 5, where 1 is") == 2
    assert "No clear change" not in text
    assert "1 and 3" not in text


async def test_a_chart_says_which_bands_are_as_before(council: World) -> None:
    await round_by_question(council, 0, [HIGH, HIGH])
    await round_by_question(council, 1, [JUST_BELOW_THE_MIDDLE, LOW])
    [chart] = charts(await summary_message(council))
    (lows, highs) = (series.values for series in chart.series)
    held, new = (chart.categories[lows.index(low)] for low in (3, 1))
    assert set(highs) == {3, 5}
    assert f"{held}: as before, between 3 and 5, give or take chance." in chart.text
    assert f"{new}: between 1 and 3." in chart.text


async def test_the_picture_of_a_chart_claims_no_more_than_where_bands_begin_and_end(
    council: World,
) -> None:
    await round_of(council, 0, HIGH)
    await round_of(council, 1, JUST_BELOW_THE_MIDDLE)
    [chart] = charts(await summary_message(council))
    assert chart.title == "A rough picture, from 1 to 5"
    drawn = {series.name: series.values for series in chart.series}
    assert drawn == {"From": (3, 3), "To": (5, 5)}


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (HIGH, LOW, ("Between 1 and 3", "Clearly lower")),
        (LOW, HIGH, ("Between 3 and 5", "Clearly higher")),
    ],
)
async def test_answers_that_clearly_left_the_last_band_get_a_new_one(
    council: World, first: Sequence[str], then: Sequence[str], expected: tuple[str, str]
) -> None:
    await round_of(council, 0, first)
    await round_of(council, 1, then)
    text = await summary(council)
    assert [text.count(said) for said in expected] == [2, 2]
    assert "As before" not in text


async def test_a_new_band_holds_in_its_turn(council: World) -> None:
    for number, values in enumerate([HIGH, LOW, JUST_ABOVE_IT]):
        await round_of(council, number, values)
    assert (await summary(council)).count("As before") == 2


async def test_too_few_answers_in_between_do_not_break_the_holding(council: World) -> None:
    await round_of(council, 0, HIGH)
    await round_of(council, 1, LOW[: RULES.answers - 1])
    assert "Too few answers" in await summary(council)
    await round_of(council, 2, JUST_BELOW_THE_MIDDLE)
    text = await summary(council)
    assert text.count("As before") == text.count("of this size: between 3 and 5") == 2


async def test_few_answers_leave_a_band_sooner_and_nothing_is_made_of_it(council: World) -> None:
    """Among five, a mean below 2.6 would rule out that somebody and a colleague said 5."""
    await round_of(council, 0, HIGH[:5])
    await round_of(council, 1, LOW[:5])
    text = await summary(council)
    assert text.count("Between 1 and 3") == text.count("No clear change") == 2
    assert "As before" not in text


async def test_every_group_has_a_band_of_its_own(council: World) -> None:
    await round_of(council, 0, HIGH, LOW)
    await round_of(council, 1, JUST_BELOW_THE_MIDDLE, JUST_ABOVE_IT)
    for leader, expected in (("boss", "size: between 3 and 5"), ("chief", "size: between 1 and 3")):
        text = await summary(council, leader)
        assert text.count("As before") == text.count(expected) == 2


async def test_every_question_has_a_band_of_its_own(council: World) -> None:
    await round_by_question(council, 0, [HIGH, LOW])
    await round_by_question(council, 1, [JUST_BELOW_THE_MIDDLE, JUST_ABOVE_IT])
    text = await summary(council)
    assert text.count("As before") == 2
    assert text.count("size: between 3 and 5") == text.count("size: between 1 and 3") == 1
