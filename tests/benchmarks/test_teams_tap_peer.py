"""The peer of answering a tap on Teams does the same network work, and checks the same token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from adapters.teams.endpoint import MESSAGES
from benchmarks.child import Child
from benchmarks.tap_turns import address_of
from tests.fakes.teams import FakeTeams
from tests.fakes.teams.forging import Signing

ARRIVES_WITHIN_S = 10.0


@dataclass
class Peer:
    """`sink` is where its answers go."""

    teams: FakeTeams
    session: aiohttp.ClientSession
    url: str
    sink: str

    async def is_tapped(self, signing: Signing = "good") -> int:
        """The status of the answer."""
        service_url = f"{self.sink}/"
        activity = self.teams.actor("anna").activity_of(
            "invoke",
            name="adaptiveCard/action",
            value={"action": {"type": "Action.Execute", "verb": "check_in.answer", "data": {}}},
            replyToId="1",
            serviceUrl=service_url,
        )
        token = self.teams.token(signing, service_url=service_url)
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(self.url, json=activity, headers=headers) as answered:
            return answered.status

    async def answers(self) -> int:
        """How many came to the sink."""
        async with self.session.get(self.sink) as counted:
            return int(await counted.text())


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    async with FakeTeams.running() as teams, aiohttp.ClientSession() as session:
        teams.add_person("anna", installed=True)
        with ExitStack() as stack:
            bare = Child(
                tmp_path / "peer", "benchmarks.teams_tap_peer", teams.app.id, teams.openid_url
            )
            stack.callback(bare.end)
            sink = Child(tmp_path / "sink", "benchmarks.sink")
            stack.callback(sink.end)
            addresses = (asyncio.to_thread(address_of, child) for child in (bare, sink))
            url, to = await asyncio.gather(*addresses)
            yield Peer(teams, session, f"{url}{MESSAGES}", to)


async def test_each_tap_is_answered_and_its_message_replaced(peer: Peer) -> None:
    assert [await peer.is_tapped() for _ in range(3)] == [200, 200, 200]

    async with asyncio.timeout(ARRIVES_WITHIN_S):
        while await peer.answers() < 3:  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.02)
    assert await peer.answers() == 3


@pytest.mark.parametrize("signing", ["tampered", "foreign key", "expired"])
async def test_a_forged_token_is_not_answered(peer: Peer, signing: Signing) -> None:
    assert await peer.is_tapped(signing) != 200
    assert await peer.answers() == 0
