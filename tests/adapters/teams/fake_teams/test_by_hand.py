"""The fake Teams by hand: its page in a real browser, and the program that starts it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.fakes.names import TEAMS
from tests.fakes.teams import FakeTeams, Tenant
from tests.fakes.teams.made_up import populate
from tests.support.by_hand import browser_page, said_when_started
from tests.support.small_teams_bot import (
    SmallTeamsBot,
    card,
    dialog,
    execute,
    message,
    opening,
    words,
)
from tests.support.teams_client import TeamsClient


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with browser_page() as opened:
        yield opened


@pytest.mark.browser
async def test_a_person_is_anybody_in_a_browser(
    page: Page, teams: FakeTeams, bot: SmallTeamsBot, client: TeamsClient
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    chart = {
        "type": "Chart.Line",
        "title": "A week",
        "data": [{"legend": "Mood", "values": [{"x": "Mon", "y": 3}]}],
    }
    tapped = {"type": "Column", "items": [words("Skip")], "selectAction": execute("Skip", "skip")}
    cells = {"type": "ColumnSet", "columns": [tapped]}
    place = words("[A place](https://example.org/)")
    actions = [execute("Yes", "answer", value=3), opening("Open", form="mood")]
    asked = card(words("How is it?"), chart, place, cells, actions=actions)
    await client.send("anna", message("A question", asked))

    await page.goto(teams.url)
    await page.get_by_role("searchbox").fill("ann")
    await page.get_by_role("button", name="Anna").press("Enter")
    shown = page.get_by_role("article", name="A question")
    await expect(shown.get_by_text("How is it?")).to_be_visible()
    await expect(shown.get_by_role("rowheader", name="Mood")).to_be_visible()
    await expect(shown.get_by_role("link", name="A place")).to_be_visible()
    bot.answer = {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Skipped.",
    }
    await shown.get_by_role("button", name="Skip").click()
    await expect(page.get_by_role("status")).to_have_text("Skipped.")
    assert bot.last()["value"]["action"]["verb"] == "skip"

    bot.answer = dialog()
    await shown.get_by_role("button", name="Open").press("Enter")
    form = page.get_by_role("dialog", name="A form")
    await form.get_by_label("How is it?").select_option("Good")
    await form.get_by_label("Friday").check()
    await form.get_by_label("Anything else?").fill("No, thanks")
    bot.answer = {"task": {"type": "message", "value": "Sealed."}}
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_count(0)
    await expect(page.get_by_role("status")).to_have_text("Sealed.")
    assert bot.last()["value"]["data"] == {
        "form": "mood",
        "mood": "good",
        "days": "mon,fri",
        "note": "No, thanks",
        "sure": "true",
    }

    bot.answer = {
        "statusCode": 200,
        "type": "application/vnd.microsoft.card.adaptive",
        "value": card(words("Thank you <b>all</b>.")),
    }
    await shown.get_by_role("button", name="Yes").click()
    await expect(shown.get_by_text("Thank you <b>all</b>.")).to_be_visible()

    await page.get_by_label("Message", exact=True).fill("hello")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("article", name="You said hello")).to_be_visible()

    await page.get_by_role("button", name="Remove the app").click()
    await expect(page.get_by_role("button", name="Install the app")).to_be_visible()
    assert bot.last()["action"] == "remove"
    assert errors == []


@pytest.mark.slow
def test_it_starts_by_hand_and_says_what_a_bot_needs(tmp_path: Path) -> None:
    said = said_when_started("tests.fakes.teams", tmp_path / "output")

    for name in (
        "MICROSOFT_APP_ID",
        "MICROSOFT_APP_PASSWORD",
        "MICROSOFT_APP_TYPE",
        "MICROSOFT_APP_TENANT_ID",
        "WELLBEING_TEAMS_LOGIN_URL",
        "WELLBEING_TEAMS_OPENID_URL",
    ):
        assert re.search(rf"^{name}=\S+$", said, re.MULTILINE)
    assert "Traceback" not in said


def test_made_up_people_are_of_all_kinds() -> None:
    tenant = Tenant("Example")

    people = populate(tenant, 200)

    assert len({person.id for person in people}) == 200
    assert len({person.zone for person in people}) > 3
    assert {person.installed for person in people} == {True, False}
    assert {person.active for person in people} == {True, False}
    assert any(person.is_guest for person in people)
    assert len(tenant.teams) == len(TEAMS)
    assert all(team.has_bot and team.members for team in tenant.teams.values())
