"""Attackers who find out which row is whose. Each gives person → the row that it takes for theirs.

They know the order of taps, and how the design stores answers. What they don't find, they leave
out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, islice
from random import Random

from tests.attacks.haul import Haul, Row
from tests.attacks.postgres_copies import BASE_BACKUP, DUMPS, WRITE_AHEAD_LOG
from tests.attacks.verdict import SQLITE
from tests.attacks.watching import Watched

Links = Mapping[int, Row]
Attack = Callable[[Watched], Links]

SQLITE_PAGE, POSTGRESQL_PAGE = 4096, 8192
WAL_HEADER, FRAME_HEADER = 32, 24
# Of a page in PostgreSQL's log: the first of a file has the longer one, and says so.
SHORT_HEADER, LONG_HEADER, IS_LONG = 24, 40, 0x02
# So many answer between one copy and the next, in turn.
BETWEEN_COPIES = (1, 2, 1)
DUMPED_BYTES = rb"\\x"


def _in_the_order_of_taps(watched: Watched, rows: Sequence[Row]) -> Links:
    """The first row is the first person's, if there are as many as have answered."""
    people = [step.person for step, _ in watched.answers]
    return dict(zip(people, rows, strict=True)) if len(rows) == len(people) else {}


# --- the order of rows ---------------------------------------------------------------------


def order_of_rows(watched: Watched) -> Links:
    """By what the database tells of each row: its number, or its transaction and place."""
    return _in_the_order_of_taps(watched, _by_number(watched.answered.rows))


def order_of_rows_after_a_tick(watched: Watched) -> Links:
    return _in_the_order_of_taps(watched, _by_number(watched.ticked.rows))


def place_in_the_file(watched: Watched) -> Links:
    """By where in a page a row lies: both databases fill pages from their ends."""
    return _in_the_order_of_taps(watched, _by_place(watched, watched.answered))


def place_in_the_file_after_a_tick(watched: Watched) -> Links:
    return _in_the_order_of_taps(watched, _by_place(watched, watched.ticked))


def order_in_the_write_ahead_log(watched: Watched) -> Links:
    """By where a row was first written in the log."""
    files = watched.answered.files
    logs = sorted(name for name in files if _is_log(name))
    whole = bytes if watched.database == SQLITE else _records
    found = _once(_matches(watched, b"".join(whole(files[name]) for name in logs)))
    return _in_the_order_of_taps(watched, _that_are_there(watched.answered, found))


def _records(log: bytes) -> bytes:
    """A file of PostgreSQL's write-ahead log without the headers of its pages.

    A row may go on from one page to the next, and would be missed with a header in the middle of
    it. The header's form: src/include/access/xlog_internal.h of PostgreSQL.
    """
    starts = range(0, len(log) - POSTGRESQL_PAGE + 1, POSTGRESQL_PAGE)
    pages = (log[start : start + POSTGRESQL_PAGE] for start in starts)
    return b"".join(page[LONG_HEADER if page[2] & IS_LONG else SHORT_HEADER :] for page in pages)


def order_in_backups(watched: Watched) -> Links:
    """By where a row lies in a backup that was made as the guide says, or in its log."""
    guide, *_ = DUMPS
    copies = {
        name: content
        for name, content in watched.answered.copies.items()
        if name.startswith(("backup", BASE_BACKUP, guide))
    }
    return max(
        (
            _in_the_order_of_taps(watched, _that_are_there(watched.answered, _in_pages(watched, c)))
            for c in copies.values()
        ),
        key=len,
    )


def order_in_a_dump(watched: Watched) -> Links:
    """By the order of lines in a dump of everything."""
    *_, everything = DUMPS
    dump = watched.answered.copies.get(everything, b"")
    found = [_row(match) for match in watched.knowledge.dumped.finditer(dump)]
    return _in_the_order_of_taps(watched, found)


def _by_number(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.transaction, row.place))


def _by_place(watched: Watched, haul: Haul) -> list[Row]:
    """All rows of the table, as they lie in the file that holds most of them."""
    tables = (content for name, content in haul.files.items() if not _is_log(name))
    found = (_that_are_there(haul, _in_pages(watched, content)) for content in tables)
    return max(found, key=len)


