"""What is done after an acknowledgement.

A platform waits some seconds for one, and its own API may take longer to carry a reply out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

from bot.errors import PlatformError, TryLater

log = structlog.get_logger(__name__)

# What is still running when the bot stops may take so long to end.
PATIENCE_S = 3.0


class Background:
    """Runs what needn't be waited for, and never lets an error of it out."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._running: set[asyncio.Task[None]] = set()

    def start(self, what: str, work: Awaitable[object]) -> None:
        """`what` names it in the log, where nothing of its content is."""
        self._started(what, work)

    async def soon(self, what: str, work: Awaitable[object], within_s: float) -> None:
        """The same, and wait for its end, but no longer than that."""
        await asyncio.wait({self._started(what, work)}, timeout=within_s)

    def _started(self, what: str, work: Awaitable[object]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(_quietly(what, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def rest(self) -> None:
        """Wait until nothing is running."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Let what is running end, if it is quick."""
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=self._patience_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)


async def _quietly(what: str, work: Awaitable[object]) -> None:
    try:
        await work
    except TryLater:
        log.warning("the platform asked to wait, so this wasn't shown", what=what)
    except PlatformError as error:
        log.warning("the platform didn't carry this out", what=what, kind=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the edge of a task; its message may hold content
        log.error("this failed", what=what, kind=type(error).__name__)  # noqa: TRY400
