"""The same story twice, one answer apart: what is kept may differ in ciphertext only.

Everything is as the bot builds it, with two exceptions: the clock stands still between moves, and
ids come from a seed. So whatever differs, differs because of the answer.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stderr
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog
from aiohttp import web
from sqlalchemy import Engine, event

from adapters.content import PromptLibrary
from adapters.playground import (
    PREFIX,
    CoreBot,
    Hub,
    PlaygroundClock,
    PlaygroundMessenger,
    PlaygroundStore,
    playground_app,
)
from bot.domain.roster import read_roster
from bot.logs import configure_logging
from bot.ports import Reply, Submission, Tap
from bot.usecases.core import Core
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from tests.acceptance.bot_process import SUNDAY, Json, Page
from tests.acceptance.records import reading
from tests.acceptance.townsfolk import answer_the_pulse, everybody_checks_in, everybody_opts_in
from tests.support.core import open_core
from tests.support.organisation import HEADER, team_of

SEED = 3
MONDAY_AT_TEN = datetime(2027, 6, 21, 9, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
FRIDAY_AT_TEN = datetime(2027, 6, 25, 9, tzinfo=UTC)
SOMEBODY = "Boss-1"
COUNTED = 14  # the answer of one moves the mean of so many by less than a band is wide
SKIP = 5

MakeBot = Callable[[Core], CoreBot]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person does; everybody else does the same in every run.

    check_in  which button of the check-in: 0 to 4, or to skip it
    pulse     what they answer to every question of the pulse, each in place of the one before
    """

    check_in: int = 0
    pulse: tuple[int, ...] = (1,)


@dataclass(slots=True)
class Traces:
    """All that somebody with every file, the log and the chat could compare."""

    replies: list[Json] = field(default_factory=list)  # of the pulse
    while_open: Json = field(default_factory=dict)
    at_the_end: Json = field(default_factory=dict)
    chat: list[Json] = field(default_factory=list)
    log: list[Json | str] = field(default_factory=list)


def differences(one: Traces, other: Traces) -> dict[str, list[Any]]:
    """What tells two runs apart: nothing, if it is well."""
    found: dict[str, list[Any]] = {
        "replies": _unequal(one.replies, other.replies),
        "chat": _unequal(one.chat, other.chat),
        "log": _unequal(one.log, other.log),
    }
    for when in ("while_open", "at_the_end"):
        before, after = getattr(one, when), getattr(other, when)
        found[when] = [name for name in before.keys() | after.keys()
                       if before.get(name) != after.get(name)]  # fmt: skip
    return {where: what for where, what in found.items() if what}


def _unequal(one: list[Any], other: list[Any]) -> list[Any]:
    if len(one) != len(other):
        return [f"{len(one)} and {len(other)} of them"]
    return [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]


# --- what is left behind ---------------------------------------------------------------------


