"""Connections and transactions, on SQLite or PostgreSQL. All SQL of the project starts from here.

**SQLite** has one writer at a time: writing sessions begin with `BEGIN IMMEDIATE`, so two of them
can't both read and then fight over the upgrade to a write lock. `synchronous=FULL` because what was
committed must survive a power cut: a message is only sent once its intent is on disk.

**PostgreSQL** writes at READ COMMITTED: what must not happen twice is prevented by constraints, by
statements that check and change at once, and by the locks below; nothing has to be tried again
because of somebody else. Reading sessions are REPEATABLE READ and read-only: they see one state.
The reasons are in `docs/decisions/0011-two-databases.md`.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as Session
from sqlmodel import SQLModel

__all__ = [
    "AWAY",
    "Database",
    "Lock",
    "Session",
    "analyze",
    "driver_connection",
    "hold",
    "insert",
    "is_sqlite",
    "plain_address",
]

# How long to wait for whoever else is at the file; nobody may write while its log is emptied.
BUSY_MS: Final = 10_000
A_MOMENT_MS: Final = 500
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
    # What is deleted is overwritten: who asked whom for help isn't to be read from a file later.
    "PRAGMA secure_delete=ON",
)
# A worker sends in one task, plans in another, and web answers many people at once. With the work
# queue's five, two web and two worker processes stay under PostgreSQL's 100 connections. All that
# were opened are kept: to open one anew takes longer than most of what is asked by it.
POOL: Final[Mapping[str, Any]] = {"pool_size": 15, "max_overflow": 0, "pool_timeout": 10}
CONNECT_WITHIN_S: Final = 5
# A server that vanished without a word is noticed within seconds (libpq's settings, in seconds and
# milliseconds).
KEEPALIVES: Final[Mapping[str, int]] = {
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}
# A process that was paused in a transaction must not hold up everybody else.
POSTGRES_OPTIONS: Final = "-c timezone=UTC -c idle_in_transaction_session_timeout=2min"
# What is raised while the database is away, busy for too long, or out of connections.
AWAY: Final = (OperationalError, InterfaceError, PoolTimeout, OSError)
# The two halves of an advisory lock's key: ours, and which of ours.
OURS: Final = 0x57454C4C


class Lock(IntEnum):
    """What only one process may do at a time, whichever replica it is."""

    PLANNING = 1
    MIGRATING = 2
    CLOSING = 3
    SETTING_UP = 4
    SYNCING_SLACK = 5
    SYNCING_TEAMS = 6
    SUPPORT = 7
    COMMENTS = 8


class Database:
    """The bot's own tables, by a URL such as `sqlite:///var/wellbeing.db`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = is_sqlite(self.url)
        self._engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._writer = self._engine.execution_options(writing=True)
        self._one_writer = asyncio.Lock()
        self._alone: dict[Lock, asyncio.Lock] = {lock: asyncio.Lock() for lock in Lock}

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that sees one state of the database and changes nothing."""
        async with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """A session that commits at the end of the block, or rolls back on an error."""
        if not self.is_sqlite:
            async with Session(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
            return
        async with (
            self._one_writer,
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def alone(self, lock: Lock) -> AsyncIterator[bool]:
        """Hold a lock over several transactions. False, at once, if another process has it.

        It is gone when the process is: on PostgreSQL the lock belongs to a connection, and on
        SQLite to a file beside the database, which commands share with the bot that runs.
        """
        if self._alone[lock].locked():
            yield False
            return
        async with self._alone[lock]:
            if self.is_sqlite:
                with _locked(Path(f"{self.url.database}-{lock.name.lower()}")) as got:
                    yield got
                return
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                key = {"ours": OURS, "lock": int(lock)}
                got = await connection.scalar(
                    text("SELECT pg_try_advisory_lock(:ours, :lock)"), key
                )
                try:
                    yield bool(got)
                finally:
                    if got:
                        await connection.execute(
                            text("SELECT pg_advisory_unlock(:ours, :lock)"), key
                        )

    async def leave_no_trace(self) -> None:
        """Take what was deleted out of SQLite's log of changes too, which would keep it for longer.

        Whoever reads for longer than a moment keeps it there until the next time. PostgreSQL has
        its own ways: what was deleted is overwritten some time after its vacuum.
        """
        if self.is_sqlite:
            async with self._one_writer, self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.execute(text(f"PRAGMA busy_timeout={A_MOMENT_MS}"))
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                await connection.execute(text(f"PRAGMA busy_timeout={BUSY_MS}"))

    async def close(self) -> None:
        await self._engine.dispose()


async def hold(session: Session, lock: Lock) -> None:
    """Wait for a lock, and have it until the end of a writing transaction.

    On SQLite a writing transaction has everything to itself already.
    """
    if not _is_sqlite_session(session):
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:ours, :lock)"), {"ours": OURS, "lock": int(lock)}
        )


def insert(session: Session, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if _is_sqlite_session(session) else postgresql.insert(table)


async def analyze(session: Session, *tables: type[SQLModel]) -> None:
    """Have PostgreSQL know what was just written in bulk, or it plans queries as for a few rows.

    Its own turn comes a minute later, which is too late for the next statement. SQLite's choice of
    index doesn't depend on it here.
    """
    if not _is_sqlite_session(session):
        for table in tables:
            await session.execute(text(f'ANALYZE "{table.__tablename__}"'))


async def driver_connection(session: Session) -> object:
    """The driver's own connection, for a library that writes in the same transaction."""
    raw = await (await session.connection()).get_raw_connection()
    return raw.driver_connection


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def plain_address(url: URL) -> str:
    """The address of a PostgreSQL database as psycopg itself takes it, password included."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _is_sqlite_session(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


# --- SQLite --------------------------------------------------------------------------------


def _sqlite_engine(url: URL) -> AsyncEngine:
    # An error must not print what was being written.
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"), hide_parameters=True, **POOL
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def _locked(file: Path) -> Iterator[bool]:
    """Hold a file. False, at once, if another process has it."""
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Leave transactions to `_begin_sqlite`: the driver's own would start them too late."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


# --- PostgreSQL ----------------------------------------------------------------------------


def _postgres_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_WITHIN_S,
            "options": f"{POSTGRES_OPTIONS} {url.query.get('options', '')}".strip(),
            "application_name": "wellbeing",
            **KEEPALIVES,
        },
        pool_pre_ping=True,
        **POOL,
    )
    event.listen(engine.sync_engine, "begin", _begin_postgres)
    event.listen(engine.sync_engine, "handle_error", _forget_row_values)
    return engine


def _begin_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if not options.get("writing", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _forget_row_values(context: ExceptionContext) -> None:
    """PostgreSQL names the values of a row that breaks a constraint: keep its first line only."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\n")[0], *error.args[1:])
