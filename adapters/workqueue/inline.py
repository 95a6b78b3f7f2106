"""The queue of one process: a workspace's deliveries are sent by whoever wakes it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable


class InlineQueue:
    """Implements `bot.ports.WorkQueue`. One worker at a time serves a workspace."""

    def __init__(self) -> None:
        self._work: Callable[[str], Awaitable[None]] | None = None
        self._one_at_a_time: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def serve(self, work: Callable[[str], Awaitable[None]]) -> None:
        """Say what is done for a workspace that is woken."""
        self._work = work

    async def wake(self, workspace_id: str) -> None:
        """Returns when the workspace's due deliveries have been sent."""
        if self._work is None:
            raise RuntimeError("the queue was woken before it was told what to do")
        async with self._one_at_a_time[workspace_id]:
            await self._work(workspace_id)
