"""The fake Slack by hand: its page in a real browser, and the program that starts it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.names import TEAMS
from tests.fakes.slack import FakeSlack, Workspace
from tests.fakes.slack.made_up import populate
from tests.support.by_hand import browser_page, said_when_started
from tests.support.small_bot import actions, button, chart, section, small_bot


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with browser_page() as opened:
        yield opened


@pytest.mark.browser
async def test_a_person_is_anybody_in_a_browser(
    page: Page, slack: FakeSlack, client: AsyncWebClient
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    async with small_bot(slack) as bot:
        blocks = [section("How is *it*?"), chart(), actions(button("Open", "open"))]
        await client.chat_postMessage(channel="U1", text="A question", blocks=blocks)
        bot.answer = {"response_action": "errors", "errors": {"note": "A word more, please"}}

        await page.goto(slack.url)
        await page.get_by_role("searchbox").fill("ann")
        await page.get_by_role("button", name="Anna").press("Enter")
        message = page.get_by_role("article", name="A question")
        await expect(message.get_by_role("strong")).to_have_text("it")
        await expect(message.get_by_role("rowheader", name="Mood")).to_be_visible()

        await message.get_by_role("button", name="Open").press("Enter")
        dialog = page.get_by_role("dialog", name="A form")
        await dialog.get_by_role("radio", name="Good").check()
        await dialog.get_by_role("textbox", name="Anything else?").fill("No")
        await dialog.get_by_role("button", name="Send").click()
        await expect(dialog.get_by_text("A word more, please")).to_be_visible()
        bot.answer = {}
        await dialog.get_by_role("textbox", name="Anything else?").fill("No, thanks")
        await dialog.get_by_role("button", name="Send").click()
        await expect(dialog).to_have_count(0)
        values = bot.last()["view"]["state"]["values"]
        assert values["mood"]["value"]["selected_option"]["value"] == "good"
        assert values["note"]["value"]["value"] == "No, thanks"

        await page.get_by_role("tab", name="Home").click()
        await expect(page.get_by_role("tabpanel")).to_contain_text("Your home")
        await page.get_by_role("button", name="Talk to someone").click()
        await expect(dialog).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)

        await page.get_by_role("tab", name="Messages").click()
        bot.answer = {"text": "Only for you <b>this</b>"}
        await page.get_by_label("Slash command").fill("/wellbeing help")
        await page.get_by_role("button", name="Run").click()
        await expect(page.get_by_role("article").last).to_contain_text("Only for you <b>this</b>")
        await page.get_by_label("Message", exact=True).fill("hello")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("article", name="hello")).to_be_visible()

        root = slack.messages("anna")[0]
        await client.chat_postMessage(
            channel=root.channel, thread_ts=root.ts, text="Apart from the rest"
        )
        thread = page.get_by_role("region", name="Thread")
        await expect(thread).to_contain_text("Apart from the rest")
        await thread.get_by_label("Reply", exact=True).fill("Just here")
        await thread.get_by_role("button", name="Reply").click()
        await expect(thread.get_by_role("article", name="Just here")).to_be_visible()
        assert bot.last()["event"]["thread_ts"] == root.ts
    assert errors == []


@pytest.mark.slow
def test_it_starts_by_hand_and_says_what_a_bot_needs(tmp_path: Path) -> None:
    said = said_when_started("tests.fakes.slack", tmp_path / "output")

    for name in ("SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        assert re.search(rf"^{name}=\S+$", said, re.MULTILINE)
    assert "Traceback" not in said


def test_made_up_people_are_of_all_kinds() -> None:
    workspace = Workspace("T1", "Example")

    people = populate(workspace, 200)

    assert len({user.name for user in people}) == 200
    assert all(user.email == f"{user.name}@example.org" for user in people)
    assert len({user.tz for user in people}) > 3
    kinds = Counter(
        "left" if user.deleted else "guest" if user.is_restricted else "member" for user in people
    )
    assert min(kinds.values()) >= 4
    assert {group.handle for group in workspace.groups.values()} == set(TEAMS)
    assert all(group.users and group.channels for group in workspace.groups.values())
