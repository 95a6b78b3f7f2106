"""A process that collects can't tally, and one that tallies can't collect, whatever it tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from adapters.keyring import EMPTY, FileCollectingKeyring
from bot.domain.sealed_answer import marker_key_id, new_marker_key, seal
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping, new_secret
from bot.errors import KeyringError, NotAllowed
from bot.store import rounds
from bot.store.keyring_tables import TableCollectingKeyring
from bot.store.tables import Round
from bot.usecases.close_rounds import close_rounds
from bot.usecases.collecting import probe_keys
from bot.usecases.core import Core
from bot.usecases.one_side import CollectsNothing, TalliesNothing
from bot.usecases.plan import plan
from bot.usecases.tick import tick
from bot.usecases.upcoming import is_caught_up
from tests.support.keys import TALLYING, in_tables
from tests.support.organisation import World, team_of
from tests.support.tables import rows_of

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
TEAM = [f"boss-{number}" for number in range(1, 11)]


def web_of(core: Core) -> Core:
    return replace(core, tallying_keys=TalliesNothing())


def worker_of(core: Core) -> Core:
    return replace(core, collecting_keys=CollectsNothing())


@pytest.fixture
async def monday(world: World) -> World:
    """A team of ten, all opted in. With PostgreSQL, keys are wrapped in tables."""
    if not world.core.database.is_sqlite:
        collecting, tallying = in_tables(world.core.database)
        world.core = replace(world.core, collecting_keys=collecting, tallying_keys=tallying)
    await world.import_lines(team_of(10))
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
    return world


@pytest.fixture
async def open_round(monday: World) -> World:
    await monday.live_until(TUESDAY_NOON)
    return monday


async def the_round(core: Core) -> Round | None:
    async with core.database.reading() as session:
        return await rounds.round_by_id(session, ROUND)


async def answer(world: World, name: str, value: str = "4") -> None:
    form = (await world.tap(name, "pulse.form", ROUND)).form
    assert form is not None
    fields = {part.name: value for part in form.fields}
    await world.submit(name, "pulse.submit", ROUND, **fields)


async def ended_as(world: World) -> tuple[str, set[object]]:
    """Why the round was not published, and what came out of it."""
    await world.live_until(THURSDAY_EVENING)
    ended = await the_round(world.core)
    assert ended is not None
    assert ended.state == rounds.FINISHED
    outcomes = {row["outcome"] for row in await rows_of(world.core, "publication")}
    return ended.unpublished_because, outcomes


# --- apart ---------------------------------------------------------------------------------


async def test_two_processes_with_a_side_each_publish_a_round(open_round: World) -> None:
    whole = open_round.core
    open_round.core = web_of(whole)
    for name in TEAM[:6]:
        await answer(open_round, name)
    open_round.core = worker_of(whole)
    assert await ended_as(open_round) == ("", {"published"})


async def test_a_web_process_opens_no_round_and_lets_no_pulse_pass(monday: World) -> None:
    monday.clock.move_to(TUESDAY_NOON)
    web = web_of(monday.core)
    await tick(web)
    assert await the_round(web) is None
    assert not await is_caught_up(web, TUESDAY_NOON)
    await tick(worker_of(monday.core))
    assert await the_round(web) is not None
    assert await is_caught_up(web, TUESDAY_NOON)


async def test_a_web_process_counts_no_round_and_ends_none(open_round: World) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    web = web_of(open_round.core)
    open_round.clock.move_to(THURSDAY_EVENING)
    for _ in range(2):
        await tick(web)
        with pytest.raises(KeyringError, match="doesn't open or count rounds"):
            await close_rounds(web, THURSDAY_EVENING)
    assert not await is_caught_up(web, THURSDAY_EVENING)
    assert await rows_of(web, "publication") == []
    assert await ended_as(open_round) == ("", {"published"})


async def test_a_web_process_waits_until_a_round_that_is_over_has_been_counted(
    open_round: World,
) -> None:
    core = open_round.core
    open_round.clock.move_to(THURSDAY_EVENING)
    await plan(core, THURSDAY_EVENING)
    assert not await is_caught_up(core, THURSDAY_EVENING)
    await close_rounds(core, THURSDAY_EVENING)
    assert await is_caught_up(core, THURSDAY_EVENING)


async def test_a_web_process_has_no_way_to_a_private_key(open_round: World) -> None:
    keys = web_of(open_round.core).tallying_keys
    for asked in (keys.tallying(ROUND), keys.create(ROUND), keys.destroy(ROUND), keys.rounds()):
        with pytest.raises(KeyringError):
            await asked


async def test_a_worker_takes_no_answer_and_takes_none_back(open_round: World) -> None:
    await answer(open_round, "boss-1")
    before = await open_round.core.inbox.boxes(ROUND)
    open_round.core = worker_of(open_round.core)
    with pytest.raises(KeyringError, match="doesn't collect answers"):
        await open_round.core.collecting_keys.collecting(ROUND)
    with pytest.raises(NotAllowed):
        await answer(open_round, "boss-2")
    with pytest.raises(NotAllowed):
        await open_round.tap("boss-1", "pulse.withdraw", ROUND)
    await open_round.tap("boss-1", "pulse.consent", "no")
    assert await open_round.core.inbox.boxes(ROUND) == before


# --- out of reach --------------------------------------------------------------------------


async def test_a_round_that_no_web_process_could_collect_ends_unpublished_rather_than_too_few(
    monday: World, tmp_path: Path
) -> None:
    """Its keys are looked for elsewhere, or the worker's are in tables and its own in files."""
    whole = monday.core
    elsewhere = FileCollectingKeyring(tmp_path / "elsewhere")
    monday.core = replace(whole, collecting_keys=elsewhere)
    await monday.live_until(TUESDAY_NOON)
    with pytest.raises(NotAllowed):
        await answer(monday, "boss-1")
    assert await ended_as(monday) == ("keys_unused", {"unpublished"})


