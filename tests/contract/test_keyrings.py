"""What every keyring promises, in files and in tables: two sides, and neither has the other's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.sealed_answer import public_key_of
from bot.errors import KeysGone
from bot.ports import CollectingKeyring, TallyingKeyring
from bot.store.database import Database, Lock, hold
from tests.support import keys

LONG_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Sides:
    """As many processes of each side as a test wants, all on the same keys."""

    collecting: Callable[[], CollectingKeyring]
    tallying: Callable[[], TallyingKeyring]


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = Database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture(params=["files", "tables"])
def sides(request: pytest.FixtureRequest, tmp_path: Path) -> Sides:
    if request.param == "files":
        return Sides(
            lambda: keys.in_files(tmp_path / "keys")[0], lambda: keys.in_files(tmp_path / "keys")[1]
        )
    database = request.getfixturevalue("database")
    return Sides(lambda: keys.in_tables(database)[0], lambda: keys.in_tables(database)[1])


@pytest.fixture
def web(sides: Sides) -> CollectingKeyring:
    return sides.collecting()


@pytest.fixture
def worker(sides: Sides) -> TallyingKeyring:
    return sides.tallying()


async def test_the_two_sides_have_keys_that_belong_together(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    webs, key = await web.collecting("r1"), await worker.tallying("r1")
    assert webs.public_key == public_key_of(key.private_key)
    assert len({webs.public_key, webs.marker_key, key.private_key}) == 3


async def test_keys_stay_the_same_also_for_others_of_their_side(
    sides: Sides, web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    assert await sides.collecting().collecting("r1") == await web.collecting("r1")
    assert await web.collecting("r1") == await web.collecting("r1")
    assert await sides.tallying().tallying("r1") == await worker.tallying("r1")


async def test_of_many_that_ask_first_at_the_same_time_all_get_one_marker_key(
    sides: Sides, worker: TallyingKeyring
) -> None:
    for name in (f"r{number}" for number in range(5)):
        await worker.create(name)
        async with asyncio.timeout(LONG_ENOUGH):
            found = await asyncio.gather(*(sides.collecting().collecting(name) for _ in range(8)))
        assert len({one.marker_key for one in found}) == 1


async def test_each_round_has_its_own_keys(web: CollectingKeyring, worker: TallyingKeyring) -> None:
    await worker.create("r1")
    await worker.create("r2")
    one, other = await web.collecting("r1"), await web.collecting("r2")
    assert one.marker_key != other.marker_key
    assert one.public_key != other.public_key
    assert await worker.tallying("r1") != await worker.tallying("r2")
    assert await worker.rounds() == {"r1", "r2"}


async def test_keys_of_an_opening_that_was_cut_short_are_replaced(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    before, key = await web.collecting("r1"), await worker.tallying("r1")
    await worker.create("r1")
    after = await web.collecting("r1")
    assert after.marker_key != before.marker_key
    assert after.public_key != before.public_key
    assert await worker.tallying("r1") != key


async def test_a_round_may_be_named_as_programmes_and_days_are(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    name = 'team_pulse-2026-11-24 "%s" 100% :x'
    await worker.create(name)
    await web.collecting(name)
    await worker.tallying(name)
    assert await worker.rounds() == {name}
    await worker.destroy(name)
    assert await worker.rounds() == frozenset()


async def test_what_is_destroyed_is_gone_for_both_sides(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    await worker.create("r2")
    await web.collecting("r1")
    await worker.destroy("r1")
    with pytest.raises(KeysGone):
        await web.collecting("r1")
    with pytest.raises(KeysGone):
        await worker.tallying("r1")
    assert await worker.rounds() == {"r2"}
    await worker.tallying("r2")


async def test_a_round_is_collected_once_its_collecting_side_has_been_there(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    assert not await worker.is_collected("r1")
    await web.collecting("r1")
    assert await worker.is_collected("r1")
    await worker.destroy("r1")
    for name in ("r1", "never"):
        with pytest.raises(KeysGone):
            await worker.is_collected(name)


async def test_destroying_twice_or_what_never_was_does_nothing(worker: TallyingKeyring) -> None:
    await worker.destroy("r1")
    await worker.create("r1")
    await worker.destroy("r1")
    await worker.destroy("r1")
    assert await worker.rounds() == frozenset()


async def test_a_round_that_never_was_has_no_keys(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    with pytest.raises(KeysGone):
        await web.collecting("never")
    with pytest.raises(KeysGone):
        await worker.tallying("never")
    assert await worker.rounds() == frozenset()


async def test_the_probe_leaves_nothing_behind_and_minds_no_round_whose_keys_are_gone(
    sides: Sides, web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await asyncio.gather(worker.probe(["gone"]), sides.tallying().probe(["gone"]))
    await web.probe(["gone"])
    assert await worker.rounds() == frozenset()


async def test_keys_are_made_while_a_round_is_being_planned(
    web: CollectingKeyring, worker: TallyingKeyring, database: Database
) -> None:
    async with asyncio.timeout(LONG_ENOUGH), database.writing() as session:
        await hold(session, Lock.PLANNING)
        await worker.create("r1")
        await web.collecting("r1")
        await worker.destroy("r1")


async def test_printing_keys_shows_nothing_of_them(
    web: CollectingKeyring, worker: TallyingKeyring
) -> None:
    await worker.create("r1")
    webs, key = await web.collecting("r1"), await worker.tallying("r1")
    printed = f"{webs!r} {key} {web!r} {worker!r} {vars(web)} {vars(worker)}"
    for secret in (webs.marker_key, key.private_key):
        assert repr(secret)[2:-1] not in printed
        assert secret.hex() not in printed
