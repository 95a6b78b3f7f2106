"""The real bot as an attacker meets it: real files, a real database, a chat platform's real store.

On SQLite keys are in a directory, which no attacker gets; on PostgreSQL they are wrapped, in the
database, and the attacker gets these. Only the clock is a test's own.
"""

from __future__ import annotations

import io
import re
import sqlite3
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rich.console import Console

from adapters.playground import CoreBot, Hub, PlaygroundMessenger, PlaygroundStore
from adapters.playground.conversations import direct
from adapters.playground.interactions import Interactions, buttons_of
from adapters.playground.interactions import Place as Message
from bot.cli_deliveries import print_overview
from bot.domain.sealed_answer import marker
from bot.message import ChoiceField, Form
from bot.store.tables import METADATA
from bot.usecases.core import Core
from bot.usecases.outcomes import overview
from tests.attacks import postgres_copies
from tests.attacks.haul import (
    Haul,
    Knowledge,
    copy_files,
    sqlite_rows,
    times_of,
    whole,
)
from tests.attacks.place import Place
from tests.attacks.plot import ROUND
from tests.attacks.verdict import OURS
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.keys import in_tables
from tests.support.organisation import World, team_of
from tests.support.platform import MemoryPlatform
from tests.support.printing import printing
from tests.support.ticking import tick

LAST_YEAR = date(2025, 11, 24)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
CHAT = "playground.db"

# A marker of 32 bytes and a box of 80, as each database writes them: their lengths, then they.
DUMPED = re.compile(rb"^(\\\\x[0-9a-f]{64})\t(\\\\x[0-9a-f]{160})$", re.MULTILINE)
ON_SQLITE = Knowledge(
    re.compile(rb"\x4c\x81\x2c(.{32})(.{80})", re.DOTALL),
    DUMPED,
    "sealed",
    f"inbox/{ROUND}.inbox",
)
ON_POSTGRESQL = Knowledge(
    re.compile(rb"\x43(.{32})\xa3(.{80})", re.DOTALL), DUMPED, f"sealed:{ROUND}"
)

# Where the form was opened from, and its questions.
Opened = tuple[Message, Sequence[str]]


