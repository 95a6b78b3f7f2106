"""Inboxes of sealed answers in PostgreSQL, one UNLOGGED table a round.

A row is a marker and a box. An UNLOGGED table is in no write-ahead log, replica or base backup, and
after an unclean stop of the server it is empty. So each has one row more, the seal: where that is
missing, boxes were lost, and the inbox is gone rather than empty.

PostgreSQL tells in which order rows came: by their place in the table and by the number of the
transaction that wrote them (which, with the write-ahead log, gives the time). `blur` therefore
copies a table that has changed into a new one, in the order of the markers and in one transaction.
That also leaves behind what was changed or withdrawn. What can't be helped: between two ticks,
whoever reads the database's files sees the order of the last boxes, never what is in them.

A commit isn't waited for: PostgreSQL does that by itself when a transaction has written to UNLOGGED
tables alone. What a crash could lose by it is lost with the whole table.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    Column,
    Exists,
    LargeBinary,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable, DropTable

from bot.errors import InboxGone
from bot.store.database import Database, Session
from bot.store.round_tables import (
    DROP_WITHIN,
    GONE,
    REMEMBERED,
    round_table,
    rounds_with_table,
    sqlstate,
)

PREFIX: Final = "sealed:"
OLD_PREFIX: Final = "sealed.old:"
# No marker is empty: they are HMACs.
SEAL: Final = b""
# A dump of the whole database reads each table for minutes; whoever waits for a table in order to
# change it keeps everybody else waiting who only wants to put a box into it.
BLUR_WITHIN: Final = "500ms"
# SQLSTATE: the lock wasn't to be had in time.
LOCKED: Final = "55P03"


class TableInbox:
    """Implements `bot.store.inbox.SealedInbox` on a PostgreSQL database.

    Every call has a connection of its own, also when the caller is in a transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, round_id: str) -> None:
        table = _table(PREFIX, round_id)
        try:
            async with self._database.writing() as session:
                await _make(session, table)
                await session.execute(insert(table).values(marker=SEAL, box=SEAL))
        except DBAPIError:
            raise InboxGone from None

    async def put(self, round_id: str, marker: bytes, box: bytes) -> None:
        table = _table(PREFIX, round_id)
        row = select(bindparam("m", marker, LargeBinary), bindparam("b", box, LargeBinary))
        put = postgresql.insert(table).from_select(["marker", "box"], row.where(_is_sealed(table)))
        put = put.on_conflict_do_update(
            index_elements=[table.c.marker], set_={"box": put.excluded.box}
        )
        async with self._writing() as session:
            if await session.scalar(put.returning(literal_column("1"))) is None:
                raise InboxGone

    async def withdraw(self, round_id: str, marker: bytes) -> None:
        table = _table(PREFIX, round_id)
        async with self._writing() as session:
            await session.execute(
                delete(table).where(table.c.marker == marker, table.c.marker != SEAL)
            )
            await _check_seal(session, table)

    async def boxes(self, round_id: str) -> list[tuple[bytes, bytes]]:
        table = _table(PREFIX, round_id)
        query = select(table.c.marker, table.c.box).where(table.c.marker != SEAL)
        # Not a reading session: one that had to wait for `blur` would see the new table as it was
        # before, empty.
        async with self._writing() as session:
            await _check_seal(session, table)
            rows = await session.execute(query.order_by(table.c.marker))
            return [(row.marker, row.box) for row in rows]

    async def rounds(self) -> frozenset[str]:
        async with self._database.reading() as session:
            return await rounds_with_table(session, PREFIX)

    async def blur(self) -> None:
        """Copy every table that has changed in the order of its markers.

        One that is busy has to wait for the next tick.
        """
        for round_id in sorted(await self.rounds()):
            with suppress(InboxGone):
                await self._blur(round_id)

    async def drop(self, round_id: str) -> None:
        async with self._database.writing() as session:
            await session.execute(text(f"SET LOCAL lock_timeout = '{DROP_WITHIN}'"))
            await session.execute(DropTable(_table(PREFIX, round_id), if_exists=True))

    async def _blur(self, round_id: str) -> None:
        table = _table(PREFIX, round_id)
        async with self._writing() as session:
            if not await _has_changed(session, table):
                return
        try:
            # A transaction of its own: two that had both read the table would wait for each other.
            async with self._writing() as session:
                await session.execute(text(f"SET LOCAL lock_timeout = '{BLUR_WITHIN}'"))
                await session.execute(text(f"LOCK TABLE {_sql(table)}"))
                if await _has_changed(session, table):
                    await _copy(session, table, _table(OLD_PREFIX, round_id))
        except DBAPIError as error:
            if sqlstate(error) != LOCKED:
                raise

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Session]:
        """A transaction of its own. Raises InboxGone if the table isn't there or is damaged."""
        try:
            async with self._database.writing() as session:
                yield session
        except DBAPIError as error:
            if sqlstate(error) in GONE:
                raise InboxGone from None
            raise


@lru_cache(maxsize=REMEMBERED)
def _table(prefix: str, round_id: str) -> Table:
    """A round's table. Raises InboxGone if its name is too long."""
    # `blur` leaves no dead rows behind: nothing for an autovacuum to do.
    table = round_table(
        prefix,
        round_id,
        Column("marker", LargeBinary, primary_key=True),
        Column("box", LargeBinary, nullable=False),
    )
    if table is None:
        raise InboxGone
    return table


async def _make(session: Session, table: Table) -> None:
    await session.execute(DropTable(table, if_exists=True))
    await session.execute(CreateTable(table))


async def _copy(session: Session, table: Table, old: Table) -> None:
    """Put a table in the place of what it was, in the order of its markers."""
    await session.execute(text(f"ALTER TABLE {_sql(table)} RENAME TO {_sql(old)}"))
    await _make(session, table)
    rows = select(old.c.marker, old.c.box).order_by(old.c.marker)
    await session.execute(insert(table).from_select(["marker", "box"], rows))
    await session.execute(DropTable(old))


def _is_sealed(table: Table) -> Exists:
    return exists(select(table.c.marker).where(table.c.marker == SEAL))


async def _check_seal(session: Session, table: Table) -> None:
    if not await session.scalar(select(_is_sealed(table))):
        raise InboxGone


async def _has_changed(session: Session, table: Table) -> bool:
    """Whether rows were put, changed or withdrawn since the table was written as one."""
    name = _sql(table)
    query = text(
        f"SELECT count(*) > 0 AND (min(xmin::text) <> max(xmin::text) "  # noqa: S608 - quoted
        f"OR pg_stat_get_dead_tuples(CAST(:name AS regclass)) > 0) FROM {name}"
    )
    return bool(await session.scalar(query, {"name": name.replace("\\", "")}))


def _sql(table: Table) -> str:
    """A table's name, quoted; its colon escaped, since it is nobody's parameter."""
    return '"' + table.name.replace('"', '""').replace(":", "\\:") + '"'