async def test_a_round_that_nobody_answers_is_not_taken_for_one_that_nobody_could(
    open_round: World,
) -> None:
    assert await ended_as(open_round) == ("", {"too_few"})


async def test_whoever_opts_out_is_out_while_keys_can_not_be_used(
    open_round: World, tmp_path: Path
) -> None:
    await answer(open_round, "boss-1")
    await _make_keys_unusable(open_round, tmp_path)
    with capture_logs() as logs:
        with pytest.raises(NotAllowed):
            await answer(open_round, "boss-2")
        with pytest.raises(NotAllowed):
            await open_round.tap("boss-1", "pulse.withdraw", ROUND)
        reply = await open_round.tap("boss-1", "pulse.consent", "no")
    assert reply.notice is not None
    person = open_round.ids["boss-1"]
    (row,) = [row for row in await rows_of(open_round.core, "person") if row["id"] == person]
    assert not row["pulses"]
    assert {line["event"] for line in logs} == {"an opt-out couldn't look for answers"}
    assert person not in str(logs)


async def _make_keys_unusable(world: World, directory: Path) -> None:
    """Let a file be unreadable for a while, or `web` have another secret than it had."""
    core = world.core
    if core.database.is_sqlite:
        file = directory / "keys" / f"{ROUND}.collecting"
        file.rename(directory / "kept")
        file.mkdir()
        return
    wrapping, verifying = Wrapping("collecting", new_secret()), Verifying(Signing(TALLYING).public)
    world.core = replace(
        core, collecting_keys=TableCollectingKeyring(core.database, wrapping, verifying)
    )


# --- the marker key ------------------------------------------------------------------------


