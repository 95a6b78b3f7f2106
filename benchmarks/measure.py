"""Running ours and the peer by turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

Run = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several runs, and how far they lay apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Runs:
    """What several turns came to: the first of ours belongs to the first of the peer's."""

    ours: Sequence[float]
    peer: Sequence[float]

    def ratios(self) -> Spread:
        """Ours over the peer's of the same turn. Nothing over nothing is 1."""
        pairs = zip(self.ours, self.peer, strict=True)
        return Spread.of([1.0 if ours == peer else ours / peer for ours, peer in pairs])


async def by_turns(turns: int, seconds: float, *runs: Run) -> list[list[float]]:
    """Measure several things by turns, and return the figures of each.

    On a slow or busy machine there are fewer turns: none starts that wouldn't end within so many
    seconds if it took as long as the one before. There is always one.
    """
    figures: list[list[float]] = [[] for _ in runs]
    over = time.perf_counter() + seconds
    for _ in range(turns):
        started = time.perf_counter()
        for run, found in zip(runs, figures, strict=True):
            found.append(await run())
        ended = time.perf_counter()
        if ended + (ended - started) > over:
            break
    return figures


async def compare(turns: int, seconds: float, ours: Run, peer: Run) -> Runs:
    """Measure ours and the peer by turns."""
    return Runs(*await by_turns(turns, seconds, ours, peer))


@dataclass(slots=True)
class Stopwatch:
    """How many seconds passed, from when the block was entered."""

    started: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0

    def stop(self) -> None:
        """Stop, if it runs."""
        self.seconds = self.seconds or time.perf_counter() - self.started


@asynccontextmanager
async def timed() -> AsyncIterator[Stopwatch]:
    """Time a block. Rubbish of what came before is collected first, so that it isn't counted."""
    gc.collect()
    watch = Stopwatch()
    yield watch
    watch.stop()


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many percent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
