"""The queue of many processes: PostgreSQL holds it, by Procrastinate, and any worker may serve it.

Any process may wake a workspace; those that were started serve what was woken anywhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from adapters.workqueue.engine import Engine, queue_up_within
from adapters.workqueue.inline import Work
from adapters.workqueue.serve import Server, Timing

# How long a workspace may take to be served before `rest` gives up. It is long enough for a dead
# worker to be noticed, and shorter than what browsers and proxies wait.
RESTS_WITHIN_S = 45
LOOKS_EVERY_S = 0.05


class DistributedQueue:
    """Implements `bot.ports.WorkQueue`. One worker at a time, of all, serves a workspace.

    address  of the database, as psycopg takes it
    """

    def __init__(self, address: str, timing: Timing = Timing()) -> None:  # noqa: B008 - a value
        self._engine = Engine(address)
        self._timing = timing
        self._work: Work | None = None
        self._server: Server | None = None
        self._woken: set[str] = set()

    def serve(self, work: Work) -> None:
        """Say what is done for a workspace that is woken, once this process is started."""
        self._work = work

    async def start(self) -> None:
        """Begin to serve. It goes on by itself, also when the database is away for a while."""
        if self._work is None:
            raise RuntimeError("the queue was started before it was told what to do")
        if self._server is None:
            self._server = Server(self._engine, self._work, self._timing)
            self._server.start()

    async def stop(self) -> None:
        """Serve no more. What is in hand is queued up for other workers at once."""
        if self._server is not None:
            await self._server.stop()
            self._server = None

    async def close(self) -> None:
        """Let the database go. Nothing can be woken after this."""
        await self.stop()
        await self._engine.close()

    async def enqueue(self, workspace_ids: Iterable[str], connection: object) -> None:
        waiting = list(workspace_ids)
        await queue_up_within(waiting, connection)
        self._woken.update(waiting)

    async def wake(self, workspace_id: str) -> None:
        await (await self._engine.jobs()).queue_up([workspace_id])
        self._woken.add(workspace_id)

    async def rest(self) -> None:
        """Raises TimeoutError if what was woken isn't served in RESTS_WITHIN_S seconds."""
        jobs = await self._engine.jobs()
        async with asyncio.timeout(RESTS_WITHIN_S):
            # Other processes do the work, so there is nothing to wait for but the rows.
            while self._woken and await jobs.in_hand(self._woken):  # noqa: ASYNC110
                await asyncio.sleep(LOOKS_EVERY_S)
        self._woken.clear()
