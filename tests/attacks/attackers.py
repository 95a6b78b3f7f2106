"""The attackers on what is stored and printed: what each has, and how it goes about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.attacks import linking, reading
from tests.attacks.linking import Attack
from tests.attacks.plot import BY_CHANCE, VALUES, Plot
from tests.attacks.reading import Guesses, Reader, in_plain
from tests.attacks.verdict import OURS, Verdict
from tests.attacks.watching import Watched


@dataclass(frozen=True, slots=True)
class Attacker:
    """`links` gives the rows that it takes for people's own, which it then tries to read.

    `reads` gives values. `whom` are those whose answers it is after, and what these are.
    """

    name: str
    has: str
    links: Attack | None = None
    reads: Reader | None = None
    whom: Callable[[Plot], Mapping[int, int]] = lambda plot: plot.first_answers

    def against(self, watched: Watched, design: str = OURS) -> Verdict:
        links = self.links(watched) if self.links else {}
        guesses = self.reads(watched) if self.reads else in_plain(links)
        linked = sum(watched.places[person] == row.key for person, row in links.items())
        return verdict_of(
            self, design, watched.database, guesses, self.whom(watched.plot),
            linked if self.links else None,
        )  # fmt: skip


def verdict_of(
    attacker: Attacker,
    design: str,
    database: str,
    guesses: Guesses,
    truth: Mapping[int, int],
    linked: int | None = None,
) -> Verdict:
    """What isn't found is guessed, always in the same way."""
    random = Random(attacker.name)  # noqa: S311 - an attacker's own guesses
    blind = {person: random.choice(VALUES) for person in sorted(truth)}
    right = sum(guesses.get(person, blind[person]) == value for person, value in truth.items())
    return Verdict(
        attacker.name, attacker.has, design, database, len(truth), right, BY_CHANCE, linked
    )


def _every_other(plot: Plot) -> Mapping[int, int]:
    """Those who aren't accomplices."""
    return {step.person: step.value for step in plot.answers[1::2]}


# --- the attackers -------------------------------------------------------------------------

ROW_NUMBERS = Attacker(
    "Order of rows, as the database tells it",
    "who tapped when; the open round's table (rowid; ctid and xmin), between two ticks",
    linking.order_of_rows,
)
ROW_NUMBERS_LATER = Attacker(
    "The same order, after a tick",
    "who tapped when; the same table right after a tick",
    linking.order_of_rows_after_a_tick,
)
BYTES_IN_PAGES = Attacker(
    "Order of rows in the bytes of the file",
    "who tapped when; the file of the open round's table, between two ticks",
    linking.place_in_the_file,
)
BYTES_IN_PAGES_LATER = Attacker(
    "The same bytes, after a tick",
    "who tapped when; the same file right after a tick",
    linking.place_in_the_file_after_a_tick,
)
WRITE_AHEAD_LOG = Attacker(
    "Order in the write-ahead log",
    "who tapped when; all of the write-ahead log",
    linking.order_in_the_write_ahead_log,
)
ONE_COMMIT = Attacker(
    "Rows of one commit",
    "the write-ahead log (SQLite), or all tables with xmin (PostgreSQL)",
    linking.written_in_one_commit,
)
BACKUP = Attacker(
    "Order in a backup",
    "who tapped when; a backup, dump or base backup made as the guide says while a round is open",
    linking.order_in_backups,
)
DUMP = Attacker(
    "Order in a dump of everything",
    "who tapped when; pg_dump without the guide's option",
    linking.order_in_a_dump,
)
COPIES = Attacker(
    "Copies with few answers in between",
    "who tapped when; a copy of everything after every one or two answers",
    linking.new_between_copies,
)
EACH_TAP = Attacker(
    "A copy after each tap",
    "who tapped when; a copy of everything after every single answer",
    linking.new_after_each_tap,
)
FREED_PAGES = Attacker(
    "What was withdrawn, in freed pages",
    "who tapped and withdrew when; the files, freed pages and dead rows included",
    linking.left_in_freed_pages,
    whom=lambda plot: plot.withdrawn,
)
SIZES = Attacker(
    "Sizes and bytes of what is stored",
    "whose row is whose, by a copy after each tap; the answers of half of the people",
    reads=reading.sizes_and_bytes,
    whom=_every_other,
)
LOG = Attacker(
    "The log and what commands print",
    "who tapped when; every log line at debug, and `wellbeing deliveries` after each tap",
    reads=reading.printed_at_a_tap,
)
ERRORS = Attacker(
    "Error reports",
    "tracebacks and log lines of everybody's answer that failed: "
    "inbox damaged, database broken or away, keys gone, a hostile value",
    whom=lambda plot: {step.person: step.value for step in plot.attempts},
)
CHAT = Attacker(
    "Messages that stay in chat",
    "everybody's messages, before and after they answered",
    reads=reading.left_in_chat,
)
KEYS = Attacker(
    "Keys that lie about",
    "every file, dump, backup and line of the whole round; the sealed boxes",
    reads=reading.with_keys_that_lie_about,
)
TOOK_PART = Attacker(
    "Who took part at all",
    "every file, table and line, before the first answer and after the last",
)

ON_EITHER: Final = (
    ROW_NUMBERS, ROW_NUMBERS_LATER, BYTES_IN_PAGES, BYTES_IN_PAGES_LATER, WRITE_AHEAD_LOG,
    ONE_COMMIT, BACKUP, COPIES, EACH_TAP, FREED_PAGES, SIZES, LOG, CHAT, KEYS,
)  # fmt: skip

ON_EVERY_DATABASE: Final = (*ON_EITHER, ERRORS, TOOK_PART)
# Those whom the database makes no difference to are tried on one against a weak design.
ON_SQLITE_ALONE: Final = (LOG, CHAT, KEYS)
