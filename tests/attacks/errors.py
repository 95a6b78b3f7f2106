"""Errors while an answer is being handled, and what their reports tell.

A report is what an error tracker or a log would get: the traceback of whatever was raised, and all
that was printed meanwhile.
"""

from __future__ import annotations

import secrets
import sqlite3
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.store.keyring_tables import PREFIX
from tests.attacks.haul import KEYS
from tests.attacks.place import Place
from tests.attacks.plot import ROUND, Step
from tests.attacks.reading import Guesses, the_only_value
from tests.attacks.the_bot import TheBot
from tests.attacks.verdict import POSTGRESQL, SQLITE

Break = Callable[[TheBot], AbstractAsyncContextManager[None]]

DRIVERS: Final[Mapping[str, str]] = {SQLITE: "sqlite", POSTGRESQL: "postgresql+psycopg"}
# A line that more people have than could share a value is the program's own.
SAME_VALUE_AT_MOST = 3


async def reports_of_the_bot(bot: TheBot, attempts: Sequence[Step]) -> Mapping[int, str]:
    """Person → the report of their attempt. Each way to break things gets its share of people."""
    reports = {}
    for number, (breaking, spelt) in enumerate(BREAKING):
        share = attempts[number :: len(BREAKING)]
        opened = [await bot.open_form(step.person) for step in share]
        async with breaking(bot):
            for step, form in zip(share, opened, strict=True):
                sending = bot.send(step.person, form, spelt(step.value))
                reports[step.person] = await _report(bot, sending)
    return reports


async def _report(bot: TheBot, attempt: Awaitable[None]) -> str:
    before, raised = len(bot.printed.getvalue()), ""
    try:
        await attempt
    except Exception as error:  # noqa: BLE001 - whatever it is, its report is what counts
        raised = "".join(traceback.format_exception(error))
    return raised + bot.printed.getvalue()[before:]


def values_in_reports(reports: Mapping[int, str]) -> Guesses:
    """The only value in each report, apart from the lines that all of its kind have."""
    lines = {person: report.splitlines() for person, report in reports.items()}
    everywhere = Counter(line for report in lines.values() for line in set(report))
    return {
        person: value
        for person, report in lines.items()
        if (value := the_only_value("\n".join(_rare(report, everywhere)))) is not None
    }


def _rare(report: Sequence[str], everywhere: Mapping[str, int]) -> list[str]:
    """Lines that tell of a person rather than of the program."""
    return [line for line in report if everywhere[line] <= SAME_VALUE_AT_MOST]


# --- what goes wrong -----------------------------------------------------------------------


@asynccontextmanager
async def _damaged_inbox(bot: TheBot) -> AsyncIterator[None]:
    if bot.place.server:
        with _renamed(bot, bot.knowledge.table):
            yield
        return
    path = bot.directory / bot.knowledge.file
    whole = path.read_bytes()
    path.write_bytes(b"not a database, and long enough to show that it isn't one" * 99)
    yield
    path.write_bytes(whole)


@asynccontextmanager
async def _broken_database(bot: TheBot) -> AsyncIterator[None]:
    with _renamed(bot, "person"):
        yield


@asynccontextmanager
async def _database_away(bot: TheBot) -> AsyncIterator[None]:
    if bot.place.server is None:
        await bot.core.database.close()
        with _moved(bot.directory / "wellbeing.db"):
            yield
            await bot.core.database.close()
        return
    database = bot.url.partition("?")[0].rpartition("/")[2]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    cut_off = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(bot.place.server.url(), autocommit=True) as admin:
        admin.execute(allow.format(sql.Identifier(database), sql.SQL("false")))
        admin.execute(cut_off, (database,))
        yield
        admin.execute(allow.format(sql.Identifier(database), sql.SQL("true")))


@asynccontextmanager
async def _keys_gone(bot: TheBot) -> AsyncIterator[None]:
    if bot.place.server:
        with _renamed(bot, f"{PREFIX}{ROUND}"):
            yield
        return
    with _moved(bot.directory / KEYS):
        yield


@asynccontextmanager
async def _nothing_wrong(bot: TheBot) -> AsyncIterator[None]:
    yield


@contextmanager
def _moved(path: Path) -> Iterator[None]:
    """Something else in the place of a file or a directory."""
    aside = path.with_name(f"{path.name}.aside")
    path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    aside.rename(path)


@contextmanager
def _renamed(bot: TheBot, table: str) -> Iterator[None]:
    rename = 'ALTER TABLE "{}" RENAME TO "{}"'
    aside = f"{table}.aside"
    _execute(bot, rename.format(table, aside))
    yield
    _execute(bot, rename.format(aside, table))


def _execute(bot: TheBot, statement: str) -> None:
    if bot.place.server:
        with psycopg.connect(bot.url, autocommit=True) as connection:
            connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(bot.directory / "wellbeing.db", timeout=10)) as connection:
        connection.execute(statement)


def _plainly(value: int) -> str:
    return str(value)


def _hostile(value: int) -> str:
    return f"{value} \x00'); DROP TABLE person; --"


# What goes wrong, and how an answer is spelt.
BREAKING: Final[Sequence[tuple[Break, Callable[[int], str]]]] = (
    (_damaged_inbox, _plainly),
    (_broken_database, _plainly),
    (_database_away, _plainly),
    (_keys_gone, _plainly),
    (_nothing_wrong, _hostile),
)


# --- a weak variant ------------------------------------------------------------------------


def reports_with_parameters(place: Place, attempts: Sequence[Step]) -> Mapping[int, str]:
    """SQLAlchemy as it comes, writing an answer to a table that isn't there just now."""
    reports = {}
    with place.new_url(place.new_directory(), migrated=False) as url:
        engine = create_engine(make_url(url).set(drivername=DRIVERS[place.database]))
        statement = text("INSERT INTO answers VALUES (:id, :answer)")
        for step in attempts:
            row = {"id": secrets.token_hex(16), "answer": str(step.value)}
            try:
                with engine.begin() as connection:
                    connection.execute(statement, row)
            except DBAPIError as error:
                reports[step.person] = "".join(traceback.format_exception(error))
        engine.dispose()
    return reports
