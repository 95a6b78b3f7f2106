"""Sending under a quota: how near to the optimum, and how often the platform had to refuse.

The optimum is arithmetic: a burst at once, and the others at the quota's rate. Refusals are
compared with a bare aiohttp client that sends as fast as it can, waits for as long as it is told,
and tries again. In a turn all of them send at the same time, each in a workspace of its own: they
hardly do anything but wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.fake_platform import Behaviour, HttpMessenger, Platform, Quota, platform_process
from benchmarks.fake_platform.messenger import shared_session
from benchmarks.measure import Runs, timed
from benchmarks.report import Row, row_of
from benchmarks.sending import planned
from benchmarks.world import MONDAY_TEN, core_at
from bot.domain.pace import Rate, SendingLimits
from bot.errors import TryLater
from bot.message import Message
from bot.ports import Address
from bot.usecases.deliver import deliver

LATENCY_S: Final = 0.1
PER_SECOND, BURST = 20, 20
TURNS: Final = 2
PEOPLE, FEW = 500, 60
IN_FLIGHT: Final = 64
LONGEST_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How long it took, how many requests got 429, and whether anybody was missed."""

    seconds: float
    refused: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was sent at the same time."""

    ours: Mapping[DatabaseName, Sent]
    bare: Sent


async def quota(bench: Bench) -> list[Row]:
    people = FEW if bench.quick else PEOPLE
    bad = Behaviour(latency_s=LATENCY_S, quota=Quota(PER_SECOND, BURST))
    turns = min(TURNS, bench.turns)
    with platform_process(bench.directory / "quota-platform.log", bad) as platform:
        runs = [await _turn(bench, platform, turn, people) for turn in range(turns)]
    bare = [turn.bare for turn in runs]
    return [
        row
        for database in bench.databases
        for row in _rows(database, people, [turn.ours[database] for turn in runs], bare)
    ]


async def _turn(bench: Bench, platform: Platform, turn: int, people: int) -> Turn:
    places = [await _place(bench, database, turn, people) for database in bench.databases]
    *ours, bare = await asyncio.gather(
        *(_ours(platform, place, people) for place in places), _bare(platform, turn, people)
    )
    return Turn(dict(zip(bench.databases, ours, strict=True)), bare)


def _rows(
    database: DatabaseName, people: int, ours: Sequence[Sent], bare: Sequence[Sent]
) -> list[Row]:
    optimum = (people - BURST) / PER_SECOND
    return [
        row_of(
            f"{people} messages at {PER_SECOND}/s, burst {BURST}, on {database}",
            "s",
            Runs([run.seconds for run in ours], [optimum] * len(ours)),
            against="the quota's optimum",
            goal="≤ 1.05",
            mind=next((run.wrong for run in ours if run.wrong), ""),
        ),
        row_of(
            f"Refused with 429 of these {people}, on {database}",
            "requests",
            Runs([run.refused for run in ours], [run.refused for run in bare]),
            against="bare aiohttp that waits as it is told, and tries again",
            goal="ours = 0",
        ),
    ]


# --- ours ----------------------------------------------------------------------------------


class CountingMessenger(HttpMessenger):
    """Counts how often the platform refuses."""

    refused = 0

    async def post(self, address: Address, message: Message, key: str) -> str:
        try:
            return await super().post(address, message, key)
        except TryLater:
            self.refused += 1
            raise


async def _place(bench: Bench, database: DatabaseName, turn: int, people: int) -> Place:
    place = bench.place(f"quota{turn}", database)
    await planned(place, people, _workspace(place))
    return place


def _workspace(place: Place) -> str:
    return place.directory.name


async def _ours(platform: Platform, place: Place, people: int) -> Sent:
    limits = SendingLimits(workspace=Rate(PER_SECOND, BURST), in_flight=IN_FLIGHT)
    workspace = _workspace(place)
    async with shared_session() as session:
        messenger = CountingMessenger(session, platform.address, limits)
        # Who was refused is due again later.
        at_place = core_at(place, MONDAY_TEN, messenger, workspace, runs_on=True)
        async with at_place as core, timed() as watch:
            await asyncio.wait_for(deliver(core, workspace), LONGEST_S)
    return Sent(watch.seconds, messenger.refused, _wrong(platform, workspace, people))


def _wrong(platform: Platform, workspace: str, people: int) -> str:
    came_to = [each.conversation for each in platform.arrivals() if each.workspace == workspace]
    if len(came_to) == len(set(came_to)) == people:
        return ""
    return f"{len(came_to)} messages came to {len(set(came_to))} of {people} people"


# --- the peer ------------------------------------------------------------------------------


async def _bare(platform: Platform, turn: int, people: int) -> Sent:
    left, refusals = list(range(people)), list[float]()

    async def post_each(session: aiohttp.ClientSession) -> None:
        while left:
            url = f"{platform.address}/messages/bare-{turn}/p{left.pop()}/key"
            while wait_s := await _wait_after(session, url):
                refusals.append(wait_s)
                await asyncio.sleep(wait_s)

    async with shared_session() as session, timed() as watch:
        posting = asyncio.gather(*(post_each(session) for _ in range(IN_FLIGHT)))
        await asyncio.wait_for(posting, LONGEST_S)
    return Sent(watch.seconds, len(refusals))


async def _wait_after(session: aiohttp.ClientSession, url: str) -> float:
    """Post once, and return for how long the platform asks to wait; 0 if it took the message."""
    async with session.post(url, data=b"{}") as response:
        await response.read()
        if response.status == 429:
            return float(response.headers["Retry-After"])
        response.raise_for_status()
        return 0
