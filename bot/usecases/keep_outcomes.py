"""What became of messages, held until the database has it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.domain.delivery import DeliveryState
from bot.store import deliveries
from bot.store.database import Session
from bot.store.deliveries import Result
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


class Outcomes:
    """Collects results, and records them many at a time.

    Recording the same ones again changes nothing, so they are forgotten only after a commit.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._results: list[Result] = []

    def __bool__(self) -> bool:
        """Whether something is to be recorded."""
        return bool(self._results)

    def add(self, result: Result) -> None:
        self._results.append(result)

    async def keep(self) -> None:
        """Record them, if there are any."""
        if self._results:
            async with self.kept():
                pass

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Session]:
        """Record them in a transaction that does something else too."""
        results = list(self._results)
        async with self._core.database.writing() as session:
            await deliveries.settle(session, results)
            yield session
        del self._results[: len(results)]  # others may have come meanwhile
        self._tell(results)

    def _tell(self, results: list[Result]) -> None:
        """Only of what failed: how many were sent in a pulse would say how many opted in."""
        for result in results:
            if result.next.state is DeliveryState.FAILED:
                log.warning("failed", delivery=result.claim.delivery_id, reason=result.next.reason)
