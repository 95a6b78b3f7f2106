"""What a bot has left in its files, read without the bot's own code."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.acceptance.bot_process import Home

SENT, WAITING = "sent", ("planned", "claimed", "unknown")

DELIVERIES = """
SELECT delivery.id, programme_id, zone, local_at, recipient, turn, state, reason
FROM delivery JOIN occurrence ON occurrence.id = delivery.occurrence_id
"""
MESSAGES = "SELECT delivery_key, conversation, body FROM messages WHERE author = 'bot'"


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A database, to be read only. It may belong to a bot that is running."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
        yield connection


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with reading(path) as connection:
        return connection.execute(sql, values).fetchall()


@dataclass(frozen=True, slots=True, order=True)
class Firing:
    """One firing of a programme for one person or one team's channel."""

    programme: str
    zone: str
    local_at: str
    recipient: str
    turn: int


@dataclass(frozen=True, slots=True)
class Records:
    """What was planned, what became of it, and what arrived. Bodies are without their keys."""

    outcomes: dict[Firing, tuple[str, str]]
    arrived: Counter[tuple[Firing, str, str]]
    strays: list[str]

    @property
    def sent(self) -> set[Firing]:
        return {firing for firing, (state, _) in self.outcomes.items() if state == SENT}


def records(home: Home) -> Records:
    planned = rows(home.data / "wellbeing.db", DELIVERIES)
    firings = {row[0]: Firing(*row[1:6]) for row in planned}
    messages = rows(home.data / "playground.db", MESSAGES)
    return Records(
        outcomes={firings[row[0]]: (row[6], row[7]) for row in planned},
        arrived=Counter(
            (firings[key], conversation, body.replace(key, "KEY"))
            for key, conversation, body in messages
            if key in firings
        ),
        strays=[body for key, _, body in messages if key not in firings],
    )


def has_caught_up(home: Home, now: datetime) -> bool:
    """Whether everything that was due by an instant has been planned and has had its outcome."""
    # SQLite holds instants as text, in UTC and without saying so.
    by = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    waiting = "SELECT count(*) FROM delivery WHERE state IN (?, ?, ?) AND due_at <= ?"
    with reading(home.data / "wellbeing.db") as connection:
        (planned_until,) = connection.execute("SELECT max(planned_until) FROM watermark").fetchone()
        (count,) = connection.execute(waiting, (*WAITING, by)).fetchone()
    return planned_until is not None and planned_until >= by and count == 0
