"""What can go wrong at the fake Slack, and that Slack's own client sees it as it really is."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Fault
from tests.support.small_bot import refused

POST = "chat.postMessage"
WITHIN_S = 5.0


async def post_many(client: AsyncWebClient, count: int) -> list[int]:
    """Post so often at once; the statuses, the failed ones too."""

    async def post(number: int) -> int:
        try:
            return (await client.chat_postMessage(channel="U1", text=f"m{number}")).status_code
        except SlackApiError as refused:
            return int(refused.response.status_code)

    return sorted(await asyncio.gather(*(post(number) for number in range(count))))


async def test_a_lost_reply_keeps_the_message(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.lose_replies(POST)

    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U1", text="Once")

    assert [each.text for each in slack.messages("anna")] == ["Once"]
    assert [call.outcome for call in slack.calls(POST)] == ["ok"]


async def test_the_clients_own_retry_after_a_lost_reply_sends_twice(slack: FakeSlack) -> None:
    retries = [AsyncConnectionErrorRetryHandler()]
    client = AsyncWebClient(slack.bot_token(), base_url=slack.api_url, retry_handlers=[*retries])
    slack.faults.lose_replies(POST)

    await client.chat_postMessage(channel="U1", text="Twice")

    assert [each.text for each in slack.messages("anna")] == ["Twice", "Twice"]


async def test_a_request_that_is_cut_leaves_nothing(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.cut(POST)

    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="U1", text="Never")

    assert slack.messages("anna") == []


async def test_a_slow_message_lands_after_nobody_waits_any_more(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.slow(0.5, POST)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
        client.session = session
        with pytest.raises(TimeoutError):
            await client.chat_postMessage(channel="U1", text="Late")
    assert slack.messages("anna") == []

    async with asyncio.timeout(WITHIN_S):
        while not slack.messages("anna"):  # noqa: ASYNC110 - it is another task
            await asyncio.sleep(0.02)


async def test_a_page_of_html_is_no_answer(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.html_page(POST)

    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="U1", text="Hello")

    assert raised.value.response.status_code == 503
    assert slack.messages("anna") == []


async def test_an_error_comes_as_often_as_it_was_asked_for(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.answer("fatal_error", POST, times=2)

    errors = [(await refused(client, POST, channel="U1", text="x"))["error"] for _ in range(2)]
    await client.auth_test()
    await client.chat_postMessage(channel="U1", text="x")

    assert errors == ["fatal_error"] * 2


async def test_a_limit_can_be_named_with_its_wait(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.answer("ratelimited", POST, details={"retry_after": 7})

    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="U1", text="x")

    assert raised.value.response.status_code == 429
    assert raised.value.response.headers["Retry-After"] == "7"


async def test_a_share_of_calls_goes_wrong_the_same_way_for_a_seed(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    async def failures() -> list[int]:
        slack.faults.clear()
        slack.faults.seed(7)
        slack.faults.add(Fault("cut", POST, times=None, share=0.3))
        failed = []
        for number in range(30):
            try:
                await client.chat_postMessage(channel="U1", text="x")
            except aiohttp.ClientError:
                failed.append(number)
        return failed

    first = await failures()

    assert 2 <= len(first) <= 18
    assert await failures() == first


async def test_a_quota_is_exact_and_what_is_over_it_is_counted(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.limit(0.01, burst=5, method=POST)

    statuses = await post_many(client, 12)

    assert statuses == [200] * 5 + [429] * 7
    assert len(slack.messages("anna")) == 5
    assert slack.log.refused_429(POST) == 7
    assert (await client.auth_test())["ok"]


async def test_a_quota_fills_up_again(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.limit(0.1, burst=2)
    assert await post_many(client, 3) == [200, 200, 429]

    slack.clock.move_by(20)

    assert await post_many(client, 3) == [200, 200, 429]


async def test_a_quota_can_be_one_workspaces(slack: FakeSlack, client: AsyncWebClient) -> None:
    other = slack.add_workspace("Other")
    slack.faults.limit(0.01, team_id="T0001")
    theirs = AsyncWebClient(slack.bot_token(other.id), base_url=slack.api_url, retry_handlers=[])

    await client.auth_test()
    answers = [await theirs.auth_test() for _ in range(3)]

    assert all(answer["ok"] for answer in answers)
    assert (await refused(client, "auth.test"))["error"] == "ratelimited"


async def test_tiers_allow_twenty_pages_of_people_a_minute_and_a_message_a_second(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.tiers = True

    for _ in range(20):
        await client.users_list()
    assert (await refused(client, "users.list"))["error"] == "ratelimited"

    assert 429 in await post_many(client, 5)
    await client.chat_postMessage(channel="U2", text="Another conversation")


async def test_it_takes_as_long_as_it_is_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.faults.latency_s = 0.2

    started = time.monotonic()
    await client.auth_test()

    assert time.monotonic() - started >= 0.2


async def test_the_date_is_slacks_own(slack: FakeSlack, client: AsyncWebClient) -> None:
    before = (await client.auth_test()).headers["Date"]
    slack.clock.move_by(86_400 * 40)

    assert (await client.auth_test()).headers["Date"][5:16] != before[5:16]


async def test_all_is_well_again_when_it_is_told_to(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.faults.limit(0.01)
    slack.faults.cut(times=None)
    slack.faults.clear()

    assert (await client.auth_test())["ok"]
    assert (await client.auth_test())["ok"]
