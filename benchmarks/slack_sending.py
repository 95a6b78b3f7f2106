"""Sending on Slack, to a fake one that takes its time, and under a quota.

The peer is bare `slack_sdk` on one shared session: it posts the same payloads with as many requests
in flight, keeps nothing and asks nothing. Under the quota ours is compared with the optimum, which
is arithmetic, and its refusals with those of `slack_sdk`'s own handler, which waits as it is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import message_payload
from adapters.slack.client import SlackClient
from adapters.slack.ids import metadata_of, workspace_of
from adapters.slack.messenger import SlackMessenger
from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.measure import Runs, compare, timed
from benchmarks.report import Row, row_of
from benchmarks.sending import planned
from benchmarks.slack_server import TEAMS, Behaviour, Counts, Server, slack_process
from benchmarks.world import MONDAY_TEN, MemoryMessenger, core_at
from bot.app import SystemClock
from bot.domain.pace import Rate, SendingLimits
from bot.ports import Address
from bot.usecases.deliver import deliver

LATENCY_S: Final = 0.1
IN_FLIGHT: Final = 64
PEOPLE, FEW = 2_000, 300
SECONDS: Final = 40.0
PER_SECOND, BURST = 20, 20
QUOTA_PEOPLE, QUOTA_FEW = 500, 60
QUOTA_TURNS: Final = 2
LONGEST_S: Final = 120.0  # for one run; it fails if sending stops on the way
SLOW: Final = Behaviour(LATENCY_S)
LIMITED: Final = Behaviour(LATENCY_S, PER_SECOND, BURST)
PEER: Final = TEAMS[-1]

Payload = Mapping[str, Any]


async def slack_sending(bench: Bench) -> list[Row]:
    people, fewer = (FEW, QUOTA_FEW) if bench.quick else (PEOPLE, QUOTA_PEOPLE)
    with slack_process(bench.directory / "slack.log", people) as server:
        rows = [
            await _sending(bench, server, database, team_id, people)
            for database, team_id in zip(bench.databases, TEAMS, strict=False)
        ]
        return [*rows, *await _quota(bench, server, fewer)]


# --- as fast as it goes --------------------------------------------------------------------


async def _sending(
    bench: Bench, server: Server, database: DatabaseName, team_id: str, people: int
) -> Row:
    template = bench.place("slack", database)
    await planned(template, people, workspace_of(team_id))
    payloads = await _payloads(bench, template, team_id)
    wrong: set[str] = set()

    async def ours() -> float:
        server.behave(SLOW)
        with bench.copy_of(template) as place:
            seconds = await _ours(server, place, team_id, SendingLimits(in_flight=IN_FLIGHT))
        wrong.update(_wrong(server.counts(team_id), people))
        return people / seconds

    async def peer() -> float:
        server.behave(SLOW)
        seconds = await _peer(server, payloads)
        wrong.update(_wrong(server.counts(PEER), people))
        return people / seconds

    return row_of(
        f"Sending {people:,} messages on Slack at {LATENCY_S * 1000:.0f} ms on {database}",
        "messages/s",
        await compare(bench.turns, SECONDS, ours, peer),
        against=f"bare slack_sdk posting the same on one session, {IN_FLIGHT} in flight as ours",
        goal="≥ 0.8",
        mind=", ".join(sorted(wrong)),
    )


class OnlySending(SlackMessenger):
    """Asks nobody whether they rest: the peer doesn't do so either."""

    async def undisturbed(self, _addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return {}


async def _ours(
    server: Server,
    place: Place,
    team_id: str,
    limits: SendingLimits,
    messenger: type[SlackMessenger] = OnlySending,
) -> float:
    """How many seconds it takes to send all that is due."""
    workspace_id = workspace_of(team_id)
    async with SlackClient.connected(_Tokens(server), server.api_url) as client:
        sends = messenger(client, workspace_id, limits, SystemClock())
        # Who was refused is due again later.
        at_place = core_at(place, MONDAY_TEN, sends, workspace_id, runs_on=True)
        async with at_place as core, timed() as watch:
            await asyncio.wait_for(deliver(core, workspace_id), LONGEST_S)
    return watch.seconds


class _Tokens:
    """Implements `adapters.slack.client.Tokens`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def token(self, team_id: str) -> str:
        return self._server.tokens[team_id]


async def _payloads(bench: Bench, template: Place, team_id: str) -> Sequence[Payload]:
    """What ours sends, as arguments that are ready to go."""
    messenger, workspace_id = MemoryMessenger(), workspace_of(team_id)
    with bench.copy_of(template) as place:
        async with core_at(place, MONDAY_TEN, messenger, workspace_id) as core:
            await asyncio.wait_for(deliver(core, workspace_id), LONGEST_S)
    return [
        {"channel": to.external_id, "metadata": metadata_of(key), **message_payload(message)}
        for to, message, key in messenger.posted
    ]


def _wrong(counts: Counts, people: int) -> set[str]:
    if counts.messages == counts.people == people:
        return set()
    return {f"{counts.messages} messages came to {counts.people} of {people} people"}


# --- the peer ------------------------------------------------------------------------------


async def _peer(server: Server, payloads: Sequence[Payload], *handlers: AsyncRetryHandler) -> float:
    """How many seconds bare slack_sdk takes."""
    async with _bare(server, handlers) as client, timed() as watch:
        left = iter(payloads)
        posting = asyncio.gather(*(_post_each(client, left) for _ in range(IN_FLIGHT)))
        await asyncio.wait_for(posting, LONGEST_S)
    return watch.seconds


async def _post_each(client: AsyncWebClient, left: Iterator[Payload]) -> None:
    for payload in left:
        await client.chat_postMessage(**payload)


@asynccontextmanager
async def _bare(
    server: Server, handlers: Sequence[AsyncRetryHandler]
) -> AsyncIterator[AsyncWebClient]:
    # Without a level of its own it would put every request into a sentence that nobody reads.
    logger = logging.getLogger("bare")
    logger.setLevel(logging.WARNING)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield AsyncWebClient(
            token=server.tokens[PEER],
            base_url=server.api_url,
            session=session,
            logger=logger,
            retry_handlers=list(handlers),
        )


# --- under a quota -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    seconds: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Turn:
    """What was sent at the same time: they hardly do anything but wait."""

    ours: Mapping[DatabaseName, Sent]
    bare: Sent


async def _quota(bench: Bench, server: Server, people: int) -> list[Row]:
    turns = [await _turn(bench, server, people) for _ in range(min(QUOTA_TURNS, bench.turns))]
    bare = [turn.bare.counts.refused for turn in turns]
    return [
        row
        for database in bench.databases
        for row in _rows(database, people, [turn.ours[database] for turn in turns], bare)
    ]


async def _turn(bench: Bench, server: Server, people: int) -> Turn:
    places = [bench.place("slack-quota", database) for database in bench.databases]
    for place, team_id in zip(places, TEAMS, strict=False):
        await planned(place, people, workspace_of(team_id))
    payloads = await _payloads(bench, places[0], TEAMS[0])
    server.behave(LIMITED)
    limits = SendingLimits(workspace=Rate(PER_SECOND, BURST), in_flight=IN_FLIGHT)
    *ours, bare = await asyncio.gather(
        *(
            _ours(server, place, team_id, limits, SlackMessenger)
            for place, team_id in zip(places, TEAMS, strict=False)
        ),
        _peer(server, payloads, AsyncRateLimitErrorRetryHandler(max_retry_count=1_000)),
    )
    sent = [
        Sent(seconds, server.counts(team_id)) for seconds, team_id in zip(ours, TEAMS, strict=False)
    ]
    by_database = dict(zip(bench.databases, sent, strict=True))
    return Turn(by_database, Sent(bare, server.counts(PEER)))


def _rows(
    database: DatabaseName, people: int, ours: Sequence[Sent], bare: Sequence[int]
) -> list[Row]:
    optimum = (people - BURST) / PER_SECOND
    wrong = set[str]().union(*(_wrong(run.counts, people) for run in ours))
    return [
        row_of(
            f"{people} messages on Slack at {PER_SECOND}/s, burst {BURST}, on {database}",
            "s",
            Runs([run.seconds for run in ours], [optimum] * len(ours)),
            against="the quota's optimum; ours asks who rests as well",
            goal="≤ 1.05",
            mind=", ".join(sorted(wrong)),
        ),
        row_of(
            f"Refused with 429 of these {people} on Slack, on {database}",
            "requests",
            Runs([run.counts.refused for run in ours], bare),
            against="bare slack_sdk with its own handler, which waits as it is told",
            goal="ours = 0",
        ),
    ]
