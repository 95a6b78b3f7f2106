"""A quarter of weekly summaries with a re-organisation half-way, read in a real browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.ports import Texts
from tests.acceptance import test_in_a_browser as first
from tests.acceptance.bot_process import BotProcess, Home, Json
from tests.acceptance.test_in_a_browser import LAPTOP, Tab, _context, _tab
from tests.acceptance.townsfolk import answer_the_pulse, buttons_of, everybody_opts_in, words_of
from tests.support import quarter
from tests.support.organisation import HEADER
from tests.support.quarter import EARLIER, LATER, on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

browser = first.browser  # the fixtures
texts = first.texts
NARROW: Final = (360, 740)
SUMMARY: Final = re.compile("^The weekly pulse of Tuesday 14 September")
OPEN: Final = "How it went over time"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def friday(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    """The last Friday of the quarter, when everything has been lived through."""
    home = Home(tmp_path_factory.mktemp("quarter") / "home")
    await home.begin_at()
    await _imports(home, quarter.before())
    async with home.running() as bot:
        ids = await _ids(bot)
        await bot.tap(ids["ada"], "admin.launch")
        await everybody_opts_in(bot)
        for week in range(quarter.WEEKS):
            if week == quarter.REORGANISED_AFTER:
                await _imports(home, quarter.after())
            await _lives_through(bot, week)
        yield bot


async def _imports(home: Home, lines: list[str]) -> None:
    await asyncio.to_thread(home.import_roster, "\n".join([HEADER, *lines]))


async def _ids(bot: BotProcess) -> dict[str, str]:
    return {person["name"].lower(): person["id"] for person in await bot.people()}


async def _lives_through(bot: BotProcess, week: int) -> None:
    """From one Friday to the next. In two weeks it is known what everybody says."""
    if week == EARLIER:  # whoever declined the welcome would like to be asked after all
        await everybody_opts_in(bot)
    await bot.move_until(on(week, 1, 10), "day")
    if week in {EARLIER, LATER}:
        await _everybody_answers(bot, week)
    else:
        await bot.post("everyone", {"except": []})
    await bot.move("friday")


async def _everybody_answers(bot: BotProcess, week: int) -> None:
    names = quarter.members(week)
    people = {person["name"].lower(): person for person in await bot.people()}

    def choose(number: int, values: list[str]) -> str:
        return quarter.says(names[number], week)

    replies = await answer_the_pulse(bot, [people[name] for name in names], choose)
    assert len(replies) == len(names)


# --- reading ---------------------------------------------------------------------------------


async def _opens_history(tab: Tab, name: str) -> None:
    await tab.becomes(name)
    await tab.message(name, SUMMARY).get_by_role("button", name=OPEN, exact=True).click()
    await expect(tab.dialog).to_be_visible()
    await tab.fits()


async def _is_drawn(figure: Locator, title: str, said: str) -> None:
    """A picture of two lines with two points each, and all of it in words below."""
    picture = figure.get_by_role("img", name=f"Chart: {title}")
    await expect(picture).to_be_visible()
    await expect(picture.locator(".line")).to_have_count(2)
    await expect(picture.locator(".marker")).to_have_count(4)
    box, around = await picture.bounding_box(), await figure.bounding_box()
    assert box is not None
    assert around is not None
    assert around["x"] <= box["x"]
    assert box["x"] + box["width"] <= around["x"] + around["width"]
    await expect(figure.get_by_text(said, exact=True)).to_be_visible()


async def _reaches(picture: Locator, low: int, high: int) -> None:
    """For each of both questions there is one bar, from the one to the other of a scale to 5."""
    marks = picture.locator(".mark")
    await expect(marks).to_have_count(2)
    await expect(picture.get_by_text(f"{low} – {high}", exact=True)).to_have_count(2)  # noqa: RUF001
    scale = [await _across(line) for line in await picture.locator(".grid").all()]
    assert len(scale) == 5
    for mark in await marks.all():
        (left, right) = await _across(mark)
        assert abs(left - scale[low - 1][0]) < 3
        assert abs(right - scale[high - 1][0]) < 3


async def _across(drawn: Locator) -> tuple[float, float]:
    """Where something begins and ends, in pixels from the left."""
    box = await drawn.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["laptop", "narrow"])
async def test_a_renamed_team_goes_on_and_its_manager_sees_each_point_drawn_and_in_words(
    browser: Browser, friday: BotProcess, texts: Texts, size: tuple[int, int]
) -> None:
    async with _context(browser, friday, size) as context:
        tab = await _tab(context, friday)
        await _opens_history(tab, "Norah")
        figures = tab.dialog.get_by_role("figure")
        await expect(figures).to_have_count(2)
        for which, title in enumerate(quarter.titles(texts)):
            await _is_drawn(figures.nth(which), title, quarter.WENT_ON)
        shown = await tab.dialog.inner_text()
        await tab.closes_dialog_with(texts.say("history.cannot_see"))

        await tab.button("Home").click()
        await tab.button(texts.say("history.title", block="Northern homes")).click()
        await expect(figures).to_have_count(2)
        assert await tab.dialog.inner_text() == shown


async def test_a_merged_team_begins_anew_and_a_manager_who_was_reads_no_more(
    browser: Browser, friday: BotProcess, texts: Texts
) -> None:
    async with _context(browser, friday, NARROW) as context:
        tab = await _tab(context, friday)
        await _opens_history(tab, "Esther")
        await expect(tab.dialog.get_by_role("figure")).to_have_count(0)
        await expect(tab.dialog.get_by_text(quarter.BEGAN_ANEW)).to_have_count(2)
        await expect(tab.dialog).not_to_contain_text(quarter.ASKED_EARLIER)
        await tab.closes_dialog_with(texts.say("history.cannot_see"))
        summary = tab.message("Esther", SUMMARY)
        await expect(summary.get_by_text(texts.say("summary.first_time"))).to_have_count(2)

        await tab.button("Change from Esther to somebody else").click()
        await tab.becomes("Wes")
        await tab.button("Home").click()
        await expect(tab.page.get_by_text(texts.say("home.fine_print"))).to_be_visible()
        await expect(tab.page.get_by_text(texts.say("home.summaries"))).to_have_count(0)


async def test_a_team_that_became_too_small_rests_and_no_cause_is_given(
    browser: Browser, friday: BotProcess, texts: Texts
) -> None:
    async with _context(browser, friday, NARROW) as context:
        tab = await _tab(context, friday)
        await _opens_history(tab, "Nia")
        await expect(tab.dialog.get_by_text(quarter.RESTS_NOW)).to_have_count(2)
        await expect(tab.dialog.get_by_role("figure")).to_have_count(0)
        await tab.closes_dialog_with(texts.say("history.cannot_see"))
        summary = tab.message("Nia", SUMMARY)
        await expect(summary).to_contain_text(texts.say("summary.rests"))
        await expect(summary.get_by_role("figure")).to_have_count(0)


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["laptop", "narrow"])
async def test_a_head_of_department_reads_the_groups_there_are_now_together(
    browser: Browser, friday: BotProcess, texts: Texts, size: tuple[int, int]
) -> None:
    async with _context(browser, friday, size) as context:
        tab = await _tab(context, friday)
        await tab.becomes("Chief")
        summary = tab.message("Chief", SUMMARY)
        picture = texts.say("summary.chart_title", bottom=1, top=5)
        await expect(summary.get_by_role("heading")).to_have_text(
            [texts.say("roll_up.title"), "Northern homes", picture, "Riverside", picture]
        )
        await expect(summary.get_by_text(quarter.TOGETHER)).to_have_count(2)
        pictures = summary.get_by_role("img", name=re.compile("^Chart:"))
        await _reaches(pictures.nth(0), 1, 3)
        await _reaches(pictures.nth(1), 3, 5)
        await tab.button("Home").click()
        await expect(tab.page.get_by_text(quarter.TOGETHER).locator("visible=true")).to_have_count(
            2
        )
        for name in ("Northern homes", "Riverside"):
            await expect(tab.button(texts.say("history.title", block=name))).to_be_visible()
        await tab.fits()


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["laptop", "narrow"])
async def test_staff_read_the_same_in_their_channel_without_buttons(
    browser: Browser, friday: BotProcess, texts: Texts, size: tuple[int, int]
) -> None:
    async with _context(browser, friday, size) as context:
        tab = await _tab(context, friday)
        await tab.becomes("Norah-1")
        await tab.button("Channels").click()
        summary = tab.page.get_by_role("article", name=SUMMARY).last
        await expect(summary.get_by_role("heading", name="Northern homes")).to_be_visible()
        await expect(summary.get_by_role("figure")).to_have_count(1)
        await expect(summary).to_contain_text(texts.say("summary.lower"))
        await expect(summary).to_contain_text(texts.say("summary.cannot_see"))
        await expect(summary.get_by_role("button")).to_have_count(0)
        await tab.fits()


# --- the whole quarter -----------------------------------------------------------------------


def _summaries(room: Json) -> list[Json]:
    bodies = [message["body"] for message in room["messages"]]
    return [body for body in bodies if body["summary"].startswith("The weekly pulse of")]


def _without_buttons(body: Json) -> list[Json]:
    return [part for part in body["parts"] if part["type"] != "buttons"]


async def test_in_every_week_manager_and_channel_read_the_same_and_nothing_of_anybody(
    friday: BotProcess, texts: Texts
) -> None:
    ids = await _ids(friday)
    for manager, channel_from in (("norah", 0), ("esther", 6), ("nia", 0)):
        told = _summaries((await friday.state(ids[manager]))["direct"])
        (channel,) = (await friday.state(ids[f"{manager}-1"]))["channels"]
        read = _summaries(channel)
        assert len(told) == quarter.WEEKS
        assert len(read) == quarter.WEEKS - channel_from
        assert list(map(_without_buttons, told[channel_from:])) == list(map(_without_buttons, read))
        assert not [button for body in read for button in buttons_of(body)]
        for body in told:
            assert quarter.tells_too_much(words_of(body)) == []
        rests = texts.say("summary.rests")
        resting = [rests in words_of(body) for body in told]
        expected = [manager == "nia" and week >= 6 for week in range(quarter.WEEKS)]
        assert resting == expected