def _in_pages(watched: Watched, content: bytes) -> list[Row]:
    """Rows, page by page, and in each from its end."""
    page = SQLITE_PAGE if watched.database == SQLITE else POSTGRESQL_PAGE
    found = list(watched.knowledge.row.finditer(content))
    found.sort(key=lambda match: (match.start() // page, -match.start()))
    return _once(_row(match) for match in found)


def _matches(watched: Watched, content: bytes) -> Iterator[Row]:
    return (_row(match) for match in watched.knowledge.row.finditer(content))


def _row(match: re.Match[bytes]) -> Row:
    key, content = match.groups()
    return Row(_undumped(key), _undumped(content))


def _undumped(part: bytes) -> bytes:
    """A dump writes bytes in digits."""
    if not part.startswith(DUMPED_BYTES):
        return part
    return bytes.fromhex(part.removeprefix(DUMPED_BYTES).decode())


def _once(rows: Iterator[Row]) -> list[Row]:
    """Each key as it was met first."""
    first: dict[bytes, Row] = {}
    for row in rows:
        first.setdefault(row.key, row)
    return list(first.values())


def _that_are_there(haul: Haul, rows: Sequence[Row]) -> list[Row]:
    there = {row.key for row in haul.rows}
    return [row for row in rows if row.key in there]


def _is_log(name: str) -> bool:
    return name.endswith("-wal") or name.startswith(WRITE_AHEAD_LOG)


# --- what was written together -------------------------------------------------------------


def written_in_one_commit(watched: Watched) -> Links:
    """By what names a person in the same transaction. Nobody has to be watched for it."""
    if watched.database == SQLITE:
        return dict(_committed_together(watched))
    people = {name: number for number, name in enumerate(watched.people)}
    haul = watched.answered
    named: dict[int, set[int]] = {}
    for record in haul.records:
        for name in people.keys() & set(re.findall(r"[\w-]+", record.text)):
            named.setdefault(record.transaction, set()).add(people[name])
    return {
        person: row
        for row in haul.rows
        if len(named.get(row.transaction, ())) == 1
        for person in named[row.transaction]
    }


def _committed_together(watched: Watched) -> Iterator[tuple[int, Row]]:
    """Each commit of a write-ahead log that brings both one new name and one new row."""
    people = {name.encode(): number for number, name in enumerate(watched.people)}
    names = re.compile(b"|".join(map(re.escape, people)))
    for file, content in watched.answered.files.items():
        if not file.endswith("-wal"):
            continue
        before: dict[int, bytes] = {}
        for pages in _commits(content):
            old = b"".join(before.get(number, b"") for number in pages)
            new = b"".join(pages.values())
            rows = {row.key: row for row in _matches(watched, new)}
            for row in _matches(watched, old):
                rows.pop(row.key, None)
            brought = set(names.findall(new)) - set(names.findall(old))
            if len(rows) == len(brought) == 1:
                yield people[brought.pop()], next(iter(rows.values()))
            before |= pages


def _commits(log: bytes) -> Iterator[Mapping[int, bytes]]:
    """The pages of each commit in an SQLite write-ahead log, by number."""
    pages, size = {}, FRAME_HEADER + SQLITE_PAGE
    for start in range(WAL_HEADER, len(log), size):
        number, pages_in_all = struct.unpack_from(">II", log, start)
        pages[number] = log[start + FRAME_HEADER : start + size]
        if pages_in_all:  # only a commit's last frame tells
            yield pages
            pages = {}


# --- what came and went between copies -----------------------------------------------------


def new_between_copies(watched: Watched) -> Links:
    """By copies with a few answers in between: whoever tapped meanwhile has one of the new rows."""
    random = Random("between copies")  # noqa: S311 - an attacker's own guesses
    links: dict[int, Row] = {}
    known: set[bytes] = set()
    answers, lengths = iter(watched.answers), cycle(BETWEEN_COPIES)
    while between := list(islice(answers, next(lengths))):
        _, haul = between[-1]
        new = [row for row in haul.rows if row.key not in known]
        random.shuffle(new)
        links |= dict(zip((step.person for step, _ in between), new, strict=False))
        known |= {row.key for row in new}
    return links


def new_after_each_tap(watched: Watched) -> Links:
    """By a copy after every single tap."""
    links: dict[int, Row] = {}
    known: set[bytes] = set()
    for step, haul in watched.answers:
        new = [row for row in haul.rows if row.key not in known]
        if len(new) == 1:
            links[step.person] = new[0]
        known |= {row.key for row in new}
    return links


def left_in_freed_pages(watched: Watched) -> Links:
    """What was withdrawn and still lies about in files, in the order in which it was written."""
    haul = watched.thought_better
    there = {row.key for row in haul.rows}
    withdrawn = watched.plot.withdrawn
    people = [step.person for step, _ in watched.answers if step.person in withdrawn]
    for name, content in haul.files.items():
        left = [row for row in _in_pages(watched, content) if row.key not in there]
        if len(left) == len(people) and not _is_log(name):
            return dict(zip(people, left, strict=True))
    return {}
