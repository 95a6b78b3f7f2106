"""Asking for a volunteer, and being one, in a real browser and in the example organisation."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.acceptance.bot_process import BotProcess, Home
from tests.acceptance.test_in_a_browser import LAPTOP, PHONE, Tab, _context, _tab, _tabs_to
from tests.acceptance.test_in_a_browser import browser as browser  # noqa: PLC0414 - a fixture
from tests.acceptance.townsfolk import buttons_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

ASKER: Final = "Aled Pugh"
TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
TUESDAY_AT_ELEVEN_AT_NIGHT = datetime(2027, 6, 22, 22, tzinfo=UTC)
OFFER: Final = "Somebody would like to talk. Would you have room for it?"
TAKE: Final = "I can take this"
NARROW: Final = (360, 740)


@asynccontextmanager
async def example(
    browser: Browser, directory: Path, at: datetime, size: tuple[int, int] = LAPTOP
) -> AsyncIterator[tuple[BotProcess, Tab]]:
    """The example organisation at some time, and a tab of whoever asks."""
    home = Home(directory / "home")
    await home.begin_at(at)
    async with home.running() as bot, _context(browser, bot, size) as context:
        tab = await _tab(context, bot)
        await tab.becomes(ASKER)
        yield bot, tab


async def ask(tab: Tab, *, soon: bool = False) -> None:
    """From a typed line to the form, which is sent as it is suggested."""
    await types(tab, "I need to talk to someone")
    await tab.thread(ASKER).get_by_role("button", name="Ask for somebody").last.click()
    # Where to turn comes first, and there is no box to write in.
    await expect(tab.dialog).to_contain_text("999")
    await expect(tab.dialog.get_by_role("textbox")).to_have_count(0)
    if soon:
        await tab.dialog.get_by_role("radio", name="Today, please").check()
    await tab.fits()
    await tab.dialog.get_by_role("button", name="Ask", exact=True).click()
    await tab.closes_dialog_with("I'm looking for somebody now")
    await tab.moves("Next message")


async def asked(bot: BotProcess) -> list[str]:
    """The names of the volunteers who have been asked."""
    names = []
    for person in await bot.people():
        messages = (await bot.state(person["id"]))["direct"]["messages"]
        found = (button for message in messages for button in buttons_of(message["body"]))
        if any(button["action"] == "support.claim" for button in found):
            names.append(person["name"])
    return sorted(names)


def conversation(tab: Tab) -> Locator:
    return tab.page.get_by_role("region", name=re.compile("^Conversation: "))


async def opens(tab: Tab, name: str, summary: str) -> None:
    """Go from the message that a conversation began with into the conversation."""
    root = tab.message(name, re.compile(summary))
    await root.get_by_role("button", name="Open the conversation").click()
    await expect(conversation(tab)).to_be_visible()


async def types(tab: Tab, words: str) -> None:
    """Type a line to the bot, in no conversation."""
    await tab.page.get_by_role("textbox").last.fill(words)
    await tab.page.keyboard.press("Enter")


async def writes(tab: Tab, words: str) -> None:
    await tab.page.get_by_label("Write in this conversation").fill(words)
    await tab.page.keyboard.press("Enter")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_at_night_they_are_told_before_sending_and_asked_for_in_the_morning(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with example(browser, tmp_path, TUESDAY_AT_ELEVEN_AT_NIGHT, size) as (bot, tab):
        await types(tab, "support")
        said = tab.thread(ASKER).get_by_role("article").last
        await expect(said).to_contain_text("Nobody is there just now")
        await ask(tab)
        await expect(tab.message(ASKER, re.compile("^I'm asking volunteers"))).to_be_visible()
        await tab.page.screenshot(path=tmp_path / "night.png")
        assert await asked(bot) == []
        await bot.move_until(TUESDAY_AT_ELEVEN_AT_NIGHT + timedelta(hours=10))
        assert 1 <= len(await asked(bot)) <= 3


async def test_two_race_one_talks_and_hands_over_and_is_looked_after(
    browser: Browser, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        bot, tab = await stack.enter_async_context(example(browser, tmp_path, TUESDAY_AT_TEN))
        await ask(tab)
        names = await asked(bot)
        assert len(names) == 3
        tabs = {}
        for name in names:
            context = await stack.enter_async_context(_context(browser, bot))
            tabs[name] = await _tab(context, bot)
            await tabs[name].becomes(name)
            await expect(tabs[name].message(name, OFFER)).to_be_visible()

        winner = names[0]
        await _race(tab, tabs, names)
        await _talk(tab, tabs[winner], winner, tmp_path)
        await _write_outside(tab, tabs[winner])
        await _hand_over(tab, tabs[winner])
        assert winner not in await asked(bot)
        assert await asked(bot)
        await _look_after(bot, tabs[winner], winner)


async def _race(tab: Tab, tabs: dict[str, Tab], names: list[str]) -> None:
    """The first one has it, the second is too late, and the third reads that somebody has it."""
    first, second, third = names
    for name in (first, second):
        await tabs[name].message(name, OFFER).get_by_role("button", name=TAKE).click()
    await tabs[first].closes_dialog_with("it's yours")
    await tabs[second].closes_dialog_with("Somebody else has picked this up")
    await tab.moves("Next message")
    gone = tabs[third].message(third, re.compile("^Somebody else has picked this up"))
    await expect(gone).to_be_visible()


async def _talk(tab: Tab, helper: Tab, name: str, pictures: Path) -> None:
    """The two talk in a conversation of their own, by made-up names."""
    letter = tab.message(ASKER, re.compile("is there for you$"))
    await letter.get_by_role("button", name="Write", exact=True).click()
    await tab.dialog.get_by_role("textbox").fill("I can't sleep")
    await tab.dialog.get_by_role("button", name="Send", exact=True).click()
    await tab.closes_dialog_with("Passed on")
    await opens(helper, name, "^You're there for ")
    await expect(conversation(helper)).to_contain_text("I can't sleep")
    await writes(helper, "That sounds hard")
    await opens(tab, ASKER, "is there for you$")
    await expect(conversation(tab)).to_contain_text("That sounds hard")
    await writes(tab, "It helps to say it")
    await expect(conversation(helper)).to_contain_text("It helps to say it")
    for one in (tab, helper):
        seen = await conversation(one).inner_text()
        assert not [word for word in (*ASKER.split(), *name.split()) if word in seen]
        await one.fits()
    await tab.page.screenshot(path=pictures / "talk.png")
    await helper.page.screenshot(path=pictures / "volunteer.png")


async def _write_outside(tab: Tab, helper: Tab) -> None:
    """What is typed outside of the conversation goes to nobody."""
    await tab.page.get_by_role("button", name=re.compile("^All messages")).click()
    await types(tab, "not for everybody")
    said = tab.thread(ASKER).get_by_role("article").last
    await expect(said).to_contain_text("haven't sent that to anybody")
    await expect(conversation(helper)).not_to_contain_text("not for everybody")


async def _hand_over(tab: Tab, helper: Tab) -> None:
    """It is asked about first; then somebody else is looked for."""
    await helper.page.get_by_role("button", name="Hand over", exact=True).last.click()
    await helper.closes_dialog_with("stays with you")
    await tab.moves("Next message")
    question = tab.message(ASKER, re.compile("^Your volunteer thinks"))
    await question.get_by_role("button", name="That's fine").click()
    await tab.closes_dialog_with("I'm looking for somebody else")
    await tab.moves("Next message")


async def _look_after(bot: BotProcess, helper: Tab, name: str) -> None:
    """After a tough one the volunteer is looked after: now, and on the next working day."""
    await helper.page.get_by_role("button", name=re.compile("^All messages")).click()
    await types(helper, "volunteer")
    await helper.page.get_by_role("button", name="That was a tough one").last.click()
    await helper.closes_dialog_with("If you can, take a break now")
    await bot.move_until(TUESDAY_AT_TEN + timedelta(days=1))
    await expect(helper.message(name, re.compile("^You had a tough one lately"))).to_be_visible()


async def test_nobody_is_free_and_says_so_with_places_to_turn(
    browser: Browser, tmp_path: Path
) -> None:
    async with example(browser, tmp_path, TUESDAY_AT_TEN) as (bot, tab):
        await ask(tab, soon=True)
        await bot.move_until(TUESDAY_AT_TEN + timedelta(hours=2, minutes=1))
        for said in ("I haven't forgotten you", "It's taking longer", "I'm sorry: nobody is free"):
            await expect(tab.message(ASKER, re.compile(f"^{said}"))).to_be_visible()
        last = tab.message(ASKER, re.compile("^I'm sorry: nobody is free"))
        await expect(last).to_contain_text("Samaritans")
        await tab.page.screenshot(path=tmp_path / "nobody.png")
        await last.get_by_role("button", name="Keep looking").click()
        await tab.closes_dialog_with("I'm looking again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_asking_takes_two_taps_by_keyboard_alone_on_a_narrow_phone(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    async with example(browser, tmp_path, TUESDAY_AT_TEN, NARROW) as (bot, tab):
        await tab.page.emulate_media(color_scheme=scheme)
        await tab.button("Home").press("Enter")
        await _tabs_to(tab.page, tab.button("Talk to someone").first)
        await tab.page.keyboard.press("Enter")
        form = tab.page.get_by_role("dialog", name="Talk to someone")
        await expect(form.get_by_role("heading", name="Talk to someone")).to_be_focused()
        # Where to turn is read before anything can be chosen.
        first = form.get_by_role("link").or_(form.get_by_role("radio")).first
        await expect(first).to_have_attribute("href", "tel:999")
        for name in ("How soon", "How", "What you're called"):
            chosen = form.get_by_role("group", name=re.compile(f"^{name}$")).get_by_role("radio")
            await expect(chosen.and_(form.locator(":checked"))).to_have_count(1)
        await tab.fits()
        await tab.page.screenshot(path=tmp_path / "form.png")

        await _tabs_to(tab.page, form.get_by_role("button", name="Ask", exact=True))
        await tab.page.keyboard.press("Enter")
        await expect(tab.dialog).to_contain_text("I'm looking for somebody now")
        await expect(tab.button("Close")).to_be_focused()
        await tab.page.keyboard.press("Enter")
        await expect(tab.dialog).to_have_count(0)
        # Home says how it stands, and the focus is not lost where the button has gone.
        await expect(tab.button("Take it back")).to_be_visible()
        assert await tab.page.evaluate("document.activeElement !== document.body")
        await tab.moves("Next message")
        assert 1 <= len(await asked(bot)) <= 3
