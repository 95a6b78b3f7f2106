"""Answering a tap: the real bot on its playground against a bare aiohttp server.

Each runs in a process of its own on loopback, and gets the same requests from the same number of
connections. The budget's figures are for Slack, whose bare peer commits nothing; this one does the
network's and the disk's work.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.load import CONNECTIONS, Answered, load
from benchmarks.measure import Runs
from benchmarks.playground import check_in_taps
from benchmarks.report import Row, row_of
from benchmarks.world import ROOT

SECONDS = 1.8
TURNS = 3
WELLBEING = str(Path(sys.executable).parent / "wellbeing")


async def tap(directory: Path) -> list[Row]:
    ours, peer = await _measure(directory)
    against = "bare aiohttp with one SQLAlchemy UPDATE"
    return [
        row_of(
            "Answering a tap in the playground",
            "requests/s",
            Runs([run.per_second for run in ours], [run.per_second for run in peer]),
            against=against,
            goal="≥ 0.4 (on Slack)",
        ),
        row_of(
            f"The same: p99 with {CONNECTIONS} in flight",
            "ms",
            Runs([run.p99_ms for run in ours], [run.p99_ms for run in peer]),
            against=against,
            goal="ours < 300 (on Slack)",
        ),
    ]


async def _measure(directory: Path) -> tuple[list[Answered], list[Answered]]:
    place = directory / "tap"
    place.mkdir()
    bare = (sys.executable, "-m", "benchmarks.tap_peer", str(place))
    async with (
        _server(WELLBEING, "run", "--example", settings=_settings(place)) as playground,
        _server(*bare, settings={}) as peer,
    ):
        bodies = await check_in_taps(playground)
        both = (f"{playground}/api/tap", peer)
        for url in both:
            await load(url, bodies, SECONDS / 5)
        turns = [[await load(url, bodies, SECONDS) for url in both] for _ in range(TURNS)]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


def _settings(directory: Path) -> dict[str, str]:
    """The playground alone, on any free port, with all that it writes in one directory."""
    return {
        "DATABASE_URL": f"sqlite:///{directory / 'wellbeing.db'}",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "WELLBEING_DATA": str(directory),
        "WELLBEING_KEYS": str(directory / "keys"),
        "WELLBEING_PROMPTS": str(ROOT / "prompts"),
        "WELLBEING_PLAYGROUND": "on",
    }


@asynccontextmanager
async def _server(*command: str, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """Run a server, and stop it at the end. Its first line ends with its address."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env=os.environ | settings,
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), timeout=30)
        if not line:
            raise RuntimeError(f"{command[0]} didn't start")
        yield line.decode().split()[-1]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
