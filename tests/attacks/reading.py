"""Attackers who read what somebody answered. Each gives person → the value it takes for theirs.

What they don't find, they leave out, and it is guessed.
"""

from __future__ import annotations

import base64
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, pairwise
from pathlib import Path

from bot.domain.sealed_answer import unseal
from bot.errors import SealedAnswerError
from tests.attacks.haul import Haul, Row
from tests.attacks.linking import Links, new_after_each_tap
from tests.attacks.plot import ROUND, VALUES
from tests.attacks.watching import Watched

Guesses = Mapping[int, int]
Reader = Callable[[Watched], Guesses]

# A value by itself, and not a part of a number, an instant or a name.
VALUE = re.compile(r"(?<![\w.:,+-])([1-5])(?![\w.:,+-])")
CHAT = "playground.db"


def in_plain(links: Links) -> Guesses:
    """Those whose row can be read just so."""
    plain = {str(value).encode(): value for value in VALUES}
    return {person: plain[row.content] for person, row in links.items() if row.content in plain}


# --- what sealed answers look like ---------------------------------------------------------


def sizes_and_bytes(watched: Watched) -> Guesses:
    """Each second person is an accomplice and tells their answer; what do the others' look like?

    The attacker has linked everybody to their row by copies after each tap. It takes the property
    of rows, their size or one of their bytes, that tells accomplices' answers best.
    """
    people = [step.person for step, _ in watched.answers]
    links = new_after_each_tap(watched)
    told = {person: watched.plot.first_answers[person] for person in people[::2] if person in links}
    others = [person for person in people[1::2] if person in links]
    if not told:
        return {}
    where = max(range(-1, _shortest(links)), key=lambda place: _tells(place, links, told))
    return {
        person: value
        for person in others
        if (value := _most_like(_look(links[person], where), links, told, where)) is not None
    }


def _shortest(links: Links) -> int:
    return min(len(row.content) for row in links.values())


def _look(row: Row, where: int) -> int:
    """A row's size, or one of its bytes."""
    return len(row.content) if where < 0 else row.content[where]


def _tells(where: int, links: Links, told: Mapping[int, int]) -> int:
    """How many accomplices' answers the other accomplices would give away."""
    return sum(
        _most_like(_look(links[person], where), links, _without(told, person), where) == value
        for person, value in told.items()
    )


def _without(told: Mapping[int, int], person: int) -> Mapping[int, int]:
    return {other: value for other, value in told.items() if other != person}


def _most_like(look: int, links: Links, told: Mapping[int, int], where: int) -> int | None:
    """What most of those answered whose rows look alike; None if there are none."""
    alike = Counter(value for person, value in told.items() if _look(links[person], where) == look)
    return alike.most_common(1)[0][0] if alike else None


# --- what is printed, and what stays in chat -----------------------------------------------


def printed_at_a_tap(watched: Watched) -> Guesses:
    """Values in lines that were printed when somebody answered, and weren't there before."""
    before = [watched.opened, *(haul for _, haul in watched.answers)]
    guesses = {}
    for (step, haul), (previous, _) in zip(watched.answers, pairwise(before), strict=True):
        old = set(previous.printed.splitlines())
        new = (line for line in haul.printed.splitlines() if line not in old)
        if value := the_only_value("\n".join(new)):
            guesses[step.person] = value
    return guesses


def the_only_value(text: str) -> int | None:
    """The value that a text has in it, if it has just one."""
    found = set(VALUE.findall(text.replace('"', " ").replace("'", " ")))
    return int(found.pop()) if len(found) == 1 else None


def left_in_chat(watched: Watched) -> Guesses:
    """Values in somebody's messages that weren't there before they answered."""
    before, after = _messages(watched.opened), _messages(watched.answered)
    guesses = {}
    for person in watched.plot.first_answers:
        place = f"dm:{watched.people[person]}"
        new = after.get(place, set()) - before.get(place, set())
        if value := the_only_value("\n".join(sorted(new))):
            guesses[person] = value
    return guesses


def _messages(haul: Haul) -> dict[str, set[str]]:
    """Conversation → what its messages say."""
    if CHAT not in haul.files:
        return {}
    found: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / CHAT
        for ending in ("", "-wal"):
            path.with_name(CHAT + ending).write_bytes(haul.files.get(CHAT + ending, b""))
        with closing(sqlite3.connect(path)) as connection:
            for place, text in connection.execute("SELECT conversation, body FROM messages"):
                found.setdefault(place, set()).add(text)
    return found


# --- keys that lie about -------------------------------------------------------------------


def with_keys_that_lie_about(watched: Watched) -> Guesses:
    """Search all that was ever copied for the round's keys, and open everybody's box with them."""
    links = new_after_each_tap(watched)
    found = [key for key in watched.keys if _lies_about(key, watched)]
    return {
        person: value
        for person, row in links.items()
        for key in found
        if (value := _opened(key, watched, row)) is not None
    }


def _lies_about(key: bytes, watched: Watched) -> bool:
    spelt = (key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)[:-2])
    return any(way in text for text in _everything(watched.moments) for way in spelt)


def _opened(key: bytes, watched: Watched, row: Row) -> int | None:
    try:
        return unseal(key, ROUND, row.key, row.content).answers[0]
    except SealedAnswerError:
        return None


# --- who took part -------------------------------------------------------------------------


def who_took_part(watched: Watched) -> Mapping[int, bool]:
    """Who is named more often than before the round, anywhere. Nobody is watched for it."""
    people = range(len(watched.people))
    before = _mentions(watched.people, watched.opened)
    after = _mentions(watched.people, watched.thought_better)
    more = {person: after[person] - before[person] for person in people}
    least = min(more.values())
    if least == max(more.values()):
        return {}
    return {person: more[person] > least for person in people}


def _mentions(people: Sequence[str], haul: Haul) -> list[int]:
    records = (record.text.encode() for record in haul.records)
    files = (content.rstrip(b"\0") for content in haul.files.values())
    text = b"\n".join([*files, *records, haul.printed.encode()])
    return [text.count(name.encode()) for name in people]


def _everything(hauls: Sequence[Haul]) -> Iterator[bytes]:
    """Each text once: most files are the same from moment to moment."""
    return _unique(
        chain.from_iterable(
            [*haul.files.values(), *haul.copies.values(), haul.printed.encode()] for haul in hauls
        )
    )


def _unique(texts: Iterable[bytes]) -> Iterator[bytes]:
    seen: dict[int, bytes] = {}
    for text in texts:
        if id(text) not in seen:
            seen[id(text)] = text
            yield text
