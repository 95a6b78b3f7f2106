"""A manager says what will happen, and their people read it: in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from bot.ports import Texts
from tests.acceptance import test_in_a_browser as first
from tests.acceptance.bot_process import Home
from tests.acceptance.test_in_a_browser import FRIDAY_AT_TEN, LAPTOP, PHONE, _context, _tab

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

browser = first.browser  # the fixtures
texts = first.texts
SAID: Final = "We end meetings ten minutes earlier"
OPEN: Final = f"{SAID} (by Friday 23 July)"


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_it_goes_from_the_summary_into_the_next_check_in(
    browser: Browser, village: Home, texts: Texts, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = village.copy(tmp_path / "home")
    async with home.running() as bot, _context(browser, bot, size) as context:
        await bot.move_until(FRIDAY_AT_TEN)
        tab = await _tab(context, bot)
        await tab.becomes("Boss")
        summary = tab.message("Boss", re.compile("^The weekly pulse of"))
        await summary.get_by_role("button", name=texts.say("actions.say")).click()
        await tab.dialog.get_by_label(texts.say("actions.form.words")).fill(SAID)
        await tab.dialog.get_by_label(re.compile("^Changing systems")).check()
        await tab.dialog.get_by_label("Friday 23 July").check()
        await tab.fits()
        await tab.page.screenshot(path=tmp_path / "form.png")
        await tab.dialog.get_by_role("button", name=texts.say("actions.form.save")).click()
        await tab.closes_dialog_with("Thank you")
        await summary.get_by_role("button", name=texts.say("actions.look")).click()
        await expect(tab.dialog).to_contain_text(OPEN)
        await tab.page.screenshot(path=tmp_path / "page.png")
        await tab.closes_dialog_with(texts.say("actions.page.who_sees"))

        await tab.button("Change from Boss to somebody else").click()
        await tab.becomes("Boss-1")
        check_in = await tab.waits_for("Boss-1", texts.say("check_in.summary"))
        await expect(check_in.get_by_role("heading")).to_have_text(texts.say("actions.title"))
        await expect(check_in).to_contain_text(OPEN)
        await tab.fits()
        await tab.page.screenshot(path=tmp_path / "check_in.png")
