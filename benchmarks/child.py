"""Child processes that are never forgotten: bounded waits, output to files, gone with us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
STARTS_WITHIN_S: Final = 60.0
ENDS_WITHIN_S: Final = 20.0
LOOKS_EVERY_S: Final = 0.02
PR_SET_PDEATHSIG: Final = 1


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it is gone. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))


class Child:
    """One process of `python -m module`, which prints one line once it is ready.

    What it prints is added to `log`, so that one file may hold several lives.
    """

    def __init__(
        self, log: Path, module: str, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> None:
        with log.open("ab") as output:
            self._log, self._printed_before = log, output.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **(settings or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def line(self, starts_with: str) -> str | None:
        """The line that it has printed with such a start, in this life."""
        with self._log.open("rb") as log:
            log.seek(self._printed_before)
            printed = log.read().decode(errors="replace")
        # Whatever follows the last newline is still being printed.
        whole = printed.split("\n")[:-1]
        return next((line for line in whole if line.startswith(starts_with)), None)

    def wait_for(self, starts_with: str) -> str:
        """Wait for such a line. Raises RuntimeError if it ends before, and TimeoutError."""
        last = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < last:
            if line := self.line(starts_with):
                return line
            if not self.is_running:
                raise RuntimeError(f"a process ended before it was ready, see {self._log}")
            time.sleep(LOOKS_EVERY_S)
        raise TimeoutError(f"a process wasn't ready in {STARTS_WITHIN_S:g} s, see {self._log}")

    def send(self, sign: signal.Signals) -> None:
        if self.is_running:
            self._process.send_signal(sign)

    def wait(self) -> int:
        """Wait until it has ended, and return its status. Raises TimeoutError."""
        try:
            return self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"a process didn't end in {ENDS_WITHIN_S:g} s") from None

    def end(self) -> None:
        """End it, for sure: kindly, and if that takes too long by force."""
        if not self.is_running:
            return
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self.wait()
        except TimeoutError:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send(signal.SIGKILL)
        self.wait()
