"""Starting the command line: how long `wellbeing --help` takes, and how much memory.

The peer starts the same Python and imports the two libraries that any such command line has.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measure import Runs
from benchmarks.report import Row, row_of

MORE_TURNS = 2  # than of others: each takes a moment
WITHIN_S = 60
OURS = (str(Path(sys.executable).parent / "wellbeing"), "--help")
PEER = (sys.executable, "-c", "import typer, rich")

# A child's peak starts at what its parent had, so a small process starts and measures it.
LAUNCHER = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
started = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
seconds = time.perf_counter() - started
print(json.dumps([status, seconds, used.ru_maxrss]))
"""


async def start(bench: Bench) -> list[Row]:
    _launch(OURS), _launch(PEER)  # the first one compiles and reads from disk
    both = [(_launch(OURS), _launch(PEER)) for _ in range(bench.turns + MORE_TURNS)]
    seconds = Runs([ours[0] for ours, _ in both], [peer[0] for _, peer in both])
    memory = Runs([ours[1] for ours, _ in both], [peer[1] for _, peer in both])
    against = 'python -c "import typer, rich"'
    return [
        row_of("Start: wellbeing --help", "s", seconds, against=against, goal="ours < 0.5"),
        row_of("Start: peak memory", "MiB", memory, against=against),
    ]


def _launch(command: tuple[str, ...]) -> tuple[float, float]:
    """Seconds, and MiB of memory at most."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command],
        check=True,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
    )
    status, seconds, kibibytes = json.loads(done.stdout)
    assert status == 0, f"{command[0]} ended with {status}"
    return seconds, kibibytes / 1024