@dataclass(slots=True)
class TheBot:
    """A round of the real bot, from its opening on. `people` are ids, and only the first answer."""

    place: Place
    directory: Path
    url: str
    world: World
    store: PlaygroundStore
    doors: Interactions
    printed: io.StringIO
    people: Sequence[str]
    name: str = OURS
    _read: int = 0
    _before: dict[str, bytes] = field(default_factory=dict)
    _data: dict[str, bytes] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return self.place.database

    @property
    def core(self) -> Core:
        return self.world.core

    @property
    def knowledge(self) -> Knowledge:
        return ON_POSTGRESQL if self.place.server else ON_SQLITE

    # --- what people and time do -----------------------------------------------------------

    async def answer(self, person: int, value: int) -> None:
        """Open the form from the invitation, and answer every question alike."""
        await self.send(person, await self.open_form(person), str(value))

    async def open_form(self, person: int) -> Opened:
        person_id = self.people[person]
        message = await self._invitation(person_id)
        reply = await self.doors.tap(person_id, message, "pulse.form", ROUND)
        assert reply.form is not None
        return message, _questions(reply.form)

    async def send(self, person: int, opened: Opened, value: str) -> None:
        message, questions = opened
        fields = dict.fromkeys(questions, value)
        await self.doors.submit(self.people[person], message, "pulse.submit", ROUND, fields)

    async def withdraw(self, person: int) -> None:
        person_id = self.people[person]
        message = await self._invitation(person_id)
        await self.doors.tap(person_id, message, "pulse.withdraw", ROUND)

    async def tick(self) -> None:
        await tick(self.core)

    async def close(self) -> None:
        await self.world.live_until(THURSDAY_EVENING)

    async def _invitation(self, person_id: str) -> Message:
        place = direct(person_id)
        for message in reversed(await self.store.latest(place, 20)):
            if any(button.action == "pulse.form" for button in buttons_of(message)):
                return Message(place, message.id)
        raise AssertionError(f"{person_id} wasn't asked")

    # --- what the attacker takes away ------------------------------------------------------

    async def copy(self) -> Haul:
        """What can be taken after every tap."""
        files = copy_files(self.directory, self._before)
        self._before = files
        table = self.knowledge.table
        if self.place.server:
            rows = postgres_copies.rows_of(self.url, table)
        else:
            rows = sqlite_rows(files, self.knowledge)
        return Haul(
            files=files, rows=rows, times=times_of(self.directory), printed=await self._printed()
        )

    async def copy_all(self) -> Haul:
        """PostgreSQL's own files too; on SQLite there are no others."""
        haul = await self.copy()
        if self.place.server is None:
            return haul
        server, table = self.place.server, self.knowledge.table
        self._data = await to_thread(postgres_copies.data_files, server, self.url, self._data)
        records = await to_thread(postgres_copies.records_of, self.url, table)
        return replace(haul, files={**haul.files, **self._data}, records=records)

    async def back_up(self) -> Mapping[str, bytes]:
        """As docs/operating.md says, and as somebody would who hasn't read it."""
        if self.place.server is None:
            with closing(sqlite3.connect(self.directory / "wellbeing.db")) as connection:
                return {"backup": whole(connection)}
        server = self.place.server
        return await to_thread(postgres_copies.dumps_and_backups, server, self.url)

    async def _printed(self) -> str:
        """The log since it was read last, and what `wellbeing deliveries` says now."""
        seen = await overview(self.core, timedelta(days=7))
        desk = io.StringIO()
        print_overview(seen, Console(file=desk, width=200))
        log, self._read = self.printed.getvalue()[self._read :], len(self.printed.getvalue())
        return log + desk.getvalue()

    # --- what only the test knows ----------------------------------------------------------

    async def keys_of_the_round(self) -> Collection[bytes]:
        """The marker key and the private key."""
        tallying = await self.core.tallying_keys.tallying(ROUND)
        return (await self._marker_key(), tallying.private_key)

    async def places(self) -> Mapping[int, bytes]:
        """Person → their marker, so that a link can be told to be right."""
        key = await self._marker_key()
        return {number: marker(key, ROUND, id_) for number, id_ in enumerate(self.people)}

    async def _marker_key(self) -> bytes:
        return (await self.core.collecting_keys.collecting(ROUND)).marker_key


def _questions(form: Form) -> list[str]:
    return [field_.name for field_ in form.fields if isinstance(field_, ChoiceField)]


@asynccontextmanager
async def a_round(
    place: Place, people: int, make_bot: Callable[[Core], CoreBot] = CoreBot, name: str = OURS
) -> AsyncIterator[TheBot]:
    """The bot with a team of so many, who all said yes, on the Tuesday of their first pulse."""
    directory = place.new_directory()
    async with AsyncExitStack() as stack:
        url = stack.enter_context(place.new_url(directory))
        printed = stack.enter_context(printing())
        store = await PlaygroundStore.open(directory / CHAT)
        stack.push_async_callback(store.close)
        clock, hub = StillClock(), Hub()
        messenger = PlaygroundMessenger(store, hub, clock)
        core = await stack.enter_async_context(
            open_core(directory, place.library, clock, messenger, url=url)
        )
        if place.server:
            collecting, tallying = in_tables(core.database)
            core = replace(core, collecting_keys=collecting, tallying_keys=tallying)
        # The chat is the playground's; this one stays empty.
        world = World(core, clock, MemoryPlatform(), {})
        await world.import_lines(team_of(people))
        await _everybody_only_wants_pulses(core)
        await world.launch()
        ids = [world.ids[f"boss-{number}"] for number in range(1, people + 1)]
        doors = Interactions(make_bot(core), store, hub, messenger)
        await world.live_until(TUESDAY_NOON)
        yield TheBot(place, directory, url, world, store, doors, printed, ids, name)


async def _everybody_only_wants_pulses(core: Core) -> None:
    """They have been welcomed and have said so: the weeks before aren't what is attacked."""
    settled = METADATA.tables["person"].update()
    settled = settled.values(welcomed_on=LAST_YEAR, check_ins="off", reflections=False, pulses=True)
    async with core.database.writing() as session:
        await session.execute(settled)
