"""What bare peers share: SQLAlchemy on SQLite with the product's promise of durability.

A peer that might lose what it answered for wouldn't be doing the same work, so journal and
`synchronous` are the product's.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON")


def stored(instant: datetime) -> str:
    """An instant in UTC as SQLAlchemy keeps it in SQLite."""
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def bare_engine(file: Path) -> AsyncEngine:
    """An engine on one connection, used through SQLAlchemy Core: no session and no objects."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _make_durable)
    return engine


def _make_durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in DURABLE:
        cursor.execute(pragma)
    cursor.close()