async def test_the_marker_key_is_made_when_the_round_opens_and_not_by_the_first_answer(
    open_round: World, tmp_path: Path
) -> None:
    kept = await _where_the_marker_key_is(open_round.core, tmp_path)
    await answer(open_round, "boss-1")
    await tick(web_of(open_round.core))
    assert await _where_the_marker_key_is(open_round.core, tmp_path) == kept


async def _where_the_marker_key_is(core: Core, directory: Path) -> object:
    """All that would change with it: the file and its time, or the row and its transaction."""
    if core.database.is_sqlite:
        file = directory / "keys" / f"{ROUND}.collecting"
        return file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ctime_ns
    async with core.database.reading() as session:
        query = text(f'SELECT xmin::text, ctid::text, marker_key FROM "keys\\:{ROUND}"')  # noqa: S608
        return tuple((await session.execute(query)).one())


async def test_a_lost_marker_key_ends_the_round_unpublished(
    open_round: World, tmp_path: Path
) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    await _damage_marker_key(open_round.core, tmp_path)
    with pytest.raises(NotAllowed):
        await answer(open_round, "boss-7")
    await open_round.tap("boss-1", "pulse.consent", "no")  # nothing of the round will be published
    assert await ended_as(open_round) == ("keys_lost", {"unpublished"})


async def _damage_marker_key(core: Core, directory: Path) -> None:
    if core.database.is_sqlite:
        (directory / "keys" / f"{ROUND}.collecting").write_bytes(bytes(96))
        return
    async with core.database.writing() as session:
        change = "marker_key = set_byte(marker_key, 40, 1 + get_byte(marker_key, 40) % 200)"
        await session.execute(text(f'UPDATE "keys\\:{ROUND}" SET {change}'))  # noqa: S608


async def test_answers_under_two_marker_keys_are_never_added(
    open_round: World, tmp_path: Path
) -> None:
    """Somebody empties the place of the marker key while people answer."""
    for name in TEAM[:6]:
        await answer(open_round, name, "1")
    await _empty_the_place(open_round.core, tmp_path)
    await answer(open_round, "boss-1", "5")
    assert len(await open_round.core.inbox.boxes(ROUND)) == 7, "somebody is there twice"
    assert await ended_as(open_round) == ("keys_mixed", {"unpublished"})


async def _empty_the_place(core: Core, directory: Path) -> None:
    """Put the place of the marker key back as it was when the round was opened."""
    if core.database.is_sqlite:
        public_key = (await core.collecting_keys.collecting(ROUND)).public_key
        content = public_key + EMPTY
        check = sha256(content + ROUND.encode()).digest()
        (directory / "keys" / f"{ROUND}.collecting").write_bytes(content + check)
        return
    async with core.database.writing() as session:
        await session.execute(text(f'UPDATE "keys\\:{ROUND}" SET marker_key = NULL'))  # noqa: S608


async def test_boxes_that_somebody_without_the_marker_key_puts_in_are_not_counted(
    open_round: World,
) -> None:
    """They have the public key and the inbox, and want to be alone with one person's answer."""
    await answer(open_round, "boss-1")
    public_key = (await open_round.core.collecting_keys.collecting(ROUND)).public_key
    for number in range(5):
        mark = bytes([number]) * 32
        guessed = marker_key_id(new_marker_key(), ROUND)
        box = seal(public_key, ROUND, mark, 0, [1, 1], key_id=guessed)
        await open_round.core.inbox.put(ROUND, mark, box)
    assert await ended_as(open_round) == ("keys_mixed", {"unpublished"})


# --- at start ------------------------------------------------------------------------------


async def test_a_start_is_not_stopped_by_a_round_whose_keys_are_gone(open_round: World) -> None:
    await probe_keys(open_round.core)
    await open_round.core.tallying_keys.destroy(ROUND)
    await probe_keys(open_round.core)
    await probe_keys(web_of(open_round.core))
    await probe_keys(worker_of(open_round.core))
    assert await ended_as(open_round) == ("keys_lost", {"unpublished"})
