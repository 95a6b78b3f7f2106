"""The bot's processes as an admin runs them: `wellbeing run --role …`, each with a log of its own.

They are ended with the block, whatever happens in it.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("wellbeing")
READY = re.compile(
    r"The playground is at (?P<address>http://\S+)|This worker plans and sends\."
    r"|Teams: requests come to (?P<endpoint>http://\S+)\."
)
# Three of them start at once, on a machine that may be busy.
READY_WITHIN_S = 60.0
ENDS_WITHIN_S = 20.0
LOOKS_EVERY_S = 0.02


@dataclass(slots=True)
class Process:
    """One process, and what it has printed."""

    child: subprocess.Popen[bytes]
    log: Path

    @property
    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    async def ready(self) -> str:
        """Wait until it is at work; the address of its page, or for Teams, if it has one."""
        found = await self.says(READY)
        return found["address"] or found["endpoint"] or ""

    async def says(self, words: re.Pattern[str]) -> re.Match[str]:
        """Wait until it has printed this."""
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            if found := words.search(self.printed):
                return found
            assert self.child.poll() is None, f"it didn't start:\n{self.printed}"
            await asyncio.sleep(LOOKS_EVERY_S)
        raise AssertionError(f"it wasn't ready in {READY_WITHIN_S:g} s:\n{self.printed}")

    async def end(self, sign: signal.Signals) -> int:
        """Send it a signal, and wait for its exit status."""
        self.child.send_signal(sign)
        return await asyncio.to_thread(self.child.wait, ENDS_WITHIN_S)


@dataclass(slots=True)
class Processes:
    """Processes that share a database and a data directory."""

    url: str
    directory: Path
    tick_seconds: float = 1
    started: list[Process] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def start(self, *arguments: str, **settings: str) -> Process:
        """Start `wellbeing run` with these arguments, and settings of its own."""
        log = self.directory / f"log {len(self.started)}.txt"
        with log.open("wb") as output:
            child = subprocess.Popen(
                [COMMAND, "run", *arguments],
                cwd=self.directory,
                env={**self._settings, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.started.append(Process(child, log))
        return self.started[-1]

    def command(self, *arguments: str) -> None:
        """Run `wellbeing` with these arguments to its end."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.directory,
            env=self._settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=READY_WITHIN_S,
        )
        assert done.returncode == 0, done.stderr.decode()

    @property
    def _settings(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.url,
            "PORT": "0",
            "WELLBEING_DATA": str(self.data),
            "WELLBEING_PROMPTS": str(ROOT / "prompts"),
            "WELLBEING_TICK_SECONDS": str(self.tick_seconds),
        }

    def end_all(self) -> None:
        for process in self.started:
            process.child.kill()
        for process in self.started:
            process.child.wait(ENDS_WITHIN_S)


@contextmanager
def processes(url: str, directory: Path, tick_seconds: float = 1) -> Iterator[Processes]:
    running = Processes(url, directory, tick_seconds)
    try:
        yield running
    finally:
        running.end_all()
