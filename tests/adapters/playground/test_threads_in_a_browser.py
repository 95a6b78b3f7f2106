"""Conversations of their own within somebody's messages, in a real browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from adapters.playground import PREFIX, PlaygroundMessenger
from bot.message import Button, Buttons, Heading, Message, Paragraph, sentence
from bot.ports import Address
from tests.acceptance.test_in_a_browser import LAPTOP, PHONE, Tab, _tabs_to
from tests.adapters.playground.conftest import Page
from tests.support.by_hand import browser_page

pytestmark = pytest.mark.browser

PLACES = Buttons((Button("Talk to someone", "resources.open"),))
REQUEST = Message(
    "Somebody would like to talk",
    (Heading("Somebody would like to talk"), Paragraph("They wrote to volunteers."), PLACES),
)
SECOND = sentence("Somebody else would like to talk, about something that takes more words to say")
LONG = Message("A long one", tuple(Paragraph("One more line of it.") for _ in range(40)))
HELLO = Message("Hello, are you there?", (Paragraph("Hello, are you there?"), PLACES))


@dataclass
class Conversations:
    """What the bot posts in them, while somebody has the page open."""

    messenger: PlaygroundMessenger
    page: Page
    keys: list[str] = field(default_factory=list)

    async def begin(self, name: str, root: Message) -> Address:
        address = Address("playground", "person", self.page.ids[name.lower()])
        return replace(address, thread=await self.post(address, root))

    async def post(self, address: Address, message: Message) -> str:
        self.keys.append(f"key-{len(self.keys)}")
        return await self.messenger.post(address, message, self.keys[-1])


@pytest.fixture
def conversations(messenger: PlaygroundMessenger, page: Page) -> Conversations:
    return Conversations(messenger, page)


@pytest.fixture
async def tab(page: Page) -> AsyncIterator[Tab]:
    trouble: list[str] = []
    async with browser_page() as opened:
        opened.on("pageerror", lambda error: trouble.append(str(error)))
        opened.on(
            "console", lambda line: trouble.append(line.text) if line.type == "error" else None
        )
        await opened.goto(f"{page.origin}{PREFIX}")
        yield Tab(opened)
    assert trouble == []


NARROW = (360, 740)
BROKEN_WORDS = """() => [...document.querySelectorAll("button")].flatMap((button) => {
  const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT), broken = [];
  while (texts.nextNode())
  for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\S+/g)) {
    const range = document.createRange();
    range.setStart(texts.currentNode, index);
    range.setEnd(texts.currentNode, index + word.length);
    if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word);
  }
  return broken;
})"""


def places(tab: Tab) -> Locator:
    return tab.page.get_by_role("navigation", name="Conversations")


def inside(tab: Tab, name: str) -> Locator:
    return tab.page.get_by_role("region", name=re.compile(f"^Conversation: {name}, "))


def place(tab: Tab, name: str) -> Locator:
    return places(tab).get_by_role("button", name=re.compile(f"^{name}"))


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_a_conversation_is_held_by_keyboard_apart_from_the_other_messages(
    tab: Tab, conversations: Conversations, size: tuple[int, int], tmp_path: Path
) -> None:
    await tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    await tab.becomes("Boss-1")
    await expect(tab.thread("Boss-1")).to_be_visible()
    await expect(places(tab)).to_be_hidden()
    address = await conversations.begin("Boss-1", REQUEST)
    await conversations.post(address, HELLO)

    # From the message that it began with, and by keyboard alone.
    root = tab.message("Boss-1", REQUEST.summary)
    await _tabs_to(tab.page, root.get_by_role("button", name="Open the conversation"))
    await expect(place(tab, REQUEST.summary)).to_have_accessible_name(re.compile(" 1 new$"))
    await tab.page.keyboard.press("Enter")
    talk = inside(tab, REQUEST.summary)
    await expect(talk).to_be_focused()
    await expect(talk.get_by_role("article")).to_have_count(2)
    await expect(talk.get_by_role("article").first).to_contain_text("They wrote to volunteers.")
    await expect(place(tab, REQUEST.summary)).not_to_have_accessible_name(re.compile("new"))
    await expect(tab.thread("Boss-1")).to_have_count(0)

    await _tabs_to(tab.page, tab.page.get_by_label("Write in this conversation"))
    await tab.page.keyboard.type("help <b>me</b>")
    await tab.page.keyboard.press("Enter")
    await expect(talk.get_by_role("article")).to_have_count(4)
    await expect(talk.get_by_role("article").nth(2)).to_contain_text("help <b>me</b>")
    await tab.fits()
    await tab.page.screenshot(path=tmp_path / "conversation.png")

    # A button in it, and one on what it began with.
    for which in (1, 0):
        article = talk.get_by_role("article").nth(which)
        button = article.get_by_role("button", name="Talk to someone")
        await button.click()
        await tab.closes_dialog_with("116 123")
        await expect(button).to_be_focused()

    await place(tab, "All messages").press("Enter")
    await expect(tab.thread("Boss-1")).not_to_contain_text("help <b>me</b>")
    await expect(place(tab, "All messages")).to_be_focused()


async def test_each_conversation_says_what_is_new_in_it_and_keeps_what_is_being_written(
    tab: Tab, conversations: Conversations
) -> None:
    one = await conversations.begin("Boss-2", REQUEST)
    other = await conversations.begin("Boss-2", SECOND)
    for address in (one, other):
        await conversations.post(address, HELLO)
    await tab.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await tab.becomes("Boss-2")
    await place(tab, REQUEST.summary).click()
    line = tab.page.get_by_label("Write in this conversation as Boss-2")
    await line.fill("I am still thinking")

    for message in ("Take your time", "I'll be here"):
        await conversations.post(other, sentence(message))
    await expect(place(tab, SECOND.summary)).to_have_accessible_name(re.compile(" 2 new$"))
    await expect(tab.page.get_by_role("button", name="Messages 2 new")).to_be_visible()
    await expect(inside(tab, REQUEST.summary)).not_to_contain_text("Take your time")
    await tab.fits()

    await place(tab, SECOND.summary).click()
    await expect(inside(tab, SECOND.summary)).to_contain_text("I'll be here")
    await expect(line).to_have_value("")
    await expect(tab.page.get_by_role("button", name="Messages", exact=True)).to_be_visible()
    await place(tab, REQUEST.summary).click()
    await expect(line).to_have_value("I am still thinking")


async def test_what_a_conversation_began_with_changes_in_both_places(
    tab: Tab, conversations: Conversations
) -> None:
    address = await conversations.begin("Boss-3", REQUEST)
    await conversations.post(address, HELLO)
    ended = sentence("This conversation has ended")
    await tab.becomes("Boss-3")
    await place(tab, REQUEST.summary).click()
    await conversations.messenger.update(replace(address, thread=""), address.thread, ended)
    await expect(
        inside(tab, REQUEST.summary).get_by_role("article", name=ended.summary)
    ).to_be_visible()
    await place(tab, "All messages").click()
    root = tab.message("Boss-3", ended.summary)
    await expect(root.get_by_role("button", name="Open the conversation")).to_be_visible()


async def test_what_comes_after_a_long_message_is_in_view_unless_they_read_on_elsewhere(
    tab: Tab, conversations: Conversations
) -> None:
    """A long message shows its beginning, and that isn't the end of the list."""
    await tab.becomes("Boss-4")
    await expect(tab.thread("Boss-4")).to_be_visible()
    address = Address("playground", "person", conversations.page.ids["boss-4"])
    await conversations.post(address, LONG)
    first = tab.message("Boss-4", LONG.summary).get_by_role("paragraph").nth(1)
    await expect(first).to_be_in_viewport()
    await conversations.post(address, HELLO)
    newest = tab.message("Boss-4", HELLO.summary)
    await expect(newest).to_be_in_viewport()

    await tab.thread("Boss-4").evaluate("thread => thread.scrollTo(0, 300)")
    await conversations.post(address, SECOND)
    await expect(tab.message("Boss-4", SECOND.summary)).to_be_visible()
    assert await tab.thread("Boss-4").evaluate("thread => thread.scrollTop") == 300


async def test_on_a_narrow_phone_no_button_breaks_within_a_word(
    tab: Tab, conversations: Conversations
) -> None:
    await tab.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    await tab.becomes("Boss-5")
    await expect(tab.thread("Boss-5")).to_be_visible()
    await conversations.post(await conversations.begin("Boss-5", REQUEST), HELLO)
    await expect(tab.page.get_by_role("button", name="Messages 1 new")).to_be_visible()
    assert await tab.page.evaluate(BROKEN_WORDS) == []
    await tab.fits()
