"""The fake Slack's Socket Mode, used by Slack's own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.support.small_bot import refused


@asynccontextmanager
async def listening(
    slack: FakeSlack, *, acknowledges: bool = True
) -> AsyncIterator[list[SocketModeRequest]]:
    """One connection of Slack's client, and what came through it."""
    heard: list[SocketModeRequest] = []

    async def hear(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        if acknowledges:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client = SocketModeClient(
        slack.app.app_token,
        web_client=AsyncWebClient(base_url=slack.api_url),
        ping_interval=0.2,
    )
    client.socket_mode_request_listeners.append(hear)
    before = slack.sockets.connected
    await client.connect()  # type: ignore[no-untyped-call]
    await slack.sockets.wait_for(before + 1)
    yield heard
    await client.close()  # type: ignore[no-untyped-call]


async def test_what_is_not_acknowledged_in_time_has_no_answer(slack: FakeSlack) -> None:
    slack.delivering.within_s = 0.2
    async with listening(slack, acknowledges=False) as heard:
        answered = await slack.actor("anna").says("hello")

    assert answered.status == 0
    assert [each.type for each in heard] == ["events_api"]


async def test_an_envelope_says_which_retry_it_is(slack: FakeSlack) -> None:
    async with listening(slack) as heard:
        first = await slack.actor("anna").says("hello")
        await slack.repeats(first, number=1, reason="timeout")

    assert [(each.retry_attempt, each.retry_reason) for each in heard] == [(0, ""), (1, "timeout")]


async def test_several_connections_take_turns(slack: FakeSlack) -> None:
    async with AsyncExitStack() as stack:
        heard = [await stack.enter_async_context(listening(slack)) for _ in range(2)]
        for _ in range(4):
            await slack.actor("anna").says("hello")

    assert [len(each) for each in heard] == [2, 2]


async def test_a_connection_is_renewed_when_slack_asks(slack: FakeSlack) -> None:
    async with listening(slack) as heard:
        await slack.sockets.ask_to_reconnect()
        async with asyncio.timeout(10):
            while slack.sockets.opened < 2 or slack.sockets.connected != 1:  # noqa: ASYNC110 - the client's
                await asyncio.sleep(0.01)

        assert (await slack.actor("anna").says("hello")).acknowledged
    assert len(heard) == 1


async def test_a_connection_that_was_cut_comes_back(slack: FakeSlack) -> None:
    async with listening(slack):
        await slack.sockets.cut()
        assert slack.sockets.connected == 0
        await slack.sockets.wait_for(1)

        assert (await slack.actor("anna").says("hello")).acknowledged


async def test_only_the_apps_own_token_connects(slack: FakeSlack, client: AsyncWebClient) -> None:
    answer = await refused(client, "apps.connections.open")

    assert answer["error"] == "not_allowed_token_type"
