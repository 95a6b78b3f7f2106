"""A worker of the distributed queue as a process of its own, on a database and with a folder.

It holds the first workspace that it gets until it is ended, and says how it fares by making files
in the folder: `holding`, and `dropped` once its turn is cancelled.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from adapters.workqueue.distributed import DistributedQueue
from adapters.workqueue.serve import Timing

IN_TESTS = Timing(silent_s=1.5, beats_s=0.1, polls_s=0.05)
LIVES_FOR_S = 60


async def main(url: str, folder: Path) -> None:
    async def hold(_workspace_id: str) -> bool:
        (folder / "holding").touch()
        try:
            await asyncio.sleep(LIVES_FOR_S)
        except asyncio.CancelledError:
            (folder / "dropped").touch()
            raise
        return False

    queue = DistributedQueue(url, IN_TESTS)
    queue.serve(hold)
    await queue.start()
    await asyncio.sleep(LIVES_FOR_S)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
