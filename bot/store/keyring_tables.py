"""Keys of open rounds in PostgreSQL, for processes on several machines: one UNLOGGED table a round.

Its one row holds the public key with the tallying side's signature, and each side's own key,
wrapped under that side's secret; the marker key's place is NULL until the collecting side fills it,
and empty bytes once the round had to be given up. After an unclean stop of the server there is no
row: the keys are gone. What wrapping and signing are for: `bot.domain.wrapped_keys`.

Every call has a connection of its own, also when the caller is in a transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Row, Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable, DropTable

from bot.domain.sealed_answer import new_key_pair, new_marker_key, public_key_of
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping
from bot.errors import KeyringError, KeysGone
from bot.ports import CollectingKeys, TallyingKey
from bot.store.database import Database, Session
from bot.store.round_tables import (
    DROP_WITHIN,
    GONE,
    REMEMBERED,
    round_table,
    rounds_with_table,
    sqlstate,
)

PREFIX: Final = "keys:"
GIVEN_UP: Final = b""


class TableCollectingKeyring:
    """Implements `bot.ports.CollectingKeyring` on a PostgreSQL database."""

    def __init__(self, database: Database, wrapping: Wrapping, verifying: Verifying) -> None:
        self._database, self._wrapping, self._verifying = database, wrapping, verifying

    async def probe(self, round_ids: Collection[str]) -> None:
        for round_id in sorted(round_ids):
            with suppress(KeysGone):
                await self.collecting(round_id)

    async def collecting(self, round_id: str) -> CollectingKeys:
        table = _table(round_id)
        try:
            async with _writing(self._database) as session:
                return await self._keys(session, table, round_id)
        except KeysGone:
            await self._give_up(table)
            raise

    async def _keys(self, session: Session, table: Table, round_id: str) -> CollectingKeys:
        row = await _row(session, table.c.public_key, table.c.signature, table.c.marker_key)
        self._verifying.verify(round_id, row.public_key, row.signature)
        wrapped = row.marker_key
        if wrapped is None:
            wrapped = await self._fill(session, table, round_id)
        return CollectingKeys(self._wrapping.unwrap(round_id, wrapped), row.public_key)

    async def _fill(self, session: Session, table: Table, round_id: str) -> bytes:
        """Fill the place if it is still empty; of several that try at once, the first does."""
        made = self._wrapping.wrap(round_id, new_marker_key())
        await session.execute(
            update(table).where(table.c.marker_key.is_(None)).values(marker_key=made)
        )
        kept: bytes = (await _row(session, table.c.marker_key)).marker_key
        return kept

    async def _give_up(self, table: Table) -> None:
        """Leave word for the tallying side, which can't tell a damaged marker key from a good one.

        Where the table is gone too, that is word enough.
        """
        with suppress(KeysGone):
            async with _writing(self._database) as session:
                not_yet = table.c.marker_key.is_distinct_from(GIVEN_UP)
                await session.execute(update(table).where(not_yet).values(marker_key=GIVEN_UP))


class TableTallyingKeyring:
    """Implements `bot.ports.TallyingKeyring` on a PostgreSQL database."""

    def __init__(self, database: Database, wrapping: Wrapping, signing: Signing) -> None:
        self._database, self._wrapping, self._signing = database, wrapping, signing

    async def probe(self, round_ids: Collection[str]) -> None:
        await self._try_out()
        for round_id in sorted(round_ids):
            with suppress(KeysGone):
                await self.tallying(round_id)

    async def _try_out(self) -> None:
        """Make a table, read it and drop it again, all in one transaction."""
        name = f"probe-{secrets.token_hex(8)}"
        table = _table(name)
        try:
            async with _writing(self._database) as session:
                await self._make(session, table, name)
                self._wrapping.unwrap(name, (await _row(session, table.c.private_key)).private_key)
                await session.execute(DropTable(table))
        except DBAPIError as error:
            raise KeyringError(
                f"Keys can't be kept in the database (SQLSTATE {sqlstate(error) or 'unknown'}). "
                "The bot's role needs the right to make tables in its schema."
            ) from None

    async def create(self, round_id: str) -> None:
        table = _table(round_id)
        async with _writing(self._database) as session:
            await session.execute(DropTable(table, if_exists=True))
            await self._make(session, table, round_id)

    async def _make(self, session: Session, table: Table, round_id: str) -> None:
        public_key, private_key = new_key_pair()
        row = {
            "public_key": public_key,
            "signature": self._signing.sign(round_id, public_key),
            "private_key": self._wrapping.wrap(round_id, private_key),
        }
        await session.execute(CreateTable(table))
        await session.execute(insert(table).values(row))

    async def tallying(self, round_id: str) -> TallyingKey:
        own = _table(round_id).c
        given_up = func.coalesce(own.marker_key == GIVEN_UP, False).label("given_up")
        async with _writing(self._database) as session:
            row = await _row(session, own.private_key, own.public_key, own.signature, given_up)
        if row.given_up:
            raise KeysGone("a round's marker key is lost or damaged")
        private_key = self._wrapping.unwrap(round_id, row.private_key)
        public_key = public_key_of(private_key)
        if (row.public_key, row.signature) != (
            public_key,
            self._signing.sign(round_id, public_key),
        ):
            raise KeysGone("a round's public key was changed")
        return TallyingKey(private_key)

    async def is_collected(self, round_id: str) -> bool:
        is_filled = _table(round_id).c.marker_key.is_not(None).label("is_filled")
        async with _writing(self._database) as session:
            return bool((await _row(session, is_filled)).is_filled)

    async def destroy(self, round_id: str) -> None:
        await drop_keys(self._database, round_id)

    async def rounds(self) -> frozenset[str]:
        return await rounds_with_keys(self._database)


async def drop_keys(database: Database, round_id: str) -> None:
    """Destroy both sides' keys, for which nobody needs a secret. Raises KeyringError."""
    async with _writing(database) as session:
        await session.execute(text(f"SET LOCAL lock_timeout = '{DROP_WITHIN}'"))
        await session.execute(DropTable(_table(round_id), if_exists=True))


async def rounds_with_keys(database: Database) -> frozenset[str]:
    """The rounds that keys are kept of in tables."""
    async with database.reading() as session:
        return await rounds_with_table(session, PREFIX)


@lru_cache(maxsize=REMEMBERED)
def _table(round_id: str) -> Table:
    """A round's table. Raises KeyringError if its name is too long."""
    table = round_table(
        PREFIX,
        round_id,
        Column("public_key", LargeBinary, nullable=False),
        Column("signature", LargeBinary, nullable=False),
        Column("private_key", LargeBinary, nullable=False),
        Column("marker_key", LargeBinary, nullable=True),
    )
    if table is None:
        raise KeyringError(f"the name of the round {round_id} is too long")
    return table


async def _row(session: Session, *columns: Any) -> Row[Any]:
    """The one row. Raises KeysGone if it isn't there, or isn't the only one."""
    rows = (await session.execute(select(*columns))).all()
    if len(rows) != 1:
        raise KeysGone("a round's keys are gone")
    return rows[0]


@asynccontextmanager
async def _writing(database: Database) -> AsyncIterator[Session]:
    """A transaction of its own. Raises KeysGone if the table isn't there or is damaged."""
    try:
        async with database.writing() as session:
            yield session
    except DBAPIError as error:
        if sqlstate(error) in GONE:
            raise KeysGone("a round's keys are gone") from None
        raise
