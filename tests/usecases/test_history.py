"""How a block's results went over time: what its summaries have shown, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from adapters.content import PromptLibrary
from bot.domain.bands import Change
from bot.errors import NotAllowed
from bot.message import Message
from bot.store.tables import Account, Delivery, Person, Publication
from bot.usecases.export_summaries import exported
from bot.usecases.home import home
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, charts, words
from tests.support.recurring import HIGH, LOW, RULES, nth, round_by_question, round_of
from tests.support.rounds import (
    FIRST_MONDAY,
    answer,
    at,
    close,
    move,
    open_on,
    settle,
    under,
    week,
)

TEAM, OTHERS = "Services / Housing", "Other / Works"
ROSTER = [
    *team_of(12, TEAM),
    *team_of(12, OTHERS, "chief"),
    line("ada", OTHERS, "chief", roles="admin"),
]
FEW = HIGH[: RULES.answers - 1]


@pytest.fixture
async def council(world: World, library: PromptLibrary) -> World:
    """Two teams that are asked the same two questions as soon as the spacing allows."""
    under(world, library, RULES, questions=2)
    await settle(world, FIRST_MONDAY, ROSTER)
    return world


async def from_home(world: World, leader: str = "boss") -> Message:
    page = await home(world.core, world.ids[leader])
    (button,) = (each for each in buttons(page) if each.action == "history.read")
    return await read(world, leader, button.value)


async def read(world: World, leader: str, value: str) -> Message:
    notice = (await world.tap(leader, "history.read", value)).notice
    assert isinstance(notice, Message)
    return notice


async def block_of(world: World, leader: str) -> str:
    page = await home(world.core, world.ids[leader])
    return next(button.value for button in buttons(page) if button.action == "summary.read")


# --- what is shown ---------------------------------------------------------------------------


async def test_each_question_has_a_chart_of_its_bands_and_their_days(council: World) -> None:
    for number, values in enumerate([HIGH, LOW, LOW]):
        await round_of(council, number, values)
    for chart in charts(await from_home(council)):
        assert chart.kind == "line"
        assert chart.categories == ("24 Nov 2026", "19 Jan 2027", "16 Mar 2027")
        assert {each.name: each.values for each in chart.series} == {
            "From": (3, 1, 1),
            "To": (5, 3, 3),
        }
        assert (chart.low, chart.high) == (1, 5)


async def test_its_words_say_all_that_the_picture_shows(council: World) -> None:
    for number, values in enumerate([HIGH, FEW, LOW]):
        await round_of(council, number, values)
    (chart, _) = charts(await from_home(council))
    assert chart.text == (
        "24 Nov 2026: between 3 and 5. 19 Jan 2027: nothing to show. "
        "16 Mar 2027: between 1 and 3, clearly lower than the result before."
    )


async def test_each_question_has_a_history_of_its_own(council: World) -> None:
    await round_by_question(council, 0, [HIGH, LOW])
    await round_by_question(council, 1, [HIGH, HIGH])
    drawn = {
        tuple(each.values for each in chart.series) for chart in charts(await from_home(council))
    }
    assert drawn == {((3, 3), (5, 5)), ((1, 3), (3, 5))}


async def test_a_change_that_is_not_clear_is_none(council: World) -> None:
    """Among five the other band is no clear change: see `bot.domain.bands.change`."""
    await round_of(council, 0, HIGH[: RULES.answers])
    await round_of(council, 1, LOW[: RULES.answers])
    notice = await from_home(council)
    assert words(notice).count("No clear change in this time.") == 2
    assert not [
        change for change in (Change.HIGHER, Change.LOWER) if f"clearly {change}" in words(notice)
    ]
    assert {each.values for each in charts(notice)[0].series} == {(3, 1), (5, 3)}


async def test_eight_rounds_before_this_one_are_shown_and_no_more(council: World) -> None:
    for number in range(11):
        await round_of(council, number, HIGH)
    for chart in charts(await from_home(council)):
        assert len(chart.categories) == 9
        assert chart.categories[0] == "16 Mar 2027"
        assert chart.categories[-1] == "6 Jun 2028"


async def test_a_single_result_is_told_in_words_alone(council: World) -> None:
    await round_of(council, 0, HIGH)
    notice = await from_home(council)
    assert not charts(notice)
    assert words(notice).count("24 Nov 2026: between 3 and 5.") == 2


async def test_nothing_to_show_so_far_is_said_kindly(council: World) -> None:
    await round_of(council, 0, FEW)
    assert words(await from_home(council)).count("There has been nothing to show so far.") == 2


async def test_it_says_nothing_that_the_summaries_of_its_rounds_have_not_said(
    council: World,
) -> None:
    block = await block_of(council, "boss")
    summaries: dict[str, str] = {}
    for number, values in enumerate([HIGH, HIGH, LOW, FEW, LOW, HIGH]):
        await round_of(council, number, values)
        notice = (await council.tap("boss", "summary.read", block)).notice
        day = council.core.library.texts("en").short_day(nth(number))
        summaries[day] = words(notice).lower()
    for chart in charts(await from_home(council)):
        lines = dict(line.split(": ") for line in chart.text.rstrip(".").split(". "))
        assert lines.keys() == summaries.keys()
        for day, said in lines.items():
            if said == "nothing to show":
                assert "too few answers to show" in summaries[day]
            for part in said.removesuffix(" than the result before").split(", "):
                assert said == "nothing to show" or part in summaries[day]


async def test_only_what_is_published_is_ever_read(council: World) -> None:
    for number in range(2):
        await round_of(council, number, HIGH)
    async with council.core.database.writing() as session:
        await session.execute(update(Publication).values(mean_low_halves=3))
    for chart in charts(await from_home(council)):
        assert [each.values for each in chart.series] == [(1.5, 1.5), (5, 5)]


# --- gaps ------------------------------------------------------------------------------------


async def test_rounds_without_a_result_are_gaps_alike_and_no_cause_is_given(
    council: World,
) -> None:
    await round_of(council, 0, HIGH)
    await round_of(council, 1, FEW)
    await round_of(council, 2, HIGH)
    said: dict[str, str] = {}
    for outcome in ("too_few", "rests", "unpublished"):
        async with council.core.database.writing() as session:
            await session.execute(
                update(Publication)
                .where(col(Publication.round_id) == f"pulse-{nth(1)}")
                .values(outcome=outcome)
            )
        notice = await from_home(council)
        assert all(each.values[1] is None for chart in charts(notice) for each in chart.series)
        said[outcome] = words(notice)
    assert len(set(said.values())) == 1
    assert "19 Jan 2027: nothing to show." in said["rests"]
    assert "few" not in said["rests"]


async def test_a_group_that_has_become_too_small_rests_and_keeps_its_history(
    council: World,
) -> None:
    await round_of(council, 0, HIGH)
    await round_of(council, 1, HIGH)
    await settle(council, week(RULES.spacing_weeks * 2), ROSTER[:8] + ROSTER[13:])
    await round_of(council, 2, [], HIGH)
    (chart, _) = charts(await from_home(council))
    assert chart.text.endswith("16 Mar 2027: nothing to show.")
    assert "19 Jan 2027: between 3 and 5." in chart.text


# --- who may read it -------------------------------------------------------------------------


async def test_a_summary_leads_to_the_history_up_to_its_own_round(council: World) -> None:
    block = await block_of(council, "boss")
    for number, values in enumerate([HIGH, HIGH, LOW]):
        await round_of(council, number, values)
    summary = (await council.tap("boss", "summary.read", block)).notice
    assert summary is not None
    (button,) = (each for each in buttons(summary) if each.action == "history.read")
    assert button.label == "How it went over time"
    assert button.value == f"{block} pulse-{nth(2)}"
    assert await read(council, "boss", button.value) == await from_home(council)
    earlier = await read(council, "boss", f"{block} pulse-{nth(1)}")
    assert [chart.categories[-1] for chart in charts(earlier)] == ["19 Jan 2027"] * 2


async def test_nobody_but_its_leaders_reads_it(council: World) -> None:
    await round_of(council, 0, HIGH)
    block = await block_of(council, "boss")
    for reader in ("chief", "boss-1", "ada"):
        for value in (block, f"{block} pulse-{nth(0)}"):
            with pytest.raises(NotAllowed):
                await council.tap(reader, "history.read", value)


@pytest.mark.parametrize(
    "value", ["", " ", "{block} ", "{block}  x", "{block} x", "{block}x", "x {round}"]
)
async def test_a_forged_value_is_refused(council: World, value: str) -> None:
    await round_of(council, 0, HIGH)
    forged = value.format(block=await block_of(council, "boss"), round=f"pulse-{nth(0)}")
    with pytest.raises(NotAllowed):
        await council.tap("chief", "history.read", forged)


async def test_a_round_that_is_still_open_has_no_history_yet(council: World) -> None:
    await round_of(council, 0, HIGH)
    block = await block_of(council, "boss")
    opened = await open_on(council, nth(1))
    with pytest.raises(NotAllowed):
        await council.tap("boss", "history.read", f"{block} {opened.id}")


# --- re-organisations ------------------------------------------------------------------------


async def test_a_merged_group_is_another_one_and_shows_neither_of_those_before(
    council: World,
) -> None:
    """A manager whose small team is merged with a neighbour reads nothing of the neighbour's."""
    siblings = [*team_of(12, "Services / Housing"), *team_of(12, "Services / Libraries", "chief")]
    await settle(council, week(0), siblings)
    await round_of(council, 0, HIGH, LOW)
    alone = {leader: await block_of(council, leader) for leader in ("boss", "chief")}
    small = [*team_of(7, "Services / Housing"), *team_of(7, "Services / Libraries", "chief")]
    await settle(council, week(RULES.spacing_weeks), small)
    await round_of(council, 1, HIGH[:7], HIGH[:7])
    for leader in ("boss", "chief"):
        assert "24 Nov 2026" not in words(await from_home(council, leader))
        assert words(await from_home(council, leader)).count("19 Jan 2027: between 3 and 5") == 2
    was = await read(council, "chief", f"{alone['chief']} pulse-{nth(0)}")
    assert words(was).count("24 Nov 2026: between 1 and 3.") == 2
    for value in (alone["boss"], f"{alone['boss']} pulse-{nth(0)}"):
        with pytest.raises(NotAllowed):
            await council.tap("chief", "history.read", value)


