"""A database that is away for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

from bot.usecases.core import Core


@asynccontextmanager
async def database_away(core: Core) -> AsyncIterator[None]:
    """As if the disk with the SQLite file weren't mounted, or PostgreSQL let nobody in."""
    url = core.database.url
    if url.get_backend_name() == "postgresql":
        with _letting_nobody_in(url):
            yield
        return
    await core.database.close()
    with _replaced_by_a_folder(Path(str(url.database))):
        yield
        await core.database.close()


@contextmanager
def _replaced_by_a_folder(path: Path) -> Iterator[None]:
    kept = path.rename(path.with_suffix(".away"))
    path.mkdir()
    try:
        yield
    finally:
        path.rmdir()
        kept.rename(path)


@contextmanager
def _letting_nobody_in(url: URL) -> Iterator[None]:
    """Whoever is connected is cut off, and nobody can connect."""
    server = url.set(drivername="postgresql", database="postgres")
    address = server.render_as_string(hide_password=False)
    name = str(url.database)
    allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
