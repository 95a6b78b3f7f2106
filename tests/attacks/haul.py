"""All that an attacker carries away at one moment: copies of files, of tables, and of what is said.

Never the keys directory, nor the memory of a process: those aren't defended, and the documents say
so.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as it is stored, under the id or marker of whoever gave it.

    `place` and `transaction` are what a database tells besides: a rowid, or ctid and xmin.
    """

    key: bytes
    content: bytes
    place: tuple[int, ...] = ()
    transaction: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """A row of any table, as text."""

    table: str
    transaction: int
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Haul:
    """Everything at one moment: too much to be printed.

    files    name → content: database, logs of writes, journals, inboxes, the chat platform's store
    copies   name → content: what commands make, such as dumps and backups
    times    name → when it was changed (mtime, ctime, in ns)
    rows     the table of answers, as the database gives it
    records  the rows of all other tables; where the database tells their transactions
    printed  the log since the moment before, and what commands print now
    """

    files: Mapping[str, bytes]
    rows: Sequence[Row] = ()
    copies: Mapping[str, bytes] = field(default_factory=dict)
    times: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    records: Sequence[Record] = ()
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How a design stores answers. Everybody may read that: it is no secret.

    row      an answer in the bytes of a file: its key, then its content
    dumped   the same in a line of a dump
    table    the table of answers
    file     SQLite: the file that it is in
    """

    row: re.Pattern[bytes]
    dumped: re.Pattern[bytes]
    table: str
    file: str = ""


def copy_files(directory: Path, before: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file under a directory but keys. What hasn't changed since `before` is kept once."""
    copied = {}
    for path in _files(directory):
        name = str(path.relative_to(directory))
        with suppress(FileNotFoundError):  # a journal that has just gone
            content = path.read_bytes()
            copied[name] = before[name] if before.get(name) == content else content
    return copied


def times_of(directory: Path) -> dict[str, tuple[int, int]]:
    times = {}
    for path in _files(directory):
        with suppress(FileNotFoundError):
            status = path.stat()
            times[str(path.relative_to(directory))] = (status.st_mtime_ns, status.st_ctime_ns)
    return times


def _files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        if path.is_file() and KEYS not in path.relative_to(directory).parts:
            yield path


def sqlite_rows(files: Mapping[str, bytes], knowledge: Knowledge) -> list[Row]:
    """The table of answers out of copied files, its write-ahead log applied."""
    if knowledge.file not in files:
        return []
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "copy"
        for ending in ("", "-wal", "-journal"):
            if (content := files.get(knowledge.file + ending)) is not None:
                path.with_name(path.name + ending).write_bytes(content)
        with closing(sqlite3.connect(path)) as connection:
            return list(_rows(connection, knowledge.table))


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[Row]:
    try:
        numbered = connection.execute(f'SELECT rowid, * FROM "{table}"')  # noqa: S608
    except sqlite3.OperationalError:  # there are no row numbers
        for key, content in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
            yield Row(as_bytes(key), as_bytes(content))
        return
    for rowid, key, content in numbered:
        yield Row(as_bytes(key), as_bytes(content), (rowid,))


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def whole(connection: sqlite3.Connection) -> bytes:
    """A database as its own backup command copies it."""
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        return bytes(copy.serialize())
