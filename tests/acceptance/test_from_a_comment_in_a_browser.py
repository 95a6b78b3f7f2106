"""From a comment to an answer, to what will happen, to the next check-in: in a real browser."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from bot.ports import Texts
from tests.acceptance import test_in_a_browser as first
from tests.acceptance.bot_process import BotProcess, Home
from tests.acceptance.test_in_a_browser import (
    FRIDAY_AT_TEN,
    LAPTOP,
    PHONE,
    TUESDAY_AT_TEN,
    Tab,
    _context,
    _tab,
)
from tests.acceptance.townsfolk import everybody_opts_in
from tests.support.commenting import HOUSING, LIBRARIES, STAFF, WRITERS
from tests.support.organisation import HEADER, line

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

browser = first.browser  # the fixtures
texts = first.texts
COMMENT: Final = "We can't hear each other at the desks by the door"
ANSWER: Final = "Thank you. We'll try screens by the door."
SAID: Final = "Screens by the door"


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_a_comment_is_checked_answered_and_acted_on(
    browser: Browser, texts: Texts, tmp_path: Path, size: tuple[int, int]
) -> None:
    home = Home(tmp_path / "home", comments="on")
    await home.begin_at()
    admin = line("admin", "Services / Libraries", "two", roles="admin")
    lines = [HEADER, admin, *STAFF, *HOUSING, *LIBRARIES]
    await asyncio.to_thread(home.import_roster, "\n".join(lines))
    async with home.running() as bot, _context(browser, bot, size) as context:
        await _ten_comment(bot)
        tab = await _tab(context, bot)
        await tab.becomes("Cora")
        await _checks(tab, texts)
        await tab.page.screenshot(path=tmp_path / "checked.png")

        await tab.button("Change from Cora to somebody else").click()
        await tab.becomes("Director")
        await _answers(tab, texts, tmp_path)

        await tab.button("Change from Director to somebody else").click()
        await tab.becomes("One-1")
        check_in = await tab.waits_for("One-1", texts.say("check_in.summary"))
        await expect(check_in).to_contain_text(SAID)
        await expect(check_in).to_contain_text(ANSWER)
        await expect(check_in).not_to_contain_text(COMMENT)
        await tab.page.screenshot(path=tmp_path / "check_in.png")
        await check_in.get_by_role("button", name="Comments: Housing").click()
        await expect(tab.dialog).to_contain_text(ANSWER)
        await tab.closes_dialog_with(texts.say("comments.read.who_sees"))


async def _ten_comment(bot: BotProcess) -> None:
    ids = {person["name"].lower(): person["id"] for person in await bot.people()}
    await bot.tap(ids["admin"], "admin.launch")
    await everybody_opts_in(bot)
    for name in WRITERS[:10]:
        await bot.tap(ids[name], "comments.consent", "yes")
    await bot.move_until(TUESDAY_AT_TEN)
    round_id = f"pulse-{TUESDAY_AT_TEN.date()}"
    for name in WRITERS[:10]:
        await bot.submit(ids[name], "comments.seal", round_id, {"comment": COMMENT})
    await bot.move_until(FRIDAY_AT_TEN)


async def _checks(tab: Tab, texts: Texts) -> None:
    """A coordinator looks at all of them, a few at a time, and releases them."""
    await tab.button("Home").click()
    await tab.button(texts.say("comments.check.title")).click()
    for left in (10, 7, 4, 1):
        await expect(tab.dialog).to_contain_text(f"{left} still to check")
        choices = tab.dialog.get_by_label(texts.say("comments.check.release"))
        for choice in await choices.all():
            await choice.check()
        await tab.fits()
        await tab.dialog.get_by_role("button", name=texts.say("comments.check.save")).click()
    await tab.closes_dialog_with(texts.say("comments.check.done"))


async def _answers(tab: Tab, texts: Texts, pictures: Path) -> None:
    """Whoever leads the department answers a comment, and says what will happen."""
    await tab.button("Home").click()
    await tab.button("Comments: Housing").click()
    await expect(tab.dialog).to_contain_text(COMMENT)
    await tab.fits()
    await tab.page.screenshot(path=pictures / "comments.png")
    await tab.dialog.get_by_role("button", name=texts.say("comments.answer.button")).first.click()
    await tab.dialog.get_by_label(texts.say("comments.answer.label")).fill(ANSWER)
    await tab.page.screenshot(path=pictures / "answering.png")
    await tab.dialog.get_by_role("button", name=texts.say("comments.answer.save")).click()
    await tab.closes_dialog_with(texts.say("comments.answer.saved"))

    await tab.button("Comments: Housing").click()
    await tab.dialog.get_by_role("button", name=texts.say("actions.say")).click()
    await tab.dialog.get_by_label(texts.say("actions.form.words")).fill(SAID)
    await tab.dialog.get_by_label(re.compile("^Changing systems")).check()
    await tab.dialog.get_by_label("Friday 23 July").check()
    await tab.dialog.get_by_role("button", name=texts.say("actions.form.save")).click()
    await tab.closes_dialog_with("Thank you")
