"""The bot in Microsoft's own Agents Playground, as somebody sees it who tries it by hand.

It opens no dialogs: what these do is tested against the fake Teams.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.support.agents_playground import agents_playground
from tests.support.by_hand import browser_page
from tests.support.installation import (
    MORNING,
    put_launch_back,
    region_at_work,
    zone_where_it_is,
)
from tests.support.organisation import HEADER
from tests.support.processes import ROOT, Processes, processes
from tests.support.published_round import publish

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

WITHIN_MS = 20_000
HELP = "You can type one of these"
# The person whom the Playground plays, by its own settings; a manager of nine.
ALEX = "Alex Wilber,alexw@example.com,Services / Housing,,{zone},{region},mon-sun,en,"
TEAM = "No {n},{n}@example.com,Services / Housing,alexw@example.com,{zone},England,mon,en,"
BANDS = {"listened-to": (2.0, 4.0), "say-in-my-work": (4.0, 5.0)}
# Due every day, so that it doesn't matter on which one the test runs.
PROGRAMMES = """
programmes:
  - id: welcome
    kind: welcome
    audience: not_welcomed
    days: [mon, tue, wed, thu, fri, sat, sun]
    at: "09:00"
    late: 6h
  - id: check-in
    kind: check_in
    audience: weekly_check_ins
    days: [mon, tue, wed, thu, fri, sat, sun]
    at: "10:00"
    late: 6h
  - id: summary
    kind: summary
    audience: leaders_and_channels
    days: [mon, tue, wed, thu, fri, sat, sun]
    at: "10:30"
    late: 6h
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """Alex's chat with the bot, in the Playground's page."""

    page: Page

    def cards(self, words: str) -> Locator:
        """The cards with these words."""
        return self.page.locator(".ac-adaptiveCard").filter(has_text=words)

    async def shows(self, words: str, times: int = 1) -> None:
        """Wait until there are so many cards with these words."""
        await expect(self.cards(words)).to_have_count(times, timeout=WITHIN_MS)

    async def presses(self, words: str, label: str) -> None:
        """Press a button on the newest card with these words."""
        await self.cards(words).last.get_by_role("button", name=label, exact=True).click()

    async def types(self, line: str) -> None:
        await self.page.get_by_role("textbox").first.click()
        await self.page.keyboard.type(line)
        await self.page.get_by_role("button", name="Send Message").click()


@dataclass(frozen=True, slots=True)
class Tried:
    chat: Chat
    url: str


@pytest.fixture
async def tried(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Tried]:
    """A bot for whomever the Playground plays, and its page in a browser."""
    zone = zone_where_it_is(MORNING, datetime.now(UTC))
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(browser_page())
        page.set_default_timeout(WITHIN_MS)
        await page.route("**/*", _from_this_machine_alone)
        running = stack.enter_context(processes(sqlite_url, tmp_path, tick_seconds=0.3))
        await asyncio.to_thread(_set_up, running, zone)
        bot = running.start(
            HOST="127.0.0.1",
            TEAMS_ALLOW_ANONYMOUS="1",
            WELLBEING_PROMPTS=str(_prompts(tmp_path)),
        )
        endpoint = await bot.ready()
        await publish(sqlite_url, datetime.now(UTC), BANDS)
        address = await stack.enter_async_context(agents_playground(endpoint, tmp_path, zone))
        await page.goto(address)
        yield Tried(Chat(page), sqlite_url)


def _prompts(directory: Path) -> Path:
    prompts = Path(shutil.copytree(ROOT / "prompts", directory / "prompts"))
    (prompts / "programmes.yaml").write_text(PROGRAMMES, encoding="utf-8")
    return prompts


def _set_up(running: Processes, zone: str) -> None:
    region = region_at_work(zone, datetime.now(UTC))
    roster = running.directory / "roster.csv"
    team = [TEAM.format(n=number, zone=zone) for number in range(9)]
    lines = [HEADER, ALEX.format(zone=zone, region=region), *team]
    roster.write_text("\n".join(lines), encoding="utf-8")
    running.command("roster", "import", str(roster))
    running.command("launch")


async def _from_this_machine_alone(route: Route) -> None:
    """The Playground's page would fetch its fonts from elsewhere."""
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        await route.continue_()
    else:
        await route.abort()


async def bars(summary: Locator) -> list[float]:
    """How wide the cells of its bars are, one after the other, as parts of their bar."""
    cells = summary.locator("[style*='min-height: 12px']")
    found: list[float] = await cells.evaluate_all(
        "cells => cells.map(cell => cell.offsetWidth / cell.parentElement.offsetWidth)"
    )
    return found


async def test_somebody_is_greeted_takes_a_break_answers_and_reads_a_summary(tried: Tried) -> None:
    chat = tried.chat
    # The app is installed as soon as the page is there.
    await chat.shows(HELP)
    await chat.types("help")
    await chat.shows(HELP, times=2)
    for command in ("support", "pause", "resume", "settings", "privacy", "help"):
        await expect(chat.cards(HELP).last).to_contain_text(command)

    await chat.types("pause")
    await chat.presses("For how long would you like a break?", "Until I say so")
    await chat.shows("You're taking a break.")
    await chat.types("resume")
    await chat.shows("Your break is over.")

    await put_launch_back(tried.url)
    await chat.presses("Hello Alex Wilber", "Yes, ask me")
    await chat.shows("Hello Alex Wilber", times=0)
    await chat.shows("Thank you. That's all for now.")

    await put_launch_back(tried.url)
    await chat.presses("Your answer isn't kept", "☀️ Doing well")
    await chat.shows("Your answer isn't kept", times=0)
    # The words that answer a tap aren't looked for: the Playground may draw the new card over them.
    await chat.shows("Thank you. That's all for now.", times=2)

    # The summary comes by itself, and its bars are true to the scale from 1 to 5.
    summary = chat.cards("A rough picture, from 1 to 5")
    await expect(summary).to_have_count(1, timeout=WITHIN_MS)
    await expect(summary).to_contain_text("Being listened to: between 2 and 4.")
    assert await bars(summary) == pytest.approx([0.25, 0.5, 0.25, 0.75, 0.25], abs=0.03)
