"""Attackers on what is stored and printed: ours, and weak designs, on one database.

Each attacker is one row of the table: what it has, and how it goes about it. It is the same against
every design. A weak design is there to show that its attacker can win at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.attacks import errors, reading
from tests.attacks.attackers import (
    BACKUP,
    BYTES_IN_PAGES,
    BYTES_IN_PAGES_LATER,
    CHAT,
    COPIES,
    DUMP,
    EACH_TAP,
    ERRORS,
    FREED_PAGES,
    KEYS,
    LOG,
    ON_EITHER,
    ONE_COMMIT,
    ROW_NUMBERS,
    ROW_NUMBERS_LATER,
    SIZES,
    TOOK_PART,
    WRITE_AHEAD_LOG,
    Attacker,
    verdict_of,
)
from tests.attacks.place import Place
from tests.attacks.plot import Plot, new_plot
from tests.attacks.the_bot import ON_POSTGRESQL, ON_SQLITE, a_round
from tests.attacks.verdict import OURS, POSTGRESQL, Verdict
from tests.attacks.watching import Watched, watch
from tests.attacks.weak_bots import Leaky, keep_keys_in_the_database, unpadded_boxes
from tests.attacks.weak_tables import KEYED, ORDINARY, plain_on_postgresql, plain_on_sqlite

# --- ours ----------------------------------------------------------------------------------


async def ours(place: Place) -> list[Verdict]:
    """The real bot on one database, attacked by everybody."""
    watched, reports = await watch_ours(place)
    return of_ours(watched, reports)


async def watch_ours(place: Place) -> tuple[Watched, Mapping[int, str]]:
    """A round of the real bot, and reports of errors in it."""
    plot = new_plot()
    async with a_round(place, plot.people) as bot:
        reports = await errors.reports_of_the_bot(bot, plot.attempts)
        return await watch(bot, plot), reports


def of_ours(watched: Watched, reports: Mapping[int, str]) -> list[Verdict]:
    dumped = [DUMP] if watched.database == POSTGRESQL else []
    return [
        *(attacker.against(watched) for attacker in (*ON_EITHER, *dumped)),
        _of_reports(reports, watched.plot, OURS, watched.database),
        _of_taking_part(watched, OURS),
    ]


def _of_reports(reports: Mapping[int, str], plot: Plot, design: str, database: str) -> Verdict:
    guesses = errors.values_in_reports(reports)
    return verdict_of(ERRORS, design, database, guesses, ERRORS.whom(plot))


def _of_taking_part(watched: Watched, design: str) -> Verdict:
    """Half of the people have, so that a guess is right for half of them."""
    believed = reading.who_took_part(watched)
    took_part = watched.plot.first_answers.keys()
    random = Random(TOOK_PART.name)  # noqa: S311 - an attacker's own guesses
    blind = {person: random.random() < 1 / 2 for person in range(watched.plot.people)}
    right = sum(
        believed.get(person, blind[person]) == (person in took_part)
        for person in range(watched.plot.people)
    )
    return Verdict(
        TOOK_PART.name, TOOK_PART.has, design, watched.database, watched.plot.people, right, 1 / 2
    )


# --- weak designs --------------------------------------------------------------------------


async def weak(place: Place) -> list[Verdict]:
    """Weak designs on one database, each with the attackers that must win against it."""
    plot = new_plot()
    on_this = _weak_on_postgresql if place.server else _weak_on_sqlite
    return [*await on_this(place, plot), *await _weak_on_either(place, plot)]


@dataclass(frozen=True, slots=True)
class _OnSqlite:
    """A weak design in an SQLite file, and who must win against it."""

    name: str
    attackers: Sequence[Attacker]
    table: str = KEYED
    journal: str = "DELETE"
    secure_delete: bool = False
    joint: bool = False


WEAK_ON_SQLITE: Final = (
    _OnSqlite(
        "an ordinary table",
        (ROW_NUMBERS, ROW_NUMBERS_LATER, BYTES_IN_PAGES, BYTES_IN_PAGES_LATER, BACKUP),
        table=ORDINARY,
    ),
    _OnSqlite("two rows in one commit", (WRITE_AHEAD_LOG, ONE_COMMIT), journal="WAL", joint=True),
    _OnSqlite("plain answers under random ids", (COPIES, EACH_TAP, SIZES), secure_delete=True),
    _OnSqlite("freed pages that aren't wiped", (FREED_PAGES,)),
)


async def _weak_on_sqlite(place: Place, plot: Plot) -> list[Verdict]:
    verdicts = []
    for weak in WEAK_ON_SQLITE:
        with plain_on_sqlite(
            place.new_directory(),
            plot.people,
            table=weak.table,
            journal=weak.journal,
            secure_delete=weak.secure_delete,
            joint=weak.joint,
        ) as design:
            watched = await watch(design, plot)
        verdicts += [attacker.against(watched, weak.name) for attacker in weak.attackers]
        if weak.joint:
            verdicts.append(_of_taking_part(watched, weak.name))
    return [*verdicts, *await _leaky(place, plot)]


async def _leaky(place: Place, plot: Plot) -> list[Verdict]:
    """Holes that are the same on both databases."""
    async with a_round(place, plot.people, Leaky) as bot:
        await keep_keys_in_the_database(bot)
        watched = await watch(bot, plot)
    return [
        LOG.against(watched, "a debug line with the value"),
        CHAT.against(watched, "a confirmation that stays"),
        KEYS.against(watched, "keys kept in the database"),
    ]


async def _weak_on_postgresql(place: Place, plot: Plot) -> list[Verdict]:
    assert place.server is not None
    with (
        place.new_url(place.new_directory(), migrated=False) as url,
        plain_on_postgresql(place.server, url, plot.people) as design,
    ):
        watched = await watch(design, plot)
    attackers = (
        ROW_NUMBERS, ROW_NUMBERS_LATER, BYTES_IN_PAGES, BYTES_IN_PAGES_LATER, WRITE_AHEAD_LOG,
        BACKUP, DUMP, COPIES, EACH_TAP, FREED_PAGES,
    )  # fmt: skip
    return [
        *(attacker.against(watched, "an ordinary table") for attacker in attackers),
        ONE_COMMIT.against(watched, "two rows in one commit"),
        _of_taking_part(watched, "two rows in one commit"),
    ]


async def _weak_on_either(place: Place, plot: Plot) -> list[Verdict]:
    knowledge = ON_POSTGRESQL if place.server else ON_SQLITE
    async with unpadded_boxes(place, plot.people, knowledge) as design:
        watched = await watch(design, plot)
    reports = errors.reports_with_parameters(place, plot.attempts)
    return [
        SIZES.against(watched, "boxes that aren't padded"),
        _of_reports(reports, plot, "reports with what was being written", place.database),
    ]
