"""A clock that can be moved on: real time and an offset, kept so that a restart carries on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

from adapters.playground.store import PlaygroundStore

_OFFSET = "clock offset in microseconds"
_MICROSECOND = timedelta(microseconds=1)


def real_time() -> datetime:
    return datetime.now(UTC)


class PlaygroundClock:
    """The core's Clock in the playground. It only ever moves forward."""

    def __init__(
        self, store: PlaygroundStore, offset: timedelta, real: Callable[[], datetime]
    ) -> None:
        self._store, self._offset, self._real = store, offset, real
        self._latest = real() + offset

    @classmethod
    async def open(cls, store: PlaygroundStore, real: Callable[[], datetime] = real_time) -> Self:
        """The clock as it was left."""
        kept = await store.setting(_OFFSET)
        return cls(store, int(kept or 0) * _MICROSECOND, real)

    def now(self) -> datetime:
        """The present instant; it stands still where the machine's own time jumps back."""
        self._latest = max(self._latest, self._real() + self._offset)
        return self._latest

    async def move_to(self, instant: datetime) -> None:
        """Move on to this instant. An instant that has passed changes nothing."""
        if instant <= self.now():
            return
        offset = instant - self._real()
        await self._store.keep_setting(_OFFSET, str(offset // _MICROSECOND))
        self._offset = offset


class SharedClock(PlaygroundClock):
    """The clock of several processes on one machine: whoever moves it, all have the same time.

    It is read from the store whenever somebody asks, since a worker that learnt a little later that
    time has moved would find nothing due.
    """

    def now(self) -> datetime:
        kept = self._store.setting_now(_OFFSET)
        self._offset = int(kept or 0) * _MICROSECOND
        return super().now()
