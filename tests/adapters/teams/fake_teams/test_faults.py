"""What can go wrong at the fake Teams, as often as a test says and no oftener."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from tests.fakes.teams import FakeTeams, Fault
from tests.support.teams_client import TeamsClient

WITHIN_S = 5.0


def said(teams: FakeTeams, who: str = "anna") -> list[str]:
    return [each.text for each in teams.messages(who)]


async def test_a_lost_reply_keeps_the_message(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.lose_replies("send")

    with pytest.raises(aiohttp.ClientError):
        await client.says("anna", "Once")

    assert said(teams) == ["Once"]
    assert [(call.outcome, call.status) for call in teams.calls("send")] == [("ok", 201)]


async def test_a_request_that_is_cut_leaves_nothing(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.cut("send")

    with pytest.raises(aiohttp.ClientError):
        await client.says("anna", "Never")

    assert said(teams) == []


async def test_a_slow_message_lands_after_nobody_waits_any_more(
    teams: FakeTeams, client: TeamsClient
) -> None:
    teams.faults.slow(0.3, "send")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.says("anna", "Late")
    assert said(teams) == []

    async with asyncio.timeout(WITHIN_S):
        while not said(teams):  # noqa: ASYNC110 - it is another task
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("status", [502, 504])
async def test_a_gateway_answers_with_a_page(
    teams: FakeTeams, client: TeamsClient, status: int
) -> None:
    teams.faults.html_page("send", status=status)

    refused = await client.says("anna", "Hello")

    assert refused.status == status
    assert refused.body["page"].startswith("<html>")
    assert said(teams) == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("PreconditionFailed", 412),
        ("Throttled", 429),
        ("ServiceError", 500),
        ("ConversationBlockedByUser", 403),
        ("BotDisabledByAdmin", 403),
    ],
)
async def test_any_documented_error_comes_as_often_as_it_was_asked_for(
    teams: FakeTeams, client: TeamsClient, code: str, status: int
) -> None:
    teams.faults.answer(code, "send", times=2)

    refused = [await client.says("anna", "x") for _ in range(2)]

    assert [(each.status, each.code) for each in refused] == [(status, code)] * 2
    assert (await client.says("anna", "y")).status == 201
    assert said(teams) == ["y"]


async def test_a_limit_may_say_when_to_come_again(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.answer("Throttled", "send", retry_after=7)
    assert (await client.says("anna", "x")).headers["Retry-After"] == "7"

    teams.faults.answer("Throttled", "send")
    assert "Retry-After" not in (await client.says("anna", "x")).headers


async def test_a_fault_can_be_one_conversations(teams: FakeTeams, client: TeamsClient) -> None:
    chat = teams.actor("ben").person.chat_id
    teams.faults.answer("PreconditionFailed", "send", times=None, conversation=chat)

    assert (await client.says("anna", "x")).status == 201
    assert (await client.says("ben", "x")).status == 412


async def test_a_share_of_calls_goes_wrong_the_same_way_for_a_seed(
    teams: FakeTeams, client: TeamsClient
) -> None:
    async def failures() -> list[int]:
        teams.faults.clear()
        teams.faults.seed(7)
        teams.faults.add(Fault("error", "send", times=None, share=0.3))
        return [number for number in range(30) if (await client.says("anna", "x")).status != 201]

    first = await failures()

    assert 2 <= len(first) <= 18
    assert await failures() == first


async def test_a_quota_is_exact_and_what_is_over_it_is_counted(
    teams: FakeTeams, client: TeamsClient
) -> None:
    teams.faults.limit(5, 60, "send")

    replies = await asyncio.gather(*(client.says("anna", "x") for _ in range(12)))

    assert sorted(each.status for each in replies) == [201] * 5 + [429] * 7
    assert len(said(teams)) == 5
    assert teams.log.refused_429("send") == 7
    over = next(each for each in replies if each.status == 429)
    assert over.code == "Throttled"
    assert int(over.headers["Retry-After"]) in range(1, 61)

    teams.clock.move_by(61)
    assert (await client.says("anna", "x")).status == 201


async def test_a_quota_may_be_silent_about_when(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.limit(0, 60, says_when=False)

    refused = await client.says("anna", "x")

    assert refused.status == 429
    assert "Retry-After" not in refused.headers


async def test_documented_limits_hold_for_each_conversation(
    teams: FakeTeams, client: TeamsClient
) -> None:
    teams.faults.documented_limits()

    to_anna = await asyncio.gather(*(client.says("anna", "x") for _ in range(10)))

    assert sum(each.status == 201 for each in to_anna) in {7, 8}
    assert (await client.says("ben", "x")).status == 201


async def test_it_takes_as_long_as_it_is_told(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.latency_s = 0.2

    started = time.monotonic()
    await client.says("anna", "x")

    assert time.monotonic() - started >= 0.2


async def test_all_is_well_again_when_it_is_told_to(teams: FakeTeams, client: TeamsClient) -> None:
    teams.faults.limit(1, 60)
    teams.faults.cut(times=None)
    teams.faults.clear()

    assert [(await client.says("anna", "x")).status for _ in range(2)] == [201, 201]
