"""Inboxes of sealed answers in SQLite files, one a round, outside the database and its backups.

A row is a marker and a box. Rows have no time and no order (`WITHOUT ROWID`, keyed by the
marker, which is an HMAC and so falls anywhere); each is alone in its transaction; `secure_delete`
overwrites what is changed or withdrawn; a rollback journal, since a write-ahead log would keep the
rows in the order in which they came. The file's own times are set back after every write and
touched at every tick, or they would tell when the last answer came. Each call opens and closes the
file: no cache lingers.

A page names its rows by marker, but fills up from its end as they come. `blur` therefore writes a
file that has changed anew, by marker. What can't be helped: between two ticks, whoever reads the
file sees the order of the last boxes, never what is in them.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.errors import InboxGone

PRAGMAS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=10000",
    # What `blur` writes meanwhile isn't for a disk.
    "PRAGMA temp_store=MEMORY",
)
# Where SQLite counts the changes of a file: https://www.sqlite.org/fileformat.html
CHANGES = slice(24, 28)
SCHEMA = "CREATE TABLE IF NOT EXISTS sealed (marker BLOB PRIMARY KEY, box BLOB) WITHOUT ROWID"
NO_TIME = (0, 0)


class FileInbox:
    """Implements `bot.store.inbox.SealedInbox` in one directory of mode 0700."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._in_order: dict[Path, bytes] = {}

    async def create(self, round_id: str) -> None:
        try:
            await asyncio.to_thread(self._create, round_id)
        except (OSError, sqlite3.Error):
            raise InboxGone from None

    async def put(self, round_id: str, marker: bytes, box: bytes) -> None:
        await asyncio.to_thread(self._write, round_id, _PUT, (marker, box))

    async def withdraw(self, round_id: str, marker: bytes) -> None:
        await asyncio.to_thread(self._write, round_id, _WITHDRAW, (marker,))

    async def boxes(self, round_id: str) -> list[tuple[bytes, bytes]]:
        try:
            return await asyncio.to_thread(self._boxes, round_id)
        except sqlite3.Error:
            raise InboxGone from None

    async def rounds(self) -> frozenset[str]:
        return frozenset(path.stem for path in await asyncio.to_thread(self._files))

    async def blur(self) -> None:
        """Write every file anew that has changed, in the order of its markers, and touch them all.

        The time of a file's last change can't be set back. One that is busy or damaged stays as it
        is until the next tick.
        """
        await asyncio.to_thread(self._blur)

    async def drop(self, round_id: str) -> None:
        """Overwrite the file, and remove it."""
        await asyncio.to_thread(self._drop, round_id)

    def _create(self, round_id: str) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._drop(round_id)
        path = self._path(round_id)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        with self._connect(path) as connection:
            connection.execute(SCHEMA)

    def _write(self, round_id: str, statement: str, values: tuple[bytes, ...]) -> None:
        path = self._path(round_id)
        try:
            with self._connect(path) as connection, connection:
                connection.execute(statement, values)
        except sqlite3.OperationalError:
            # Dropped before this came, or while it waited for the lock.
            if path.exists() and not self._is_being_dropped(path):
                raise
            raise InboxGone from None

    def _boxes(self, round_id: str) -> list[tuple[bytes, bytes]]:
        path = self._path(round_id)
        if not path.exists():
            raise InboxGone
        with self._connect(path) as connection:
            return list(connection.execute("SELECT marker, box FROM sealed ORDER BY marker"))

    def _blur(self) -> None:
        for path in self._files():
            with suppress(sqlite3.Error, FileNotFoundError):
                self._put_in_order(path)
            self._forget_time(path)

    def _put_in_order(self, path: Path) -> None:
        if self._in_order.get(path) == _changes(path):
            return
        with self._connect(path) as connection:
            connection.execute("VACUUM")
        self._in_order[path] = _changes(path)

    def _files(self) -> list[Path]:
        return list(self._directory.glob("*.inbox"))

    def _is_being_dropped(self, path: Path) -> bool:
        with self._connect(path) as connection:
            return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None

    def _drop(self, round_id: str) -> None:
        path = self._path(round_id)
        self._in_order.pop(path, None)
        if not path.exists():
            return
        # One that can't be read any more is removed all the same.
        with suppress(sqlite3.DatabaseError), self._connect(path) as connection, connection:
            connection.execute("DROP TABLE IF EXISTS sealed")
        path.unlink(missing_ok=True)
        path.with_name(path.name + "-journal").unlink(missing_ok=True)

    @contextmanager
    def _connect(self, path: Path) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
        ) as connection:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            yield connection
        self._forget_time(path)

    def _forget_time(self, path: Path) -> None:
        for place in (path, self._directory):
            with suppress(FileNotFoundError):
                os.utime(place, NO_TIME)

    def _path(self, round_id: str) -> Path:
        return self._directory / f"{round_id}.inbox"


def _changes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(CHANGES.stop)[CHANGES]


_PUT = (
    "INSERT INTO sealed (marker, box) VALUES (?, ?) "
    "ON CONFLICT (marker) DO UPDATE SET box = excluded.box"
)
_WITHDRAW = "DELETE FROM sealed WHERE marker = ?"
