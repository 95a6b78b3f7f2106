"""Answering a tap: the real bot on its playground against a bare aiohttp server.

Each runs in a process of its own on loopback, and gets the same requests from the same number of
connections. The budget's goal is for Slack: see `benchmarks.slack_tap`.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.goals import NO_GOAL
from benchmarks.load import CONNECTIONS, Answered, load
from benchmarks.measure import Runs
from benchmarks.playground import check_in_taps
from benchmarks.report import Row, row_of
from benchmarks.world import ROOT

SECONDS, WARM_UP_S = 1.8, 0.4


async def tap(bench: Bench) -> list[Row]:
    return [row for database in bench.databases for row in await _tap(bench, database)]


async def _tap(bench: Bench, database: DatabaseName) -> list[Row]:
    ours, peer = await _measure(bench, database)
    against = "bare aiohttp with one SQLAlchemy UPDATE"
    return tap_rows(f"Answering a tap on {database}", ours, peer, against, NO_GOAL)


def tap_rows(
    name: str, ours: Sequence[Answered], peer: Sequence[Answered], against: str, goal: str
) -> list[Row]:
    """How many are answered in a second, for which `goal` is, and how long the slowest took."""
    return [
        row_of(
            name,
            "requests/s",
            Runs([run.per_second for run in ours], [run.per_second for run in peer]),
            against=against,
            goal=goal,
        ),
        row_of(
            f"{name}: p99, {CONNECTIONS} in flight",
            "ms",
            Runs([run.p99_ms for run in ours], [run.p99_ms for run in peer]),
            against=against,
            goal="ours < 300",
        ),
    ]


async def _measure(bench: Bench, database: DatabaseName) -> tuple[list[Answered], list[Answered]]:
    place, bare = bench.place("tap", database), bench.place("tap-peer", database)
    bot = Child(place.directory / "log", "bot", "run", "--example", settings=_settings(place))
    try:
        peer = Child(bare.directory / "log", "benchmarks.tap_peer", bare.url)
        try:
            return await _by_turns(bench, _address(bot), _address(peer))
        finally:
            peer.end()
    finally:
        bot.end()


async def _by_turns(
    bench: Bench, playground: str, peer: str
) -> tuple[list[Answered], list[Answered]]:
    bodies = await check_in_taps(playground)
    both = (f"{playground}/api/tap", peer)
    for url in both:
        await load(url, bodies, WARM_UP_S)
    turns = [[await load(url, bodies, SECONDS) for url in both] for _ in range(bench.turns)]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


def _address(server: Child) -> str:
    """Where it is, from what it says when it is ready."""
    return server.wait_for("The p").split()[-1]


def _settings(place: Place) -> dict[str, str]:
    """The playground alone, on any free port, with all that it writes in one directory."""
    return {
        "DATABASE_URL": place.url,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "WELLBEING_DATA": str(place.directory),
        "WELLBEING_KEYS": str(place.directory / "keys"),
        "WELLBEING_PROMPTS": str(ROOT / "prompts"),
        "WELLBEING_PLAYGROUND": "on",
    }
