"""The replicas of a row, each a process that can be killed, paused, stopped and started again."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.child import Child
from benchmarks.replica import READY

# A worker believes its claims for 5 s without asking: nobody may take over from it sooner.
SILENT_S: Final = 7.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How the replicas work in a row. `rate` is messages a second to each workspace; 0: no limit.

    The platform's messages land half a second late at most, so that asking after one is enough.
    """

    rate: float = 20.0
    burst: int = 3
    in_flight: int = 8
    lands_within_s: float = 1.0
    tick_s: float = 0.3


class Member:
    """One replica, over all its lives."""

    def __init__(self, name: str, log: Path, clock: Path, arguments: tuple[str, ...]) -> None:
        self.name, self.clock = name, clock
        self._log, self._arguments = log, (*arguments, "--clock", str(clock))
        self._child: Child | None = None
        self.starts = 0
        self.is_paused = False

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.is_running

    @property
    def is_ready(self) -> bool:
        return self._child is not None and self.is_running and self._child.line(READY) is not None

    def start(self) -> None:
        """Start it, if it doesn't run."""
        if not self.is_running:
            self._child = Child(self._log, "benchmarks.replica", *self._arguments)
            self.starts += 1

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
        self.is_paused = False

    def stop(self) -> int:
        """Stop it as a service manager would. Its status, which is 0 if all is well."""
        assert self._child is not None
        self._child.send(signal.SIGTERM)
        return self._child.wait()

    def pause(self) -> None:
        if self._child is not None:
            self._child.send(signal.SIGSTOP)
            self.is_paused = True

    def go_on(self) -> None:
        if self._child is not None:
            self._child.send(signal.SIGCONT)
        self.is_paused = False

    def end(self) -> None:
        """End it for good."""
        if self._child is not None:
            self._child.end()
