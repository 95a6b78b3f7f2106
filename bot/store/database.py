"""Connections and transactions. All SQL of the project starts from here.

On SQLite there is one writer at a time: writing sessions begin with `BEGIN IMMEDIATE`, so two of
them can't both read and then fight over the upgrade to a write lock. `synchronous=FULL` because
what was committed must survive a power cut: a message is only sent once its intent is on disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession as Session
from sqlalchemy.ext.asyncio import create_async_engine

__all__ = ["Database", "Session"]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
)


class Database:
    """The bot's own tables, by a URL such as `sqlite:///var/wellbeing.db`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="sqlite+aiosqlite")
        # An error must not print what was being written.
        self._engine = create_async_engine(self.url, hide_parameters=True)
        self._writer = self._engine.execution_options(writing=True)
        self._one_writer = asyncio.Lock()
        event.listen(self._engine.sync_engine, "connect", _prepare)
        event.listen(self._engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        async with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """A session that commits at the end of the block, or rolls back on an error."""
        async with (
            self._one_writer,
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    async def close(self) -> None:
        await self._engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    """Leave transactions to `_begin`: the driver's own would start them too late."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
