"""Sending over HTTP to a platform that takes its time.

The peer is bare aiohttp on one shared session: it posts the same bodies to the same addresses with
as many requests in flight, keeps nothing and asks nothing. Ours claims, checks once more that each
person may be written to, writes the message, sends it, and records what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import aiohttp
from yarl import URL

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.fake_platform import Behaviour, HttpMessenger, Platform, platform_process
from benchmarks.fake_platform.messenger import MESSAGE, shared_session
from benchmarks.measure import compare, timed
from benchmarks.report import Row, row_of
from benchmarks.world import MONDAY_TEN, MemoryMessenger, core_at, settle_people
from bot.domain.pace import SendingLimits
from bot.ports import Messenger
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import deliver
from bot.usecases.plan import plan

LATENCY_S: Final = 0.1
IN_FLIGHT: Final = 64
PEOPLE, FEW = 2_000, 300
SECONDS: Final = 40.0
LONGEST_S: Final = 120.0  # for one run; it fails if sending stops on the way

Letters = Sequence[tuple[URL, bytes]]


async def sending(bench: Bench) -> list[Row]:
    people = FEW if bench.quick else PEOPLE
    log = bench.directory / "sending-platform.log"
    with platform_process(log, Behaviour(latency_s=LATENCY_S)) as platform:
        return [await _sending(bench, platform, database, people) for database in bench.databases]


async def _sending(bench: Bench, platform: Platform, database: DatabaseName, people: int) -> Row:
    template = bench.place("sending", database)
    await planned(template, people)
    letters = await _letters(bench, template, platform)
    wrong: set[str] = set()

    async def ours() -> float:
        platform.forget()
        limits = SendingLimits(in_flight=IN_FLIGHT)
        with bench.copy_of(template) as place:
            async with (
                HttpMessenger.connected(platform.address, limits) as messenger,
                core_at(place, MONDAY_TEN, messenger) as core,
                timed() as watch,
            ):
                await asyncio.wait_for(deliver(core, PLAYGROUND), LONGEST_S)
        counts = platform.counts()
        if counts.people != people or counts.messages != people:
            wrong.add(f"{counts.messages} messages came to {counts.people} of {people} people")
        return people / watch.seconds

    async def peer() -> float:
        async with shared_session() as session, timed() as watch:
            await asyncio.wait_for(_post_all(session, letters), LONGEST_S)
        return people / watch.seconds

    runs = await compare(bench.turns, SECONDS, ours, peer)
    return row_of(
        f"Sending {people:,} messages at {LATENCY_S * 1000:.0f} ms on {database}",
        "messages/s",
        runs,
        against=f"bare aiohttp posting the same bodies, {IN_FLIGHT} in flight as ours",
        goal="≥ 0.8",
        mind=", ".join(sorted(wrong)),
    )


async def planned(place: Place, people: int, workspace_id: str = PLAYGROUND) -> None:
    """Have a check-in due for so many people who each have an account in a workspace."""
    async with core_at(place, MONDAY_TEN, workspace_id=workspace_id) as core:
        await settle_people(core, people, MONDAY_TEN - timedelta(minutes=5), workspace_id)
        await plan(core, MONDAY_TEN)


async def written(bench: Bench, template: Place, messenger: Messenger) -> None:
    """Have all that is due there sent, in a copy."""
    with bench.copy_of(template) as place:
        async with core_at(place, MONDAY_TEN, messenger) as core:
            await asyncio.wait_for(deliver(core, PLAYGROUND), LONGEST_S)


async def _letters(bench: Bench, template: Place, platform: Platform) -> Letters:
    """What ours sends, as requests that are ready to go."""
    messenger = MemoryMessenger()
    await written(bench, template, messenger)
    return [
        (
            URL(f"{platform.address}/messages/{to.workspace_id}/{to.external_id}/{key}"),
            MESSAGE.dump_json(message),
        )
        for to, message, key in messenger.posted
    ]


async def _post_all(session: aiohttp.ClientSession, letters: Letters) -> None:
    left = iter(letters)
    await asyncio.gather(*(_post_each(session, left) for _ in range(IN_FLIGHT)))


async def _post_each(session: aiohttp.ClientSession, left: Iterator[tuple[URL, bytes]]) -> None:
    for url, body in left:
        async with session.post(url, data=body) as response:
            await response.text()
            response.raise_for_status()
