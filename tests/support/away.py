"""A database that is away for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.usecases.core import Core


@asynccontextmanager
async def database_away(core: Core) -> AsyncIterator[None]:
    """As if the disk with the SQLite file weren't mounted: a folder is in its place."""
    await core.database.close()
    with _replaced_by_a_folder(Path(str(core.database.url.database))):
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