async def test_a_new_manager_reads_what_the_team_has_been_shown_and_the_old_one_no_more(
    council: World,
) -> None:
    await round_of(council, 0, HIGH)
    block = await block_of(council, "boss")
    handed_over = [*team_of(12, OTHERS, "chief"), line("boss", OTHERS, "chief")]
    handed_over += [line(f"boss-{n}", TEAM, "nia") for n in range(1, 13)]
    await council.import_lines([*handed_over, line("nia", TEAM, "")])
    assert "between 3 and 5" in words(await read(council, "nia", block))
    with pytest.raises(NotAllowed):
        await council.tap("boss", "history.read", block)


@pytest.mark.parametrize("during", ["leaves", "moves"])
async def test_who_leaves_or_moves_during_a_round_changes_nothing_that_is_shown(
    council: World, during: str
) -> None:
    await round_of(council, 0, HIGH)
    opened = await open_on(council, nth(1))
    await answer(council, opened, [f"boss-{n}" for n in range(1, 10)])
    roster = [row for row in ROSTER if not row.startswith("Boss-1,")]
    moved = [line("boss-1", OTHERS, "chief")] if during == "moves" else []
    await council.import_lines([*roster, *moved])
    await close(council, opened)
    assert words(await from_home(council)).count("19 Jan 2027: between 3 and 5.") == 2
    assert "between 3" not in words(await from_home(council, "chief"))


