"""Answering taps by turns, ours and a peer, where the answers go to a sink: `benchmarks.sink`.

A turn ends when the last answer has arrived: none is left for the other's turn, or out of the rate.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import aiohttp

from benchmarks.bench import Bench
from benchmarks.child import Child
from benchmarks.load import Answered, load_requests

SECONDS, WARM_UP_S = 1.8, 0.6
LOOKS_EVERY_S: Final = 0.01
LONGEST_S: Final = 20.0

# Whole requests to an address, signed just now.
Signed = Callable[[str], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Sink:
    """`answers` is how many come to each tap."""

    address: str
    answers: int


async def by_turns(
    bench: Bench, signed: Signed, sink: Sink, ours: str, peer: str
) -> tuple[list[Answered], list[Answered]]:
    """What came of it at both addresses."""
    both = (ours, peer)
    async with aiohttp.ClientSession() as session:
        for url in both:
            await _turn(session, signed, sink, url, WARM_UP_S)
        turns = [
            [await _turn(session, signed, sink, url, SECONDS) for url in both]
            for _ in range(bench.turns)
        ]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


def address_of(server: Child) -> str:
    """Where it is, from what it says when it is ready."""
    return server.wait_for("The ").split()[-1]


async def _turn(
    session: aiohttp.ClientSession, signed: Signed, sink: Sink, url: str, seconds: float
) -> Answered:
    before, began = await _arrived(session, sink), time.perf_counter()
    run = await load_requests(url, signed(url), seconds)
    all_arrived = _all_arrived(session, sink, before + sink.answers * run.count)
    await asyncio.wait_for(all_arrived, LONGEST_S)
    return replace(run, per_second=run.count / (time.perf_counter() - began))


async def _all_arrived(session: aiohttp.ClientSession, sink: Sink, count: int) -> None:
    while await _arrived(session, sink) < count:  # noqa: ASYNC110 - it is in another process
        await asyncio.sleep(LOOKS_EVERY_S)


async def _arrived(session: aiohttp.ClientSession, sink: Sink) -> int:
    """How many answers have come so far."""
    async with session.get(sink.address) as response:
        return int(await response.text())
