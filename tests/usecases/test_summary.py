from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.message import Message
from bot.store import rounds
from bot.store.tables import Publication
from bot.usecases.directory import everyone
from bot.usecases.home import home
from tests.support.organisation import World, team_of
from tests.support.reading import buttons, charts, words

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
TEAM = [f"boss-{number}" for number in range(1, 11)]


@pytest.fixture
async def council(world: World) -> World:
    """A team of ten that answers, and a team of four that is too small, on a Tuesday."""
    await world.import_lines([*team_of(10), *team_of(4, "Other / Small", "chief")])
    await world.launch()
    await world.live_until(MONDAY_NOON)
    for name in TEAM:
        await world.tap(name, "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    return world


async def answer(world: World, names: list[str], value: str, round_id: str = ROUND) -> None:
    for name in names:
        form = (await world.tap(name, "pulse.form", round_id)).form
        assert form is not None
        fields = {field.name: value for field in form.fields}
        await world.submit(name, "pulse.submit", round_id, **fields)


def last(world: World, external_id: str) -> Message:
    return world.platform.to(external_id)[-1].message


async def channel_of(world: World, name: str) -> str:
    card = next(card for card in await everyone(world.core) if card.name.lower() == name)
    return card.channels[0][0]


async def test_the_manager_and_the_teams_channel_read_the_same(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    to_manager = last(council, council.ids["boss"])
    assert to_manager.summary == "The weekly pulse of Tuesday 24 November"
    in_channel = last(council, await channel_of(council, "boss-1"))
    own = (
        "[How it went over time]\n[Say what will happen]\n[What was said will happen]\n"
        "[Change settings]\n"
    )
    assert words(to_manager).replace(own, "") == words(in_channel)
    assert not buttons(in_channel)


async def test_a_summary_shows_bands_and_never_exact_figures(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    text = words(last(council, council.ids["boss"]))
    assert "Between 3 and 5" in text
    assert 'In words: from "in between" to "strongly agree".' in text
    assert "5 people or more answered" in text
    assert "6 people" not in text


async def test_a_chart_says_everything_in_text_as_well(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    (agreement, *_) = charts(last(council, council.ids["boss"]))
    for question, *ends in zip(
        agreement.categories, *(series.values for series in agreement.series), strict=True
    ):
        low, high = ends
        assert f"{question}: between {low:g} and {high:g}." in agreement.text


async def test_questions_on_different_scales_do_not_share_a_chart(council: World) -> None:
    await answer(council, TEAM[:8], "4")
    await council.live_until(SATURDAY)
    ends = [(chart.low, chart.high) for chart in charts(last(council, council.ids["boss"]))]
    assert len(ends) == len(set(ends))


async def test_a_group_that_rests_is_told_kindly_and_without_a_cause(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    text = words(last(council, council.ids["chief"]))
    assert "rests here this week" in text
    assert "small" not in text
    assert not charts(last(council, council.ids["chief"]))


async def test_too_few_answers_are_told_without_a_number(council: World) -> None:
    await answer(council, TEAM[:4], "4")
    await council.live_until(SATURDAY)
    text = words(last(council, council.ids["boss"]))
    assert "Too few answers to show" in text
    assert "4" not in text.replace("Tuesday 24", "")


async def test_lost_keys_are_told_to_everybody_alike(council: World) -> None:
    await answer(council, TEAM, "4")
    await council.core.tallying_keys.destroy(ROUND)
    await council.live_until(SATURDAY)
    text = words(last(council, council.ids["boss"]))
    assert "could not be counted safely, so they were destroyed" in text


async def test_staff_get_no_summary_in_their_messages(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    assert not [p for p in council.inbox("boss-1") if "pulse of" in p.message.summary]


async def test_a_summary_says_what_nobody_can_see(council: World) -> None:
    await council.live_until(SATURDAY)
    assert "This summary doesn't show who answered" in words(last(council, council.ids["boss"]))


async def test_a_leader_finds_the_latest_summary_on_their_home_page(council: World) -> None:
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    page = await home(council.core, council.ids["boss"])
    button = next(b for b in buttons(page) if b.action == "summary.read")
    reply = await council.tap("boss", button.action, button.value)
    assert "Between 3 and 5" in words(reply.notice)


async def test_before_the_first_pulse_there_is_nothing_to_read(council: World) -> None:
    page = await home(council.core, council.ids["boss"])
    button = next(b for b in buttons(page) if b.action == "summary.read")
    reply = await council.tap("boss", button.action, button.value)
    assert "There's no summary yet" in words(reply.notice)


async def test_it_is_as_before_where_nothing_has_changed(council: World) -> None:
    """Ten weeks on the same two questions come round again."""
    await answer(council, TEAM[:6], "4")
    await council.live_until(SATURDAY)
    async with council.core.database.reading() as session:
        first = await rounds.round_by_id(session, ROUND)
        assert first is not None
    again = TUESDAY_NOON + timedelta(weeks=10)
    for name in council.ids:
        await council.submit(name, "settings.save", check_ins="off", reflections="off")
    await council.live_until(again)
    later = f"pulse-{again.date().isoformat()}"
    async with council.core.database.reading() as session:
        second = await rounds.round_by_id(session, later)
        assert second is not None
        assert second.question_ids == first.question_ids
    await answer(council, TEAM[:6], "4", later)
    await council.live_until(again + timedelta(days=4))
    text = words(last(council, council.ids["boss"]))
    assert text.count("As before, give or take what is chance") == 2
    assert "No clear change" not in text


async def test_only_what_is_published_is_ever_read(council: World) -> None:
    """Every figure of a summary is in the rows of `publication`."""
    await answer(council, TEAM[:6], "5")
    await council.live_until(SATURDAY)
    page = await home(council.core, council.ids["boss"])
    button = next(b for b in buttons(page) if b.action == "summary.read")
    async with council.core.database.writing() as session:
        for row in await rounds.publications(session, ROUND, button.value):
            await session.merge(Publication(**{**row.model_dump(), "mean_low_halves": 3}))
    text = words((await council.tap("boss", button.action, button.value)).notice)
    assert "Between 1.5 and 5" in text
