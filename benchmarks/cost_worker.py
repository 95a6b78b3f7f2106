"""What one delivery costs a process of its own: `python -m benchmarks.cost_worker PLACE...`.

It sends so many of the messages that are due, to a platform that costs nothing, and prints what
that took as JSON. Before that it sends a few that aren't counted, so that nothing is done for the
first time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.bench import Place
from benchmarks.child import end_with_parent
from benchmarks.processes import memory_mib, peak_mib
from benchmarks.world import MONDAY_TEN, MemoryMessenger, core_at
from bot.logs import configure_logging
from bot.message import Message
from bot.ports import Address
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import BATCH, deliver

UNCOUNTED: Final = 2 * BATCH
LONGEST_S: Final = 50.0


@dataclass(frozen=True, slots=True)
class Used:
    """For each message in ms; memory in MiB: at the start, and the most."""

    cpu_ms: float
    wall_ms: float
    start_mib: float
    peak_mib: float


class WatchingMessenger(MemoryMessenger):
    """Looks at the clocks at the first message that counts, and at the one after the last."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = 0
        self._looks_at = (UNCOUNTED, UNCOUNTED + count)
        self.looks: list[tuple[float, float]] = []
        self.has_enough = asyncio.Event()

    async def post(self, address: Address, message: Message, key: str) -> str:
        if self._count in self._looks_at:
            self.looks.append((time.process_time(), time.perf_counter()))
        if len(self.looks) == len(self._looks_at):
            self.has_enough.set()
        self._count += 1
        return str(self._count)


async def use(place: Place, count: int) -> Used:
    messenger = WatchingMessenger(count)
    async with core_at(place, MONDAY_TEN, messenger) as core:
        start_mib = memory_mib(os.getpid())
        work = asyncio.create_task(deliver(core, PLAYGROUND))
        await asyncio.wait_for(messenger.has_enough.wait(), LONGEST_S)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
    (cpu, wall), (cpu_after, wall_after) = messenger.looks
    return Used(
        cpu_ms=(cpu_after - cpu) / count * 1000,
        wall_ms=(wall_after - wall) / count * 1000,
        start_mib=start_mib,
        peak_mib=peak_mib(os.getpid()),
    )


if __name__ == "__main__":
    end_with_parent()
    configure_logging("info", "text")  # as the product does, since it costs something
    directory, url, number = sys.argv[1:]
    at = Place(Path(directory), "SQLite" if url.startswith("sqlite") else "PostgreSQL", url)
    print(json.dumps(asdict(asyncio.run(use(at, int(number))))), flush=True)
