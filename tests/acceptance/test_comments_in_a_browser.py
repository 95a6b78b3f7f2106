"""A comment in a real browser, and where its words are until the round has closed: nowhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.bot_process import Home
from tests.acceptance.test_in_a_browser import LAPTOP, PHONE, _context, _tab
from tests.acceptance.test_in_a_browser import browser as browser  # noqa: PLC0414 - a fixture
from tests.acceptance.townsfolk import everybody_opts_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

ASKER: Final = "Aled Pugh"
BEFORE_THE_WEEK: Final = datetime(2027, 6, 20, 12, tzinfo=UTC)
MONDAY_AT_NOON: Final = datetime(2027, 6, 21, 12, tzinfo=UTC)
TUESDAY_AT_NOON: Final = datetime(2027, 6, 22, 12, tzinfo=UTC)
CANARY: Final = "canary-91e5"


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_a_comment_is_looked_at_sealed_and_in_no_log_table_or_file(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = Home(tmp_path / "home", log_level="debug", comments="on")
    await home.begin_at(BEFORE_THE_WEEK)
    async with home.running() as bot:
        await bot.move_until(MONDAY_AT_NOON)
        await everybody_opts_in(bot)
        for person in await bot.people():
            await bot.tap(person["id"], "comments.consent", "yes")
        await bot.move_until(TUESDAY_AT_NOON)
        async with _context(browser, bot, size) as context:
            tab = await _tab(context, bot)
            await tab.becomes(ASKER)
            thread = tab.thread(ASKER)
            await thread.get_by_role("button", name="Say something, anonymously").last.click()
            await tab.dialog.get_by_role("textbox").fill(
                f"{CANARY}: Aled, aled@example.org, is cold"
            )
            await tab.dialog.get_by_role("button", name="Show me first").click()
            await expect(tab.dialog).to_contain_text(f"{CANARY}: […], […], is cold")
            await expect(tab.dialog.get_by_role("textbox")).to_have_value(re.compile("is cold$"))
            await tab.fits()
            await tab.dialog.get_by_role("button", name="Seal it").click()
            await tab.closes_dialog_with("Your comment is sealed")
        await bot.kill()
    files = [path for path in home.directory.rglob("*") if path.is_file()]
    assert any("+.inbox" in path.name for path in files)
    assert [path.name for path in files if CANARY.encode() in path.read_bytes()] == []
