"""What somebody takes away who may read all of a PostgreSQL server: rows, files, dumps, backups."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from tests.attacks.haul import Record, Row, as_bytes
from tests.support.postgres import PostgresServer

# As docs/operating.md says, and as somebody would who hasn't read it.
DUMPS: Mapping[str, tuple[str, ...]] = {
    "dump as the guide says": ("--no-unlogged-table-data",),
    "dump of everything": (),
}
BASE_BACKUP = "base backup"
WRITE_AHEAD_LOG = "pg_wal"
PROGRAM_WITHIN_S = 60


def rows_of(url: str, table: str) -> list[Row]:
    """A table of answers with the system columns; none if there is no such table."""
    query = sql.SQL("SELECT ctid::text, xmin::text, * FROM {}").format(sql.Identifier(table))
    with psycopg.connect(url) as connection:
        try:
            found = connection.execute(query).fetchall()
        except psycopg.errors.UndefinedTable:
            return []
    return [
        Row(as_bytes(key), as_bytes(content), _numbers(ctid), int(xmin))
        for ctid, xmin, key, content in found
        if key  # a sealed inbox's own row has none
    ]


def records_of(url: str, but: str) -> list[Record]:
    """The rows of all tables but one, each with the number of the transaction that wrote it."""
    tables = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(tables) if name != but]
        return [
            Record(name, int(xmin), text)
            for name in sorted(names)
            for xmin, text in connection.execute(
                sql.SQL("SELECT xmin::text, t::text FROM {} AS t").format(sql.Identifier(name))
            )
        ]


def data_files(server: PostgresServer, url: str, before: Mapping[str, bytes]) -> dict[str, bytes]:
    """The database's files, the write-ahead log, and what the server has for all databases.

    All that is in memory is written to disk first, tables that aren't logged included.
    """
    _flush(server)
    data, own = _places(url)
    return _contents(data, [data / own, data / "global", data / WRITE_AHEAD_LOG], before)


def _places(url: str) -> tuple[Path, str]:
    """Where the server keeps its files, and the database's own folder among them."""
    query = (
        "SELECT current_setting('data_directory'), 'base/' || oid FROM pg_database"
        " WHERE datname = current_database()"
    )
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return Path(row[0]), row[1]


def _flush(server: PostgresServer) -> None:
    """A new database is copied from files, for which PostgreSQL writes down all that it has."""
    server.create("flushed")
    server.drop("flushed")


def _contents(root: Path, folders: list[Path], before: Mapping[str, bytes]) -> dict[str, bytes]:
    copied = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name, content = str(path.relative_to(root)), path.read_bytes()
                copied[name] = before[name] if before.get(name) == content else content
    return copied


def dumps_and_backups(server: PostgresServer, url: str) -> dict[str, bytes]:
    """What pg_dump prints, and the files of a base backup that hold anything of the database."""
    return {
        **{
            name: _run(server, "pg_dump", f"--dbname={url}", *options)
            for name, options in DUMPS.items()
        },
        **_base_backup(server, url),
    }


def _base_backup(server: PostgresServer, url: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        backup = Path(place) / "backup"
        _run(
            server, "pg_basebackup", f"--dbname={url}", f"--pgdata={backup}", "--checkpoint=fast",
            "--wal-method=fetch", "--no-sync", "--no-manifest",
        )  # fmt: skip
        _, own = _places(url)
        found = _contents(backup, [backup / own, backup / WRITE_AHEAD_LOG], {})
    return {f"{BASE_BACKUP}/{name}": content for name, content in found.items()}


def _run(server: PostgresServer, program: str, *arguments: str) -> bytes:
    done = subprocess.run(
        [server.program(program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        timeout=PROGRAM_WITHIN_S,
        check=True,
    )
    return done.stdout


def _numbers(ctid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in ctid.strip("()").split(","))
