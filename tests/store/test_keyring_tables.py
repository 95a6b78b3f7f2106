"""Keys in PostgreSQL tables, before somebody who reads and writes the whole database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.sealed_answer import (
    marker,
    marker_key_id,
    new_key_pair,
    seal,
    unseal,
)
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping, new_secret
from bot.errors import KeyringError, KeysGone, SealedAnswerError
from bot.store.database import Database
from bot.store.keyring_tables import TableCollectingKeyring, TableTallyingKeyring
from bot.store.migrate import upgrade
from tests.support.postgres import PostgresServer

COLLECTING, TALLYING = new_secret(), new_secret()
ROUND = "pulse-2026-11-24"
TABLE = f'"keys\\:{ROUND}"'


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(postgres_url)
    yield opened
    await opened.close()


def collecting_with(
    database: Database, secret: str = COLLECTING, tallying: str = TALLYING
) -> TableCollectingKeyring:
    return TableCollectingKeyring(
        database, Wrapping("collecting", secret), Verifying(Signing(tallying).public)
    )


def tallying_with(database: Database, secret: str = TALLYING) -> TableTallyingKeyring:
    return TableTallyingKeyring(database, Wrapping("tallying", secret), Signing(secret))


@pytest.fixture
async def web(database: Database) -> TableCollectingKeyring:
    return collecting_with(database)


@pytest.fixture
async def worker(database: Database) -> TableTallyingKeyring:
    """A worker that has opened a round."""
    keyring = tallying_with(database)
    await keyring.create(ROUND)
    return keyring


async def the_row(database: Database) -> Mapping[str, Any]:
    """What somebody who reads the database sees."""
    async with database.reading() as session:
        return dict((await session.execute(text(f"SELECT * FROM {TABLE}"))).mappings().one())  # noqa: S608


async def write(database: Database, change: str, **values: object) -> None:
    """What somebody who writes to the database does."""
    async with database.writing() as session:
        await session.execute(text(f"UPDATE {TABLE} SET {change}"), values)  # noqa: S608


# --- reading -------------------------------------------------------------------------------


async def test_no_key_is_in_the_database_as_it_is(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    keys, key = await web.collecting(ROUND), await worker.tallying(ROUND)
    kept = b"".join((await the_row(database)).values())
    assert keys.public_key in kept
    assert keys.marker_key not in kept
    assert key.private_key not in kept


async def test_a_web_process_with_the_workers_row_in_hand_opens_no_box(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    keys = await web.collecting(ROUND)
    mark = marker(keys.marker_key, ROUND, "person")
    key_id = marker_key_id(keys.marker_key, ROUND)
    box = seal(keys.public_key, ROUND, mark, 0, [5], key_id=key_id)
    wrapped = (await the_row(database))["private_key"]

    for side in ("collecting", "tallying"):
        with pytest.raises(KeyringError):
            Wrapping(side, COLLECTING).unwrap(ROUND, wrapped)
    for key in (wrapped[:32], wrapped[-48:-16], keys.public_key, keys.marker_key):
        with pytest.raises(SealedAnswerError):
            unseal(key, ROUND, mark, box)
    assert unseal((await worker.tallying(ROUND)).private_key, ROUND, mark, box).answers[0] == 5


async def test_a_worker_with_the_webs_row_in_hand_makes_no_marker(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    await web.collecting(ROUND)
    wrapped = (await the_row(database))["marker_key"]
    for side in ("collecting", "tallying"):
        with pytest.raises(KeyringError):
            Wrapping(side, TALLYING).unwrap(ROUND, wrapped)


# --- writing -------------------------------------------------------------------------------


async def test_a_public_key_of_somebody_elses_is_never_sealed_with(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    theirs, _ = new_key_pair()
    forged = Signing(new_secret()).sign(ROUND, theirs)
    for change in ({"public_key": theirs}, {"public_key": theirs, "signature": forged}):
        await worker.create(ROUND)
        await write(database, ", ".join(f"{name} = :{name}" for name in change), **change)
        with pytest.raises(KeyringError, match="isn't signed by the worker"):
            await web.collecting(ROUND)
        with pytest.raises(KeysGone, match="public key was changed"):
            await worker.tallying(ROUND)


async def test_a_signed_public_key_of_another_round_is_never_sealed_with(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    before = await the_row(database)
    await worker.destroy(ROUND)
    await worker.create("pulse-2026-12-01")
    async with database.writing() as session:
        await session.execute(
            text(
                'UPDATE "keys\\:pulse-2026-12-01" SET public_key = :public_key, '
                "signature = :signature, private_key = :private_key"
            ),
            before,
        )
    with pytest.raises(KeyringError, match="isn't signed by the worker"):
        await web.collecting("pulse-2026-12-01")
    with pytest.raises(KeysGone):
        await worker.tallying("pulse-2026-12-01")


async def test_a_wrapped_key_is_of_no_use_in_another_round_or_in_the_other_sides_place(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    await web.collecting(ROUND)
    marker_key = (await the_row(database))["marker_key"]
    with pytest.raises(KeysGone):
        Wrapping("collecting", COLLECTING).unwrap("pulse-2026-12-01", marker_key)
    await write(database, "private_key = marker_key")
    with pytest.raises(KeyringError):
        await worker.tallying(ROUND)


@pytest.mark.parametrize("place", [8, 19, 20, 51, 67])
async def test_a_damaged_marker_key_ends_the_round_for_both_sides(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring, place: int
) -> None:
    await web.collecting(ROUND)
    await write(
        database,
        f"marker_key = set_byte(marker_key, {place}, 1 + get_byte(marker_key, {place}) % 200)",
    )
    for _ in range(2):
        with pytest.raises(KeysGone):
            await web.collecting(ROUND)
    with pytest.raises(KeysGone, match="marker key"):
        await worker.tallying(ROUND)


async def test_a_damaged_private_key_ends_the_round(
    database: Database, worker: TableTallyingKeyring
) -> None:
    await write(
        database, "private_key = set_byte(private_key, 30, 1 + get_byte(private_key, 30) % 200)"
    )
    with pytest.raises(KeysGone):
        await worker.tallying(ROUND)


async def test_a_row_that_was_taken_out_or_doubled_is_no_row(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    for change in (f"INSERT INTO {TABLE} SELECT * FROM {TABLE}", f"DELETE FROM {TABLE}"):  # noqa: S608
        await worker.create(ROUND)
        async with database.writing() as session:
            await session.execute(text(change))
        with pytest.raises(KeysGone):
            await web.collecting(ROUND)
        with pytest.raises(KeysGone):
            await worker.tallying(ROUND)


# --- wrong secrets -------------------------------------------------------------------------


async def test_the_probe_refuses_another_secret_while_a_round_is_open(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    await web.collecting(ROUND)
    another = new_secret()
    for keyring, what in (
        (collecting_with(database, another), "another secret than WELLBEING_COLLECTING_SECRET"),
        (collecting_with(database, tallying=another), "WELLBEING_TALLYING_PUBLIC"),
        (tallying_with(database, another), "another secret than WELLBEING_TALLYING_SECRET"),
    ):
        with pytest.raises(KeyringError, match=what) as caught:
            await keyring.probe([ROUND])
        assert another not in str(caught.value)


async def test_a_process_with_another_secret_spoils_nothing(
    database: Database, web: TableCollectingKeyring, worker: TableTallyingKeyring
) -> None:
    keys, key = await web.collecting(ROUND), await worker.tallying(ROUND)
    another = new_secret()
    for asked in (
        collecting_with(database, another).collecting(ROUND),
        collecting_with(database, tallying=another).collecting(ROUND),
        tallying_with(database, another).tallying(ROUND),
    ):
        with pytest.raises(KeyringError) as caught:
            await asked
        assert not isinstance(caught.value, KeysGone), "it can be put right"
    assert (await web.collecting(ROUND), await worker.tallying(ROUND)) == (keys, key)


# --- the server ----------------------------------------------------------------------------


async def test_keys_outlive_a_restart_and_are_gone_after_an_unclean_stop() -> None:
    server = PostgresServer()
    try:
        url = server.create("keys_and_crashes")
        upgrade(url)
        worker_keys, web_keys = await _both(url, create=True)
        server.halt()
        server.start()
        assert await _both(url) == (worker_keys, web_keys)
        server.crash()
        server.start()
        assert await _both(url) == (None, None)
    finally:
        server.stop()


async def _both(url: str, *, create: bool = False) -> tuple[object, object]:
    """What either side has now; None where it is gone."""
    database = Database(url)
    web, worker = collecting_with(database), tallying_with(database)
    try:
        if create:
            await worker.create(ROUND)
        return await worker.tallying(ROUND), await web.collecting(ROUND)
    except KeysGone:
        with pytest.raises(KeysGone):
            await web.collecting(ROUND)
        return None, None
    finally:
        await database.close()


async def test_nothing_of_the_keys_is_in_the_write_ahead_log_or_a_dump_of_logged_tables(
    database: Database, worker: TableTallyingKeyring
) -> None:
    async with database.reading() as session:
        query = text("SELECT relpersistence::text FROM pg_class WHERE relname = :name")
        assert await session.scalar(query, {"name": f"keys:{ROUND}"}) == "u"


async def test_a_role_that_may_make_no_tables_is_told_at_the_start(
    postgres: PostgresServer, postgres_url: str
) -> None:
    owner = Database(postgres_url)
    async with owner.writing() as session:
        await session.execute(text("DROP ROLE IF EXISTS reads_only"))
        await session.execute(text("CREATE ROLE reads_only LOGIN"))
    await owner.close()
    database = Database(postgres_url.replace("postgres@", "reads_only@"))
    try:
        with pytest.raises(KeyringError, match="needs the right to make tables"):
            await tallying_with(database).probe([])
    finally:
        await database.close()
