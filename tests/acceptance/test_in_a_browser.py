"""The way of a newcomer in a real browser, by what a screen reader would call things."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from adapters.content import PromptLibrary
from bot.ports import Texts
from tests.acceptance.bot_process import BotProcess, Home
from tests.acceptance.townsfolk import buttons_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
WITHIN_MS = 10_000
LAPTOP, PHONE = (1440, 900), (390, 844)

MONDAY_AT_TEN = datetime(2027, 6, 21, 9, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
FRIDAY_AT_TEN = datetime(2027, 6, 25, 9, tzinfo=UTC)

WATCH_THE_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if EXECUTABLE is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Continuous integration needs Chromium.")
        pytest.skip("There is no Chromium on this machine.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=EXECUTABLE, args=ARGUMENTS, timeout=3 * WITHIN_MS
        )
        yield launched
        await launched.close()


@pytest.fixture(scope="module")
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


# --- what somebody at the browser does -------------------------------------------------------


@dataclass(slots=True)
class Tab:
    """One tab on the playground."""

    page: Page

    def thread(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=f"Messages to {name}", exact=True)

    def message(self, name: str, summary: str | re.Pattern[str]) -> Locator:
        return self.thread(name).get_by_role("article", name=summary).last

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def becomes(self, name: str) -> None:
        """Pick somebody, on the first page or in the dialog that lists them."""
        await self.page.get_by_role("searchbox").fill(name)
        # A row reads the name and then the team, so it begins with the name.
        await self.page.get_by_role("button", name=re.compile(f"^{name}\\b")).first.click()
        await expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()

    async def moves(self, name: str) -> None:
        """Press one of the time bar's buttons, and wait until it has been done."""
        await self.button(name).click()
        await expect(self.button(name)).to_be_enabled()
        await self.fits()

    async def waits_for(self, name: str, summary: str) -> Locator:
        """Let time pass, message by message, until somebody has this one."""
        message = self.message(name, summary)
        for _ in range(20):
            await self.moves("Next message")
            # The time bar is quicker than what it brings.
            await self.page.wait_for_timeout(50)
            if await message.count():
                break
        await expect(message).to_be_visible()
        return message

    async def closes_dialog_with(self, words: str) -> None:
        """Read what only this person sees, and close it."""
        await expect(self.dialog).to_contain_text(words)
        await self.fits()
        await self.dialog.get_by_role("button", name="Close", exact=True).click()
        await expect(self.dialog).to_have_count(0)

    async def fits(self) -> None:
        """Nothing is wider than the window."""
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await self.page.evaluate(wide) <= 0


