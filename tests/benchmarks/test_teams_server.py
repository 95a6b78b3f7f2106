"""What the fake Teams of the benchmarks promises to those who measure with it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from adapters.outbound import shared_session
from adapters.teams.activities import message_activity
from adapters.teams.connector import Connector
from adapters.teams.tokens import AppToken
from benchmarks.teams_server import Counts, Server, account_of, chat_of, teams_process
from bot.app import SystemClock
from bot.errors import Undeliverable
from bot.message import Message, Paragraph
from bot.usecases.core import RealTimer

HELLO = message_activity(Message("Hello", (Paragraph("Hello, how are you arriving today?"),)))
PEOPLE = 3


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests of the module: it takes a second to start."""
    with teams_process(tmp_path_factory.mktemp("teams") / "log.txt", PEOPLE) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """A fake Teams to which nothing has happened yet."""
    running.forget()
    return running


@pytest.fixture
async def connector(server: Server) -> AsyncIterator[Connector]:
    """Signs in with what the server gave."""
    timer, access = RealTimer(), server.access
    async with shared_session(timer) as session:
        token = AppToken(session, access.login_url, access.credentials, SystemClock(), timer)
        yield Connector(session, token, timer)


async def says_hello(connector: Connector, server: Server, number: int) -> None:
    await connector.post(server.access.service_url, chat_of(account_of(number)), HELLO)


async def test_it_counts_what_arrived_and_to_how_many_people(
    server: Server, connector: Connector
) -> None:
    for number in (0, 1, 1):
        await says_hello(connector, server, number)

    assert server.counts() == Counts(messages=3, people=2)


async def test_who_is_not_among_so_many_people_is_not_there(
    server: Server, connector: Connector
) -> None:
    await says_hello(connector, server, PEOPLE - 1)
    with pytest.raises(Undeliverable):
        await says_hello(connector, server, PEOPLE)


async def test_its_token_is_taken_without_signing_in(server: Server) -> None:
    chat, headers = chat_of(account_of(0)), {"Authorization": f"Bearer {server.access.token}"}
    url = f"{server.access.service_url}v3/conversations/{chat}/activities"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json=HELLO, headers=headers) as taken:
            assert taken.status == 201
        async with session.post(url, json=HELLO) as refused:
            assert refused.status == 401

    assert server.counts().messages == 1


async def test_it_forgets_when_it_is_told_to(server: Server, connector: Connector) -> None:
    await says_hello(connector, server, 0)

    server.forget()

    assert server.counts() == Counts(messages=0, people=0)


async def test_it_takes_as_long_as_it_is_told(server: Server, connector: Connector) -> None:
    server.forget(latency_s=0.2)

    started = time.monotonic()
    await says_hello(connector, server, 0)

    assert time.monotonic() - started >= 0.2
