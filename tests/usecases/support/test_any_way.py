"""The desk walked at random, with crashes in between, by people who press whatever they can.

Whatever happens: every request ends, nobody was asked who may not be, no letter came twice, words
reached the other side or nobody, and none of them is on disk.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.content import PromptLibrary
from bot.errors import WellbeingError
from bot.message import Message, TextField
from bot.ports import Address, Line, Reply
from bot.store import support
from bot.store.database import Database, Session
from bot.usecases.dispatch import typed
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.desk import PEOPLE, VOLUNTEERS, volunteer
from tests.support.organisation import World
from tests.support.platform import WITH_THREADS, MemoryPlatform
from tests.support.reading import buttons, words
from tests.support.tables import rows_of
from tests.support.ticking import tick

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CANARY = "xylograph"
ASKERS = ("ann", "amir", "asha")
# Who leads whom, by name: the test's own copy of what the roster says.
LINES = {"ann": "mia", "amir": "mia", "asha": "mia", "wes": "ned", "walt": "ned", "wu": "ned"}
LINES |= {"val": "oda", "vic": "oda"}


class Killed(BaseException):
    """As `kill -9`: nobody catches it."""


class MortalDatabase(Database):
    """A database whose process dies before or after one of its next commits."""

    commits_left: int | None = None
    dies_after = False

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        is_last = self.commits_left == 0
        if self.commits_left is not None:
            self.commits_left -= 1
        async with Database.writing(self) as session:
            yield session
            if is_last and not self.dies_after:
                raise Killed
        if is_last:
            raise Killed


@dataclass(frozen=True)
class Seen:
    """A message as it went out: later it may be replaced."""

    name: str
    message: Message
    key: str
    at: datetime


class WatchedPlatform(MemoryPlatform):
    def __init__(self, clock: StillClock) -> None:
        super().__init__(WITH_THREADS)
        self.clock, self.names = clock, dict[str, str]()
        self.seen: list[Seen] = []

    async def post(self, address: Address, message: Message, key: str) -> str:
        message_id = await super().post(address, message, key)
        name = self.names[address.external_id]
        self.seen.append(Seen(name, message, key, self.clock.now()))
        return message_id


class Walk:
    """One walk: what people did, who wrote which words, and who has ever talked with whom."""

    def __init__(self, world: World, database: MortalDatabase) -> None:
        self.world, self.database = world, database
        self.writers: list[str] = []
        self.askers: dict[str, str] = {}
        self.pairs: set[frozenset[str]] = set()

    async def step(self, kind: str, who: int, which: int) -> None:
        """Do something; a process that dies of it is followed by another."""
        try:
            await self._do(kind, who, which)
            await tick(self.world.core)
        except Killed:
            self.database.commits_left = None
        except WellbeingError:
            pass  # refused, kindly
        await self._note_pairs()

    async def _note_pairs(self) -> None:
        names = {person_id: name for name, person_id in self.world.ids.items()}
        for row in await rows_of(self.world.core, "supportrequest"):
            asker = names[row["requester_id"]]
            self.askers[row["id"]] = asker
            if row["warrior_id"] is not None:
                self.pairs.add(frozenset({asker, names[row["warrior_id"]]}))

    async def _do(self, kind: str, who: int, which: int) -> None:
        world = self.world
        match kind:
            case "ask":
                urgency = ("today", "sometime")[which % 2]
                await world.submit(ASKERS[who % 3], "support.send", urgency=urgency)
            case "press":
                await self._press((*ASKERS, *VOLUNTEERS, "cora", "sam")[who % 10], which)
            case "say":
                await self._say((*ASKERS, *VOLUNTEERS)[who % 8], which)
            case "wait":
                minutes = (5, 30, 60, 240, 24 * 60)[which % 5]
                await world.live_until(world.clock.now() + timedelta(minutes=minutes))
            case "die":
                self.database.commits_left, self.database.dies_after = which % 4, bool(who % 2)
            case "lose":
                world.platform.losing_replies = 1

    async def _press(self, name: str, which: int) -> None:
        """Any button of the desk on anything that somebody has ever got."""
        found = [
            (posted, button)
            for posted in self.world.inbox(name)
            for button in posted.buttons()
            if button.action.startswith("support.")
        ]
        if not found:
            return
        posted, button = found[which % len(found)]
        reply = await self.world.tap(name, button.action, button.value)
        posted.message = reply.replace or posted.message
        await self._go_on(name, which, reply)

    async def _go_on(self, name: str, which: int, reply: Reply) -> None:
        """Press a button of what was shown to them alone, or send the form that was opened."""
        shown = buttons(reply.notice) if reply.notice else []
        found = [button for button in shown if button.action.startswith("support.")]
        if found:
            button = found[which % len(found)]
            await self.world.tap(name, button.action, button.value)
        form = reply.form
        if form is not None and form.submit:
            has_box = any(isinstance(field, TextField) for field in form.fields)
            filled = {"words": self._words(name)} if has_box else {}
            await self.world.submit(name, form.action, form.value, **filled)

    async def _say(self, name: str, which: int) -> None:
        """A line, in any thread of theirs or in none."""
        threads = ["", *(post.id for post in self.world.inbox(name))]
        thread = threads[which % len(threads)]
        await typed(self.world.core, Line(self.world.ids[name], self._words(name), thread))

    def _words(self, name: str) -> str:
        self.writers.append(name)
        return f"{CANARY}-{len(self.writers) - 1}."


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "press", "press", "press", "say", "say", "wait", "die", "lose"]),
        st.integers(0, 9),
        st.integers(0, 40),
    ),
    min_size=5,
    max_size=30,
)


# The same walks each time, so that a failure is a change's own; a walk takes seconds, so that there
# are few, and none is made shorter.
@settings(
    max_examples=8,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS)
def test_whatever_people_do_the_desk_keeps_its_promises(
    steps: list[tuple[str, int, int]], library: PromptLibrary, empty_database: Path
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        shutil.copy(empty_database, Path(directory) / "wellbeing.db")
        asyncio.run(_walk(steps, Path(directory), library))
        for file in Path(directory).rglob("*"):
            assert not file.is_file() or CANARY.encode() not in file.read_bytes()


async def _walk(steps: list[tuple[str, int, int]], directory: Path, library: PromptLibrary) -> None:
    clock = StillClock()
    platform = WatchedPlatform(clock)
    async with open_core(directory, library, clock, platform) as core:
        database = MortalDatabase(str(core.database.url))
        rules = replace(core.support, reveal=True)
        mortal = replace(core, database=database, support=rules)
        world = World(mortal, clock, platform, {})
        await world.import_lines(PEOPLE)
        platform.names = {person_id: name for name, person_id in world.ids.items()}
        await world.launch()
        await volunteer(world, *VOLUNTEERS)
        clock.move_to(TUESDAY_MORNING)
        walk = Walk(world, database)
        for step in steps:
            await walk.step(*step)
        database.commits_left = None
        await world.live_until(clock.now() + timedelta(days=15))
        async with database.reading() as session:
            assert not await support.alive(session)
        await database.close()
    check_offers(walk, platform.seen)
    check_words(walk, platform.seen)
    keys = [seen.key for seen in platform.seen]
    assert len(keys) == len(set(keys))


def check_offers(walk: Walk, everything: list[Seen]) -> None:
    """Nobody was asked who may not be, nor outside of the hours when they are there."""
    for seen in everything:
        for button in buttons(seen.message):
            if button.action == "support.claim":
                assert seen.name in VOLUNTEERS
                assert LINES[seen.name] != LINES[walk.askers[button.value]]
                assert time(8, 30) <= seen.at.time() < time(18, 30)
                assert seen.at.weekday() in range(5)


def check_words(walk: Walk, everything: list[Seen]) -> None:
    """Words went to somebody whom their writer has talked with, and once at most."""
    arrived: set[str] = set()
    for seen in everything:
        for number in re.findall(rf"{CANARY}-(\d+)\.", words(seen.message)):
            assert number not in arrived
            arrived.add(number)
            assert frozenset({walk.writers[int(number)], seen.name}) in walk.pairs