@asynccontextmanager
async def _context(
    browser: Browser, bot: BotProcess, size: tuple[int, int] = LAPTOP
) -> AsyncIterator[BrowserContext]:
    """A browser of its own. At the end there must have been no trouble in any of its tabs."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(WITHIN_MS)
    trouble: list[str] = []
    context.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(bot.origin) else trouble.append(asked.url),
    )
    await context.add_init_script(WATCH_THE_POLICY)
    try:
        yield context
    finally:
        await context.close()
    assert trouble == []


async def _tab(context: BrowserContext, bot: BotProcess) -> Tab:
    tab = Tab(await context.new_page())
    await tab.page.goto(bot.address)
    await expect(tab.page.get_by_role("heading", name="Who would you like to be?")).to_be_visible()
    return tab


# --- the whole way ---------------------------------------------------------------------------


async def test_a_newcomer_finds_the_way_from_the_welcome_to_the_summary(
    browser: Browser, texts: Texts, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    await home.begin_at()
    async with home.running() as bot, _context(browser, bot, LAPTOP) as context:
        tab = await _tab(context, bot)
        await _the_whole_way(tab, texts, "Aled Pugh", "Ruth Adeyemi", "Housing advice")
        await tab.page.screenshot(path=tmp_path / "summary.png")


async def test_the_whole_way_fits_on_a_phone(
    browser: Browser, texts: Texts, village: Home, tmp_path: Path
) -> None:
    home = village.copy(tmp_path / "home")
    async with home.running() as bot, _context(browser, bot, PHONE) as context:
        tab = await _tab(context, bot)
        await tab.fits()
        await _the_whole_way(tab, texts, "Boss-1", "Boss", "Housing")
        await tab.page.screenshot(path=tmp_path / "summary.png")


async def _the_whole_way(tab: Tab, texts: Texts, name: str, manager: str, block: str) -> None:
    await tab.becomes(name)

    welcome = await tab.waits_for(name, texts.say("welcome.summary"))
    await welcome.get_by_role("button", name=texts.say("welcome.accept"), exact=True).click()
    await tab.closes_dialog_with(texts.say("pulse.consent.yes"))
    await tab.moves("Let everybody else answer")

    await _answers_a_check_in(tab, texts, name)
    await tab.moves("Let everybody else answer")

    await _answers_a_pulse(tab, texts, name)
    await tab.moves("Let everybody else answer")

    await tab.moves("Next Friday")
    await tab.button(f"Change from {name} to somebody else").click()
    await tab.becomes(manager)
    await _reads_the_summary(tab, texts, manager, block)


async def _answers_a_check_in(tab: Tab, texts: Texts, name: str) -> None:
    choice = texts.check_ins.choices[3]
    asked = await tab.waits_for(name, texts.say("check_in.summary"))
    await asked.get_by_role("button", name=choice.label).click()
    await tab.closes_dialog_with(choice.reply)
    settled = tab.message(name, texts.say("settled.summary"))
    await expect(settled).to_contain_text(texts.resources("GB-ENG").resources[0].name)
    await expect(tab.message(name, texts.say("check_in.summary"))).to_have_count(0)
    await expect(tab.page.get_by_text(choice.reply)).to_have_count(0)


async def _answers_a_pulse(tab: Tab, texts: Texts, name: str) -> None:
    asked = await tab.waits_for(name, texts.say("pulse.summary"))
    await asked.get_by_role("button", name=texts.say("pulse.answer"), exact=True).click()
    await expect(tab.dialog).to_contain_text(texts.say("pulse.form_intro"))
    await tab.fits()
    questions = tab.dialog.get_by_role("group")
    assert await questions.count() == 2
    for question in await questions.all():
        await question.get_by_role("radio").nth(3).check()
    await tab.dialog.get_by_role("button", name=texts.say("pulse.seal"), exact=True).click()
    await tab.closes_dialog_with(texts.say("pulse.sealed"))
    await expect(tab.message(name, texts.say("pulse.summary"))).to_be_visible()


async def _reads_the_summary(tab: Tab, texts: Texts, manager: str, block: str) -> None:
    summary = tab.message(manager, re.compile("^The weekly pulse of"))
    await expect(summary.get_by_role("heading", name=block, exact=True)).to_be_visible()
    chart = summary.get_by_role("figure").first
    await expect(chart.get_by_role("img", name=re.compile("^Chart:"))).to_be_visible()
    await expect(chart.get_by_text(re.compile(r": between [\d.]+ and [\d.]+\."))).to_be_visible()
    await expect(summary).to_contain_text(texts.say("summary.cannot_see"))
    await tab.fits()


# --- on a Friday -----------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def friday(
    village: Home, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """The summaries have gone out, and a round has been answered."""
    home = village.copy(tmp_path_factory.mktemp("friday") / "home")
    async with home.running() as bot:
        await bot.move_until(TUESDAY_AT_TEN)
        await bot.post("everyone", {"except": []})
        await bot.move_until(FRIDAY_AT_TEN)
        yield bot


async def test_a_leader_of_a_block_that_rests_reads_kind_words(
    browser: Browser, texts: Texts, friday: BotProcess
) -> None:
    leader = next(person for person in await friday.people() if person["name"] == "Admin")
    home = (await friday.state(leader["id"]))["home"]
    block = next(button for button in buttons_of(home) if button["action"] == "summary.read")

    async with _context(browser, friday) as context:
        tab = await _tab(context, friday)
        await tab.becomes("Admin")
        await expect(tab.message("Admin", re.compile("^The weekly pulse of"))).to_contain_text(
            texts.say("summary.rests")
        )
        await tab.button("Home").click()
        await tab.button(block["label"]).click()
        await tab.closes_dialog_with(texts.say("summary.rests"))


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_a_manager_reads_how_it_went_over_time(
    browser: Browser, texts: Texts, friday: BotProcess, size: tuple[int, int]
) -> None:
    async with _context(browser, friday, size) as context:
        tab = await _tab(context, friday)
        await tab.becomes("Boss")
        await tab.button(texts.say("history.open")).last.click()
        await expect(tab.dialog).to_contain_text("22 Jun 2027: between")
        await tab.closes_dialog_with(texts.say("history.cannot_see"))
        await tab.button("Home").click()
        await tab.button(texts.say("history.title", block="Housing")).click()
        await tab.closes_dialog_with(texts.say("history.cannot_see"))


async def test_two_people_fit_side_by_side_on_a_laptop(
    browser: Browser, friday: BotProcess
) -> None:
    async with _context(browser, friday) as context:
        tab = await _tab(context, friday)
        await tab.becomes("Boss")
        await tab.button("Add person").click()
        await tab.becomes("Boss-1")
        left = await tab.thread("Boss").bounding_box()
        right = await tab.thread("Boss-1").bounding_box()
        assert left is not None
        assert right is not None
        assert left["x"] + left["width"] <= right["x"]
        assert left["y"] == right["y"]
        assert min(left["width"], right["width"]) > 400
        await tab.fits()


# --- on a Monday -----------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def monday(
    village: Home, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    """Everybody has just been asked how they are."""
    home = village.copy(tmp_path_factory.mktemp("monday") / "home")
    async with home.running() as bot:
        await bot.move_until(MONDAY_AT_TEN)
        yield bot


async def test_a_check_in_is_answered_by_keyboard_alone(
    browser: Browser, texts: Texts, monday: BotProcess
) -> None:
    choice = texts.check_ins.choices[1]
    async with _context(browser, monday) as context:
        tab = await _tab(context, monday)
        await _tabs_to(tab.page, tab.page.get_by_role("searchbox"))
        await tab.page.keyboard.type("Boss-3")
        await _tabs_to(tab.page, tab.page.get_by_role("button", name=re.compile("^Boss-3")))
        await tab.page.keyboard.press("Enter")
        asked = tab.message("Boss-3", texts.say("check_in.summary"))
        await expect(asked).to_be_visible()

        await _tabs_to(tab.page, asked.get_by_role("button", name=choice.label))
        await tab.page.keyboard.press("Enter")
        await expect(tab.dialog).to_contain_text(choice.reply)
        await expect(tab.dialog.get_by_role("button", name="Close", exact=True)).to_be_focused()
        await tab.page.keyboard.press("Enter")

        # The focus goes back to where the button was.
        await expect(tab.dialog).to_have_count(0)
        await expect(tab.message("Boss-3", texts.say("settled.summary"))).to_be_focused()


async def _tabs_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    await expect(wanted).to_be_visible()
    for _ in range(80):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the focus never comes to {wanted}")


async def test_an_update_in_place_shows_in_both_of_two_tabs(
    browser: Browser, texts: Texts, monday: BotProcess
) -> None:
    async with _context(browser, monday) as context:
        one, other = await _tab(context, monday), await _tab(context, monday)
        for tab in (one, other):
            await tab.becomes("Boss-4")
            await expect(tab.message("Boss-4", texts.say("check_in.summary"))).to_be_visible()

        asked = one.message("Boss-4", texts.say("check_in.summary"))
        await asked.get_by_role("button", name=texts.say("check_in.skip"), exact=True).click()

        await one.closes_dialog_with(texts.say("check_in.skipped"))
        for tab in (one, other):
            await expect(tab.message("Boss-4", texts.say("settled.summary"))).to_be_visible()
            asked = tab.message("Boss-4", texts.say("check_in.summary"))
            await expect(asked).to_have_count(0)
        # What the dialog said is for the tab that asked.
        await expect(other.dialog).to_have_count(0)
