"""Opening and closing a round, killed once at every step: published once, and nothing secret left.

A process is killed before and after everything that outlasts it: each commit, each call to the keys
and to the inbox. Then another one carries on, and is killed at the first step that hasn't seen a
kill yet, until none is left.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from adapters.content import PromptLibrary
from bot.domain.sealed_comment import inbox_of_comments
from bot.ports import TallyingKey, TallyingKeyring
from bot.store import rounds
from bot.store.database import Database, Session
from bot.store.inbox import SealedInbox
from bot.store.tables import Round
from bot.usecases.close_rounds import close_rounds
from bot.usecases.core import Core
from bot.usecases.plan import plan
from tests.support.clock import StillClock
from tests.support.commenting import write
from tests.support.core import open_core, with_comments
from tests.support.keys import in_tables
from tests.support.organisation import World, team_of
from tests.support.platform import MemoryPlatform
from tests.support.tables import rows_of

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
ANSWERING = [f"boss-{number}" for number in range(1, 9)]

T = TypeVar("T")


class Killed(BaseException):
    """As `kill -9`: nobody catches it."""


@dataclass
class Killer:
    """Kills at every step once. A step is known by what was committed before it."""

    survived: set[str] = field(default_factory=set)
    committed: str = "nothing"

    def step(self, name: str) -> None:
        here = f"{self.committed}, {name}"
        if here not in self.survived:
            self.survived.add(here)
            raise Killed(here)

    async def around(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        self.step(f"before {name}")
        result = await call()
        self.step(f"after {name}")
        return result


class KilledDatabase(Database):
    """A database whose process is killed before a commit, or right after it."""

    killer: Killer

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        async with Database.writing(self) as session:
            yield session
            found = await session.get(Round, ROUND)
            after = found.state if found else "nothing"
            self.killer.step(f"before {after} is committed")
        self.killer.committed = after
        self.killer.step("after a commit")


@dataclass(frozen=True)
class KilledKeys:
    """Implements `bot.ports.TallyingKeyring` by another one."""

    keys: TallyingKeyring
    killer: Killer

    async def probe(self, round_ids: Collection[str]) -> None:
        await self.keys.probe(round_ids)

    async def create(self, round_id: str) -> None:
        await self.killer.around("keys are made", lambda: self.keys.create(round_id))

    async def tallying(self, round_id: str) -> TallyingKey:
        return await self.killer.around("keys are read", lambda: self.keys.tallying(round_id))

    async def is_collected(self, round_id: str) -> bool:
        return await self.keys.is_collected(round_id)

    async def destroy(self, round_id: str) -> None:
        await self.killer.around("keys are destroyed", lambda: self.keys.destroy(round_id))

    async def rounds(self) -> frozenset[str]:
        return await self.keys.rounds()


@dataclass(frozen=True)
class KilledInbox:
    """Implements `bot.store.inbox.SealedInbox` by another one."""

    inbox: SealedInbox
    killer: Killer

    async def create(self, round_id: str) -> None:
        await self.killer.around("the inbox is made", lambda: self.inbox.create(round_id))

    async def put(self, round_id: str, marker: bytes, box: bytes) -> None:
        await self.inbox.put(round_id, marker, box)

    async def withdraw(self, round_id: str, marker: bytes) -> None:
        await self.inbox.withdraw(round_id, marker)

    async def boxes(self, round_id: str) -> list[tuple[bytes, bytes]]:
        return await self.killer.around("boxes are read", lambda: self.inbox.boxes(round_id))

    async def rounds(self) -> frozenset[str]:
        return await self.inbox.rounds()

    async def blur(self) -> None:
        await self.inbox.blur()

    async def drop(self, round_id: str) -> None:
        await self.killer.around("the inbox is dropped", lambda: self.inbox.drop(round_id))


@pytest.fixture(params=["SQLite and files", "PostgreSQL and files", "PostgreSQL and tables"])
async def tuesday(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    library: PromptLibrary,
    clock: StillClock,
    platform: MemoryPlatform,
) -> AsyncIterator[World]:
    """A team of ten, all opted in; the next thing to happen is that their round opens."""
    on, _, keys = str(request.param).partition(" and ")
    url = request.getfixturevalue("sqlite_url" if on == "SQLite" else "postgres_url")
    async with open_core(tmp_path, library, clock, platform, url=url) as core:
        if keys == "tables":
            collecting, tallying = in_tables(core.database)
            core = replace(core, collecting_keys=collecting, tallying_keys=tallying)  # noqa: PLW2901
        world = World(core, clock, platform, {})
        await world.import_lines(team_of(10))
        await world.launch()
        await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
        for name in world.ids:
            await world.tap(name, "pulse.consent", "yes")
        clock.move_to(TUESDAY_NOON)
        yield world


@asynccontextmanager
async def killed_by(killer: Killer, core: Core) -> AsyncIterator[Core]:
    """The same core in a process that is killed."""
    database = KilledDatabase(core.database.url.render_as_string(hide_password=False))
    database.killer = killer
    try:
        yield replace(
            core,
            database=database,
            inbox=KilledInbox(core.inbox, killer),
            tallying_keys=KilledKeys(core.tallying_keys, killer),
        )
    finally:
        await database.close()


async def killed_at_every_step(
    core: Core, work: Callable[[Core], Awaitable[None]], check: Callable[[], Awaitable[None]]
) -> set[str]:
    """Have something done by process after process. Returns at which steps they were killed."""
    killer = Killer()
    while True:
        async with killed_by(killer, core) as mortal:
            try:
                await work(mortal)
            except Killed:
                await check()
            else:
                return killer.survived


async def the_round(core: Core) -> Round | None:
    async with core.database.reading() as session:
        return await rounds.round_by_id(session, ROUND)


async def answer(world: World, name: str, value: str) -> None:
    form = (await world.tap(name, "pulse.form", ROUND)).form
    assert form is not None
    fields = {part.name: value for part in form.fields}
    await world.submit(name, "pulse.submit", ROUND, **fields)


async def test_a_round_opens_once_with_keys_and_inbox_of_its_own(tuesday: World) -> None:
    core = tuesday.core

    async def no_round_without_keys() -> None:
        if await the_round(core):
            await core.tallying_keys.tallying(ROUND)
            assert await core.inbox.boxes(ROUND) == []

    kills = await killed_at_every_step(
        core, lambda mortal: plan(mortal, TUESDAY_NOON), no_round_without_keys
    )

    assert len(kills) >= 6, kills
    for name in ANSWERING:
        await answer(tuesday, name, "4")
    assert len(await core.inbox.boxes(ROUND)) == len(ANSWERING)
    tuesday.clock.move_to(THURSDAY_EVENING)
    await close_rounds(core, THURSDAY_EVENING)
    assert {row["outcome"] for row in await rows_of(core, "publication")} == {"published"}


async def test_a_round_closes_once_and_leaves_no_key_and_no_answer(tuesday: World) -> None:
    core = tuesday.core
    await plan(core, TUESDAY_NOON)
    for name in ANSWERING:
        await answer(tuesday, name, "4")
    tuesday.clock.move_to(THURSDAY_EVENING)
    published: list[object] = []

    async def published_never_changes() -> None:
        rows = await rows_of(core, "publication")
        assert published in ([], rows)
        published[:] = rows
        ended = await the_round(core)
        assert ended is not None
        assert bool(rows) == (ended.state in rounds.COUNTED)
        if not rows:
            await core.tallying_keys.tallying(ROUND)
            assert len(await core.inbox.boxes(ROUND)) == len(ANSWERING)

    kills = await killed_at_every_step(
        core, lambda mortal: close_rounds(mortal, THURSDAY_EVENING), published_never_changes
    )

    ended = await the_round(core)
    assert ended is not None
    assert (ended.state, ended.unpublished_because) == (rounds.FINISHED, "")
    rows = await rows_of(core, "publication")
    assert rows == published
    assert {row["outcome"] for row in rows} == {"published"}
    assert await core.tallying_keys.rounds() == frozenset()
    assert await core.inbox.rounds() == frozenset()
    assert not EVERY_STEP - {step.partition(", ")[2] for step in kills}


async def test_comments_are_held_once_whenever_the_close_is_cut_short(tuesday: World) -> None:
    tuesday.core = core = with_comments(tuesday.core)
    await plan(core, TUESDAY_NOON)
    for name in ANSWERING:
        await tuesday.tap(name, "comments.consent", "yes")
        await write(tuesday, name, f"We need {name.removeprefix('boss-')} more chairs", ROUND)
    tuesday.clock.move_to(THURSDAY_EVENING)
    held: list[object] = []

    async def held_with_the_close_or_still_sealed() -> None:
        rows = await rows_of(core, "heldcomment")
        assert held in ([], rows)
        held[:] = rows
        ended = await the_round(core)
        assert ended is not None
        assert bool(rows) == (ended.state in rounds.COUNTED)
        if not rows:
            assert len(await core.inbox.boxes(inbox_of_comments(ROUND))) == len(ANSWERING)

    await killed_at_every_step(
        core,
        lambda mortal: close_rounds(mortal, THURSDAY_EVENING),
        held_with_the_close_or_still_sealed,
    )

    rows = await rows_of(core, "heldcomment")
    assert rows == held
    assert len({row["text"] for row in rows}) == len(rows) == len(ANSWERING)
    assert await core.inbox.rounds() == frozenset()


EVERY_STEP = {
    f"{when} {step}"
    for when in ("before", "after")
    for step in (
        "keys are read",
        "boxes are read",
        "keys are destroyed",
        "the inbox is dropped",
    )
} | {
    "before closing is committed",
    "before closed is committed",
    "before finished is committed",
    "after a commit",
}
