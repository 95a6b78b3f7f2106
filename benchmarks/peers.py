"""What bare peers share: SQLAlchemy with the product's promise of durability.

A peer that might lose what it answered for wouldn't be doing the same work, so on SQLite
journal and `synchronous` are the product's; PostgreSQL is durable by default.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")


def stored(instant: datetime) -> str:
    """An instant in UTC as SQLAlchemy keeps it in SQLite."""
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def bare_engine(url: str) -> AsyncEngine:
    """An engine for SQLAlchemy Core, without session and objects. On SQLite one connection."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_async_engine(address.set(drivername="postgresql+psycopg"))
    address = address.set(drivername="sqlite+aiosqlite")
    engine = create_async_engine(address, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _make_durable)
    return engine


def _make_durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in DURABLE:
        cursor.execute(pragma)
    cursor.close()