def files(directory: Path) -> Json:
    """Name → what is comparable about each file: all of it, but for ciphertext and keys."""
    return {
        str(path.relative_to(directory)): _comparable(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def _comparable(path: Path) -> Json:
    status = path.stat()
    known: Json = {"size": status.st_size, "mode": stat.filemode(status.st_mode)}
    match path.suffix:
        case ".inbox":
            lengths = "SELECT length(marker), length(box) FROM sealed"
            return {**known, "modified": status.st_mtime, "rows": _rows(path, lengths)}
        case ".db":
            # Also what was deleted and overwritten lies in the same place.
            digest = sha256(path.read_bytes()).hexdigest()
            return {**known, "tables": _tables(path), "digest": digest}
        case ".db-wal" | ".db-shm" | ".collecting" | ".tallying":
            return known
        case _:
            return {**known, "content": path.read_bytes()}


def _tables(path: Path) -> Json:
    """Every table, its rows as they lie in the file."""
    schema = _rows(path, "SELECT type, name, sql FROM sqlite_master")
    names = [name for kind, name, _ in schema if kind == "table"]
    return {"schema": schema, **{name: _rows(path, f'SELECT * FROM "{name}"') for name in names}}  # noqa: S608


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with reading(path) as connection:
        return connection.execute(sql).fetchall()


@contextmanager
def _logging_to(lines: list[Json | str]) -> Iterator[None]:
    """Log all that the bot would at the most talkative, without the times."""
    printed = io.StringIO()
    root = logging.getLogger()
    handlers = root.handlers[:]
    libraries = logging.StreamHandler(printed)
    libraries.setLevel(logging.WARNING)
    with redirect_stderr(printed):
        configure_logging("debug", "json")
    root.addHandler(libraries)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        structlog.reset_defaults()
        lines += map(_without_time, printed.getvalue().splitlines())


def _without_time(line: str) -> Json | str:
    if not line.startswith("{"):
        return line
    return {name: value for name, value in json.loads(line).items() if name != "timestamp"}


# --- the story -------------------------------------------------------------------------------


@asynccontextmanager
async def _playground(
    directory: Path, library: PromptLibrary, make_bot: MakeBot
) -> AsyncIterator[Page]:
    """The playground on a real server and real files, with a still clock and ids from a seed."""
    random = Random(SEED)  # noqa: S311 - the same ids in every run
    async with AsyncExitStack() as stack:
        store = await PlaygroundStore.open(directory / "playground.db")
        stack.push_async_callback(store.close)
        stack.enter_context(_ids_of_the_database_from(random))
        hub = Hub()
        clock = PlaygroundClock(store, timedelta(), lambda: SUNDAY)
        messenger = PlaygroundMessenger(store, hub, clock)
        core = await stack.enter_async_context(
            open_core(
                directory, library, clock, messenger, lambda: f"{random.getrandbits(128):032x}"
            )
        )
        await core.tallying_keys.probe([])
        roster = read_roster("\n".join([HEADER, *team_of(COUNTED)]), ["en"])
        await import_roster(core, roster, "Test Council")
        await start_welcomes(core)
        app = web.Application()
        app.add_subapp(PREFIX, playground_app(make_bot(core), store, clock, hub, messenger))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        page = Page(f"http://127.0.0.1:{runner.addresses[0][1]}{PREFIX}")
        await page.connect()
        stack.push_async_callback(page.disconnect)
        yield page


@contextmanager
def _ids_of_the_database_from(random: Random) -> Iterator[None]:
    """Have SQLite make its random ids of a seed as well: planning leaves them to the database."""

    def seed(connection: Any, _record: object) -> None:
        connection.create_function("randomblob", 1, random.randbytes)

    event.listen(Engine, "connect", seed)
    try:
        yield
    finally:
        event.remove(Engine, "connect", seed)


@dataclass(slots=True)
class Story:
    """Runs the same week again, with other answers of one person. Each run is made once."""

    directory: Path
    library: PromptLibrary
    empty_database: Path
    _told: dict[tuple[Answers, MakeBot], Traces] = field(default_factory=dict)

    async def with_(self, answers: Answers, make_bot: MakeBot = CoreBot) -> Traces:
        told = self._told.get((answers, make_bot))
        if told is None:
            told = self._told[answers, make_bot] = await self._tell(answers, make_bot)
        return told

    async def _tell(self, answers: Answers, make_bot: MakeBot) -> Traces:
        # Each is told in a place whose name has the same length.
        directory = self.directory / f"{len(self._told):02}"
        directory.mkdir()
        # Migrating may write a table's constraints in another order each time.
        shutil.copy(self.empty_database, directory / "wellbeing.db")
        traces = Traces()
        with _logging_to(traces.log):
            async with _playground(directory, self.library, make_bot) as page:
                await _a_week(page, directory, answers, traces)
        traces.at_the_end = files(directory)
        return traces


async def _a_week(page: Page, directory: Path, answers: Answers, traces: Traces) -> None:
    people = await page.people()
    somebody = [person for person in people if person["name"] == SOMEBODY]
    others = [person for person in people if person["name"] != SOMEBODY]
    await everybody_opts_in(page)
    await page.move_until(MONDAY_AT_TEN)
    await everybody_checks_in(page, others, lambda buttons: buttons[2])
    await everybody_checks_in(page, somebody, lambda buttons: buttons[answers.check_in])
    await page.move_until(TUESDAY_AT_TEN)
    traces.replies = await answer_the_pulse(page, others, _in_the_middle)
    for value in answers.pulse:
        last = await answer_the_pulse(page, somebody, partial(_always, value))
        traces.replies[COUNTED - 1 :] = last
    traces.while_open = files(directory)
    await page.move_until(FRIDAY_AT_TEN)
    traces.chat = [await page.state(person["id"]) for person in people]


def _always(value: int, _number: int, values: list[str]) -> str:
    assert str(value) in values
    return str(value)


def _in_the_middle(number: int, values: list[str]) -> str:
    """Answers around which a 1 and a 5 of one person more have their mean in the same band."""
    low, high = int(values[0]), int(values[-1])
    together = (low + high - 1) * COUNTED // 2
    each, more = divmod(together, COUNTED - 1)
    return str(each + (number < more))


@pytest.fixture(scope="module")
def story(
    tmp_path_factory: pytest.TempPathFactory, library: PromptLibrary, empty_database: Path
) -> Story:
    return Story(tmp_path_factory.mktemp("paired"), library, empty_database)


# --- one answer apart ------------------------------------------------------------------------


async def test_the_best_and_the_hardest_answer_leave_the_same_behind(story: Story) -> None:
    best = await story.with_(Answers(check_in=0, pulse=(1,)))
    hardest = await story.with_(Answers(check_in=4, pulse=(5,)))

    assert differences(best, hardest) == {}
    # Both rounds did publish something, and something was kept while they were open.
    published = best.at_the_end["wellbeing.db"]["tables"]["publication"]
    assert {row[3] for row in published} == {"published"}
    inbox = next(kept for name, kept in best.while_open.items() if name.endswith(".inbox"))
    assert inbox["rows"] == [(32, 80)] * COUNTED
    assert inbox["modified"] == 0


async def test_an_answer_and_a_skip_of_a_check_in_leave_the_same_behind(story: Story) -> None:
    answered = await story.with_(Answers(check_in=0))
    skipped = await story.with_(Answers(check_in=SKIP))

    assert differences(answered, skipped) == {}


async def test_a_new_and_a_changed_answer_leave_the_same_behind(story: Story) -> None:
    new = await story.with_(Answers(pulse=(1,)))
    changed = await story.with_(Answers(pulse=(5, 2, 1)))

    assert differences(new, changed) == {}


# --- the comparison itself -------------------------------------------------------------------


class Leaky(CoreBot):
    """A bot with four leaks, each of which shows in another place."""

    async def tap(self, tap_: Tap) -> Reply:
        structlog.get_logger().debug("tapped", value=tap_.value)
        reply = await CoreBot.tap(self, tap_)
        # Words that only their reader should see stay in the chat.
        return replace(reply, replace=reply.notice) if reply.replace else reply

    async def submit(self, submission: Submission) -> Reply:
        # A file grows by what somebody answered, and the reply tells a high answer.
        answered = sum(int(value) for value in submission.fields.values())
        path = Path(str(self.core.database.url.database)).with_name("follow-up")
        with path.open("a") as file:
            file.write("!" * answered)
        reply = await CoreBot.submit(self, submission)
        return reply if answered < 10 else replace(reply, notice=None)


async def test_the_comparison_catches_each_of_four_leaks(story: Story) -> None:
    one = await story.with_(Answers(check_in=0, pulse=(1,)), Leaky)
    other = await story.with_(Answers(check_in=SKIP, pulse=(5,)), Leaky)

    found = differences(one, other)
    assert found.keys() == {"replies", "chat", "log", "while_open", "at_the_end"}
    assert set(found["while_open"]) == set(found["at_the_end"]) == {"playground.db", "follow-up"}
    events = [line["event"] for pair in found["log"] for line in pair]
    assert events == ["tapped"] * len(events)


async def test_the_comparison_catches_a_single_character_in_the_chat(story: Story) -> None:
    one = await story.with_(Answers())
    other = replace(one, chat=[*one.chat[:-1], {**one.chat[-1], "now": "!"}])

    assert differences(one, other).keys() == {"chat"}
