"""UNLOGGED tables that live as long as a round: one for each, named for it.

They are in no write-ahead log, replica or base backup, and empty after an unclean stop of the
server. No migration makes them, and they are dropped whole, so that no dead row stays behind.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from bot.store.database import Session

# PostgreSQL cuts longer names off without a word, and two rounds would share a table.
MAX_NAME_BYTES: Final = 63
# Whoever waits for a table keeps everybody else waiting; a dump of the database reads for minutes.
DROP_WITHIN: Final = "5s"
# For so many tables their descriptions are kept: SQLAlchemy then needn't compile statements again.
REMEMBERED: Final = 64
# SQLSTATE: no such table; its file or its index is damaged.
GONE: Final = frozenset({"42P01", "XX001", "XX002"})


def round_table(prefix: str, round_id: str, *columns: Column[Any]) -> Table | None:
    """A round's table; None if its name would be too long."""
    name = prefix + round_id
    if len(name.encode()) > MAX_NAME_BYTES:
        return None
    return Table(
        name,
        MetaData(),
        *columns,
        prefixes=["UNLOGGED"],
        postgresql_with={"autovacuum_enabled": "false"},
    )


async def rounds_with_table(session: Session, prefix: str) -> frozenset[str]:
    """The rounds that have a table of this kind."""
    query = text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u' "
        "AND relnamespace = to_regnamespace(current_schema()) AND starts_with(relname, :prefix)"
    )
    names = await session.scalars(query, {"prefix": prefix})
    return frozenset(name.removeprefix(prefix) for name in names)


def sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", ""))
