"""What a process has used, as Linux tells in /proc."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> float:
    """What it holds in memory now."""
    return _status_mib(pid, "VmRSS:")


def peak_mib(pid: int) -> float:
    """The most that it has held since its program was started."""
    return _status_mib(pid, "VmHWM:")


def cpu_s(pid: int) -> float:
    """Seconds of processor time, of all its threads."""
    # The program's name, in brackets, may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _status_mib(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(name))
    return int(line.split()[1]) / 1024
