"""The fake Slack by hand: its page in a real browser, and the program that starts it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Workspace
from tests.fakes.slack.made_up import TEAMS, populate
from tests.support.small_bot import actions, button, chart, section, small_bot

ROOT = Path(__file__).parents[4]
EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WITHIN_MS = 10_000


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    if EXECUTABLE is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Continuous integration needs Chromium.")
        pytest.skip("There is no Chromium on this machine.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=EXECUTABLE, args=ARGUMENTS, timeout=3 * WITHIN_MS
        )
        opened = await browser.new_page()
        opened.set_default_timeout(WITHIN_MS)
        yield opened
        await browser.close()


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
    assert errors == []


def wait_for(output: Path, words: str) -> None:
    last = time.monotonic() + WITHIN_MS / 1_000
    while words not in output.read_text():
        assert time.monotonic() < last, f"it didn't say: {words}"
        time.sleep(0.05)


@pytest.mark.slow
def test_it_starts_by_hand_and_says_what_a_bot_needs(tmp_path: Path) -> None:
    output = tmp_path / "output"
    command = [sys.executable, "-m", "tests.fakes.slack", "--port", "0", "--people", "20"]
    with output.open("w") as file:
        started = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        try:
            wait_for(output, "Ctrl+C")
        finally:
            started.send_signal(signal.SIGINT)
            assert started.wait(10) == 0

    said = output.read_text()
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
