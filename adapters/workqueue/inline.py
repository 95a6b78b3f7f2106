"""The queue of one process: it serves the workspaces itself, each in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

log = structlog.get_logger(__name__)

# What is done for a workspace. True if something is left there that is due already.
Work = Callable[[str], Awaitable[bool | None]]


class InlineQueue:
    """Implements `bot.ports.WorkQueue`. One worker at a time serves a workspace."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._woken_again: set[str] = set()
        self._stopped = False

    def serve(self, work: Work) -> None:
        """Say what is done for a workspace that is woken."""
        self._work = work

    async def start(self) -> None:
        """Nothing to start: whoever wakes a workspace here has it served here."""

    async def stop(self) -> None:
        """Take on nothing more, and end what is in hand; it is handed back as it stands."""
        self._stopped = True
        for task in self._at_work.values():
            task.cancel()
        await self.rest()

    async def close(self) -> None:
        await self.stop()

    async def enqueue(self, workspace_ids: Iterable[str], connection: object) -> None:
        """Nothing to remember: who plans here wakes here, and every tick looks again."""

    async def wake(self, workspace_id: str) -> None:
        """Serve a workspace in the background; once more if it is being served already."""
        if self._work is None:
            raise RuntimeError("the queue was woken before it was told what to do")
        if self._stopped:
            return
        if workspace_id in self._at_work:
            self._woken_again.add(workspace_id)
            return
        task = asyncio.create_task(self._serve(self._work, workspace_id))
        self._at_work[workspace_id] = task
        # Not in the task itself: one that is cancelled before it begins runs no line of it.
        task.add_done_callback(lambda _: self._at_work.pop(workspace_id, None))

    async def rest(self) -> None:
        while self._at_work:
            await asyncio.wait(self._at_work.values())

    async def _serve(self, work: Work, workspace_id: str) -> None:
        while not self._stopped:
            self._woken_again.discard(workspace_id)
            if not await self._turn(work, workspace_id):
                return

    async def _turn(self, work: Work, workspace_id: str) -> bool:
        """Serve a workspace once. True if it wants another turn."""
        try:
            left = await work(workspace_id)
        except Exception:
            # The rows are the work: the next tick finds what is left.
            log.exception("a workspace's worker failed", workspace=workspace_id)
            left = False
        return bool(left) or workspace_id in self._woken_again
