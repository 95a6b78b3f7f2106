"""What a table of sealed answers tells to somebody who reads the database, and when it is lost."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot.errors import InboxGone
from bot.store.database import Database
from bot.store.inbox_tables import TableInbox
from tests.support.postgres import PostgresServer

LONG_ENOUGH = 20
MARKERS = [bytes([n]) * 32 for n in (0x10, 0x80, 0xF0)]
MARKER, OTHER, _ = MARKERS
BOX = b"a box that is easily found".ljust(120, b"!")


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
async def inbox(database: Database) -> TableInbox:
    """An inbox in which the round r1 is open."""
    made = TableInbox(database)
    await made.create("r1")
    return made


@pytest.fixture
def fragile(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which runs again afterwards whatever happened to it."""
    yield postgres
    postgres.halt()
    postgres.start()


async def ask(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(text(query.replace(":", "\\:")))]


async def lose_what_is_unlogged(database: Database, round_id: str) -> None:
    """As the server itself does when it starts after an unclean stop."""
    async with database.writing() as session:
        await session.execute(text(f'TRUNCATE "sealed\\:{round_id}"'))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[TableInbox]:
    database = Database(url)
    try:
        yield TableInbox(database)
    finally:
        await database.close()


# --- what is written down ------------------------------------------------------------------


async def test_a_table_holds_markers_and_boxes_and_nothing_else(
    inbox: TableInbox, database: Database
) -> None:
    await inbox.put("r1", MARKER, BOX)
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = 'sealed:r1'"
    assert sorted(await ask(database, query)) == [("box",), ("marker",)]


async def test_answers_are_in_no_write_ahead_log(inbox: TableInbox, database: Database) -> None:
    kinds = "SELECT relname, relpersistence FROM pg_class WHERE relname LIKE 'sealed%'"
    assert {kind for _, kind in await ask(database, kinds)} == {"u"}
    await inbox.put("r1", MARKER, BOX)
    await inbox.blur()
    assert {kind for _, kind in await ask(database, kinds)} == {"u"}


@pytest.mark.parametrize("order", list(itertools.permutations(MARKERS)))
async def test_after_a_tick_nothing_tells_in_which_order_answers_came(
    inbox: TableInbox, database: Database, order: tuple[bytes, ...]
) -> None:
    for marker in order:
        await inbox.put("r1", marker, BOX)
    written = 'SELECT marker, xmin, cmin FROM "sealed:r1" ORDER BY ctid'
    before = await ask(database, written)
    await inbox.blur()
    after = await ask(database, written)
    assert [row[0] for row in before] == [b"", *order]
    assert [row[0] for row in after] == [b"", *MARKERS]
    assert len({row[1:] for row in before}) == 4
    assert len({row[1:] for row in after}) == 1


async def test_after_a_tick_nothing_is_left_of_what_was_changed(
    inbox: TableInbox, database: Database
) -> None:
    for box in (BOX, BOX[::-1], BOX):
        await inbox.put("r1", MARKER, box)
    place = 'SELECT ctid FROM "sealed:r1" WHERE length(marker) > 0'
    assert await ask(database, place) == [("(0,4)",)]
    await inbox.blur()
    assert await ask(database, place) == [("(0,2)",)]


async def test_a_tick_leaves_an_inbox_alone_in_which_nothing_has_happened(
    inbox: TableInbox, database: Database
) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.blur()
    table = "SELECT oid FROM pg_class WHERE relname = 'sealed:r1'"
    before = await ask(database, table)
    await inbox.blur()
    assert await ask(database, table) == before


async def test_a_table_that_somebody_is_reading_is_not_waited_for(
    inbox: TableInbox, database: Database
) -> None:
    """A dump of the whole database reads for minutes: people can answer meanwhile."""
    await inbox.put("r1", MARKER, BOX)
    async with asyncio.timeout(LONG_ENOUGH), database.reading() as dump:
        await dump.execute(text('SELECT count(*) FROM "sealed\\:r1"'))
        await asyncio.gather(inbox.blur(), inbox.put("r1", OTHER, BOX))
    assert await inbox.boxes("r1") == [(MARKER, BOX), (OTHER, BOX)]


async def test_a_name_that_postgresql_would_cut_off_is_refused(inbox: TableInbox) -> None:
    with pytest.raises(InboxGone):
        await inbox.create(f"a-programme-with-a-name-that-{'goes-on-and-' * 2}on-2026-11-24")
    assert await inbox.rounds() == {"r1"}


# --- when it is lost -----------------------------------------------------------------------


async def test_an_inbox_that_was_emptied_is_gone_and_takes_no_more_answers(
    inbox: TableInbox, database: Database
) -> None:
    await inbox.put("r1", MARKER, BOX)
    await lose_what_is_unlogged(database, "r1")
    await inbox.blur()
    with pytest.raises(InboxGone):
        await inbox.boxes("r1")
    with pytest.raises(InboxGone):
        await inbox.put("r1", MARKER, BOX)
    with pytest.raises(InboxGone):
        await inbox.withdraw("r1", MARKER)
    assert await inbox.rounds() == {"r1"}
    await inbox.drop("r1")
    assert await inbox.rounds() == frozenset()


async def test_the_seal_can_be_neither_withdrawn_nor_read(
    inbox: TableInbox, database: Database
) -> None:
    await inbox.withdraw("r1", b"")
    assert await inbox.boxes("r1") == []


async def test_a_round_that_is_lost_leaves_the_others_as_they_are(
    inbox: TableInbox, database: Database
) -> None:
    await inbox.create("r2")
    await inbox.put("r2", MARKER, BOX)
    await lose_what_is_unlogged(database, "r1")
    assert await inbox.boxes("r2") == [(MARKER, BOX)]


async def test_an_unclean_stop_of_the_server_loses_boxes_and_a_clean_one_does_not(
    fragile: PostgresServer, postgres_url: str
) -> None:
    async with opened(postgres_url) as inbox:
        await inbox.create("r1")
        await inbox.put("r1", MARKER, BOX)
    fragile.halt()
    fragile.start()
    async with opened(postgres_url) as inbox:
        assert await inbox.boxes("r1") == [(MARKER, BOX)]
        fragile.crash()
        fragile.start()
        with pytest.raises(InboxGone):
            await inbox.boxes("r1")
