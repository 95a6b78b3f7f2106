"""Tables that one transaction writes to for itself, and that are gone with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Column, MetaData, Table

from bot.store.database import Session

# Not the bot's own tables: no migration makes these.
_SCRATCH = MetaData()


def scratch_table(name: str, *columns: Column[Any]) -> Table:
    """A temporary table. Only the connection that makes it sees it."""
    return Table(
        f"scratch_{name}", _SCRATCH, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP"
    )


@asynccontextmanager
async def made(session: Session, table: Table) -> AsyncIterator[None]:
    """Have an empty scratch table within the block. After an error it goes with the rollback."""
    connection = await session.connection()
    await connection.run_sync(table.create, checkfirst=False)
    yield
    # The connection lives on in the pool, and on SQLite the table would too.
    await connection.run_sync(table.drop, checkfirst=False)