async def test_a_group_that_everybody_leaves_during_a_round_is_nobodys(council: World) -> None:
    await round_of(council, 0, HIGH, LOW)
    block = await block_of(council, "boss")
    opened = await open_on(council, nth(1))
    await answer(council, opened, [f"boss-{n}" for n in range(1, 10)])
    await council.import_lines([line("boss", OTHERS, "chief"), *ROSTER[13:]])
    await close(council, opened)
    for reader in ("boss", "chief", "ada"):
        with pytest.raises(NotAllowed):
            await council.tap(reader, "history.read", block)
    assert "Housing" not in words(await home(council.core, council.ids["boss"]))
    assert words(await from_home(council, "chief")).count("between 1 and 3.") == 2
    rows = [row for row in await exported(council.core, None) if row.group == "Housing"]
    assert [row.day for row in rows] == [nth(0), nth(0), nth(1), nth(1)]


async def test_who_was_erased_during_a_round_leaves_the_history_readable(council: World) -> None:
    """By hand, as docs/operating.md says."""
    await round_of(council, 0, HIGH)
    opened = await open_on(council, nth(1))
    await answer(council, opened, [f"boss-{n}" for n in range(1, 10)])
    async with council.core.database.writing() as session:
        gone = council.ids["boss-1"]
        await session.execute(delete(Delivery).where(col(Delivery.person_id) == gone))
        await session.execute(delete(Account).where(col(Account.person_id) == gone))
        await session.execute(delete(Person).where(col(Person.id) == gone))
    await close(council, opened)
    assert words(await from_home(council)).count("19 Jan 2027: between 3 and 5.") == 2


# --- clocks ----------------------------------------------------------------------------------


async def test_a_clock_that_goes_back_and_forth_shows_each_round_once(council: World) -> None:
    await round_of(council, 0, HIGH)
    opened = await open_on(council, nth(1))
    await answer(council, opened, [f"boss-{n}" for n in range(1, 10)])
    for days in (-60, 1, -1, 0):
        await move(council, at(nth(1) + timedelta(days=days), 11))
    await close(council, opened)
    shown = words(await from_home(council))
    await move(council, at(nth(0), 11))
    await move(council, at(nth(1) + timedelta(days=3), 11))
    assert words(await from_home(council)) == shown
    assert [chart.categories for chart in charts(await from_home(council))] == [
        ("24 Nov 2026", "19 Jan 2027")
    ] * 2


async def test_a_group_in_many_zones_has_one_day_for_each_round(council: World) -> None:
    zones = ("Pacific/Auckland", "Europe/London", "Pacific/Honolulu")
    spread = [line("boss", TEAM, "")]
    spread += [line(f"boss-{n}", TEAM, zone=zones[n % 3]) for n in range(1, 13)]
    await settle(council, week(0), [*spread, *team_of(12, OTHERS, "chief")])
    for number in range(2):
        opened = await open_on(council, nth(number))
        await answer(council, opened, [f"boss-{n}" for n in range(1, 10)])
        await move(council, at(nth(number) + timedelta(days=4), 12))
    for chart in charts(await from_home(council)):
        assert chart.categories == ("24 Nov 2026", "19 Jan 2027")
