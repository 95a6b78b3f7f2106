"""Answers by a response URL that Slack refuses, with whichever status."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.responding import respond
from bot.errors import PlatformError
from bot.message import Chart, Message, Paragraph, Series
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text_of

HELLO = Message("Hello", (Paragraph("Hello"),))
CHART = Chart(
    title="How it went",
    kind="bar",
    categories=("May", "June"),
    series=(Series("Team", (3.0, 4.0)),),
    low=1,
    high=5,
    text="May: about 3. June: about 4.",
)
SUMMARY = Message("Your team's summary", (Paragraph("Your team's summary"), CHART))
NATIVE = "data_visualization"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def address(slack: FakeSlack) -> str:
    anne = slack.add_user("anne")
    secret = slack.site.response_urls.issue("T0001", slack.workspace.dm(anne.id).id, anne.id)
    return f"{slack.url}/response/{secret}"


@pytest.mark.parametrize("refuses", [True, False])
async def test_where_charts_are_refused_the_words_are_the_answer(
    fake_slack: FakeSlack, session: aiohttp.ClientSession, refuses: bool
) -> None:
    url = address(fake_slack)
    fake_slack.workspace.refuses_charts = refuses
    await respond(session, url, SUMMARY, {})
    (said,) = fake_slack.actor("anne").ephemeral()
    assert CHART.text in text_of(said.blocks)
    assert (NATIVE in str(said.blocks)) is not refuses


async def test_what_is_refused_without_a_chart_is_not_repeated(
    fake_slack: FakeSlack, session: aiohttp.ClientSession
) -> None:
    url = address(fake_slack)
    fake_slack.faults.answer("invalid_blocks", "response_url")
    with pytest.raises(PlatformError):
        await respond(session, url, HELLO, {})
    assert len(fake_slack.calls("response_url")) == 1


async def test_a_refusal_with_a_status_of_success_is_one(
    session: aiohttp.ClientSession, plain_address: tuple[str, list[str]]
) -> None:
    url, came = plain_address
    await respond(session, url, SUMMARY, {})
    assert [NATIVE in body for body in came] == [True, False]


@pytest.fixture
async def plain_address() -> AsyncIterator[tuple[str, list[str]]]:
    """An address that refuses charts with a 200, and takes the rest with a bare "ok"."""
    came: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        came.append(await request.text())
        if NATIVE in came[-1]:
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        return web.Response(text="ok")

    app = web.Application()
    app.add_routes([web.post("/response", answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/response", came
    await runner.cleanup()
