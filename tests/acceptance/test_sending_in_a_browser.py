"""An admin watches how sending goes, tries again and calls off, in a real browser."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.acceptance import test_in_a_browser as first
from tests.acceptance.bot_process import BotProcess, Home

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

browser = first.browser  # the fixture

FAIL = """
UPDATE delivery SET state = 'failed', reason = 'refused' WHERE id IN (
  SELECT delivery.id FROM delivery JOIN occurrence ON occurrence.id = occurrence_id
  WHERE programme_id = 'check-in-weekly' AND state = 'sent' ORDER BY delivery.id LIMIT 2)
"""
PUT_OFF = """
UPDATE delivery SET state = 'planned', due_at = expires_at WHERE id IN (
  SELECT delivery.id FROM delivery JOIN occurrence ON occurrence.id = occurrence_id
  WHERE programme_id = 'check-in-weekly' AND state = 'sent' ORDER BY delivery.id LIMIT 3)
"""


@pytest_asyncio.fixture(loop_scope="module")
async def monday(village: Home, tmp_path: Path) -> AsyncIterator[tuple[Home, BotProcess]]:
    """The week's check-ins have just gone out."""
    home = village.copy(tmp_path / "home")
    async with home.running() as bot:
        await bot.move_until(first.MONDAY_AT_TEN)
        yield home, bot


async def change(home: Home, statement: str) -> None:
    """Change deliveries behind the bot's back."""

    def at_once() -> None:
        with closing(sqlite3.connect(home.data / "wellbeing.db", timeout=10)) as database:
            changed = database.execute(statement).rowcount
            database.commit()
        assert changed > 0

    await asyncio.to_thread(at_once)


async def person(bot: BotProcess, name: str) -> str:
    return next(str(each["id"]) for each in await bot.people() if each["name"] == name)


def check_ins(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="check-in-weekly")
    )


async def test_an_admin_has_what_failed_sent_again_by_keyboard(
    browser: Browser, monday: tuple[Home, BotProcess]
) -> None:
    home, bot = monday
    await change(home, FAIL)
    async with first._context(browser, bot) as context:
        tab = await first._tab(context, bot)
        await tab.becomes("Admin")
        await tab.button("Home").click()
        await tab.page.get_by_role("link", name="How sending goes").click()
        firing = check_ins(tab.page)
        await expect(firing).to_contain_text("2 refused by the platform")
        await expect(firing.get_by_role("progressbar", name="check-in-weekly")).to_be_visible()
        await tab.fits()

        again = firing.get_by_role("button", name="Send again")
        await again.focus()
        await tab.page.keyboard.press("Enter")
        await expect(tab.dialog).to_contain_text("is sent once more")
        await expect(tab.dialog.get_by_role("button", name="Cancel")).to_be_focused()
        await tab.page.keyboard.press("Escape")
        await expect(tab.dialog).to_have_count(0)
        await expect(again).to_be_focused()
        await expect(firing).to_contain_text("2 refused by the platform")

        await tab.page.keyboard.press("Enter")
        await tab.dialog.get_by_role("button", name="Send again").click()
        await expect(tab.page.get_by_role("status")).to_have_text(
            "Will be sent again: check-in-weekly (2)."
        )
        await expect(firing).not_to_contain_text("refused by the platform")
        await expect(firing).to_contain_text("All done")
        await expect(firing).to_contain_text("Sent")


async def test_an_admin_calls_off_the_rest_on_a_phone(
    browser: Browser, monday: tuple[Home, BotProcess]
) -> None:
    home, bot = monday
    await change(home, PUT_OFF)
    async with first._context(browser, bot, first.PHONE) as context:
        page = await context.new_page()
        await page.goto(f"{bot.address}/sending#person={await person(bot, 'Admin')}")
        tab, firing = first.Tab(page), check_ins(page)
        await expect(firing).to_contain_text("Later")
        await tab.fits()
        await firing.get_by_role("button", name="Call off the rest").click()
        await expect(tab.dialog).to_contain_text("Nobody gets it any more.")
        await tab.fits()
        await tab.dialog.get_by_role("button", name="Call it off").click()
        await expect(page.get_by_role("status")).to_have_text("Called off: check-in-weekly (3).")
        await expect(firing).to_contain_text("3 called off by hand")
        await expect(firing).not_to_contain_text("Later")


async def test_somebody_who_is_no_admin_is_refused_kindly(
    browser: Browser, monday: tuple[Home, BotProcess]
) -> None:
    _, bot = monday
    context = await browser.new_context()
    context.set_default_timeout(first.WITHIN_MS)
    try:
        page = await context.new_page()
        await page.goto(f"{bot.address}#person={await person(bot, 'Boss-1')}")
        await page.get_by_role("button", name="Home", exact=True).click()
        await expect(page.get_by_role("region", name="Home page")).to_be_visible()
        await expect(page.get_by_role("link", name="How sending goes")).to_have_count(0)
        await page.goto(f"{bot.address}/sending#person={await person(bot, 'Boss-1')}")
        await expect(page.get_by_role("status")).to_contain_text("I can't open it for you")
        await expect(page.get_by_role("heading", name="Just now")).to_be_hidden()
    finally:
        await context.close()
