"""What this chat platform keeps: its messages, and where its clock stands.

The file is the platform's own, as Slack's servers are Slack's own: the core's database knows
nothing of it. A delivery key may occur twice, because a real platform doesn't deduplicate either;
whoever sends twice is seen to send twice.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import sqlite3
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import aiosqlite

from adapters.playground.wire import message_from, message_text
from bot.message import Message

BOT = "bot"
# A message that has waited for so long to be written isn't written any more.
HELD_UP_S = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    author       TEXT NOT NULL,
    posted_at    TEXT NOT NULL,
    delivery_key TEXT,
    body         TEXT NOT NULL,
    revision     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS messages_by_conversation ON messages (conversation, id);
CREATE INDEX IF NOT EXISTS messages_by_key ON messages (delivery_key, conversation);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changes (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id INTEGER);
CREATE TRIGGER IF NOT EXISTS posting AFTER INSERT ON messages
    BEGIN INSERT INTO changes (message_id) VALUES (new.id); END;
CREATE TRIGGER IF NOT EXISTS replacing AFTER UPDATE ON messages
    BEGIN INSERT INTO changes (message_id) VALUES (new.id); END;
"""
# Other processes may write at the same time, and have the file opened at the same moment.
WAITS_S = 10


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message as the platform keeps it. `author` is "bot" or a person's id."""

    id: str
    conversation: str
    author: str
    posted_at: datetime
    body: Message
    revision: int


def _julian_day(epoch_s: float) -> float:
    """An instant as SQLite counts: days, of which 1970 began at 2440587.5."""
    return 2_440_587.5 + epoch_s / 86_400


class PlaygroundStore:
    """One SQLite file, for all processes of this machine.

    Every statement is durable before it returns. The second connection is for what has to be read
    at once, without waiting for a turn of the event loop.
    """

    def __init__(self, connection: aiosqlite.Connection, at_once: sqlite3.Connection) -> None:
        self._connection, self._at_once = connection, at_once

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, creating it and its tables where they don't exist."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / f"{path.name}.lock").open("w") as lock:
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            connection = await aiosqlite.connect(path, isolation_level=None, timeout=WAITS_S)
            try:
                connection.row_factory = aiosqlite.Row
                await connection.execute("PRAGMA journal_mode = WAL")
                await connection.execute("PRAGMA synchronous = FULL")
                await connection.executescript(_SCHEMA)
                return cls(connection, sqlite3.connect(path, isolation_level=None))
            except BaseException:
                await connection.close()  # its thread would keep the process alive
                raise

    async def close(self) -> None:
        self._at_once.close()
        await self._connection.close()

    # --- messages ---------------------------------------------------------------------------

    async def add(
        self, conversation: str, author: str, posted_at: datetime, body: Message, key: str | None
    ) -> PostedMessage:
        """Keep a new message."""
        row = await self._one(
            "INSERT INTO messages (conversation, author, posted_at, delivery_key, body)"
            # Asked when it is carried out: what a paused process had begun must not go out later.
            " SELECT ?, ?, ?, ?, ? WHERE julianday('now') <= ? RETURNING *",
            (
                *(conversation, author, posted_at.isoformat(), key, message_text(body)),
                _julian_day(time.time() + HELD_UP_S),
            ),
        )
        if row is None:
            raise aiosqlite.DatabaseError("the message was held up for too long, and wasn't kept")
        return _posted(row)

    async def replace(self, conversation: str, message_id: str, body: Message) -> bool:
        """Put `body` in place of what a message said. False if there is no such message."""
        return (
            await self._one(
                "UPDATE messages SET body = ?, revision = revision + 1"
                " WHERE id = ? AND conversation = ? RETURNING id",
                (message_text(body), message_id, conversation),
            )
        ) is not None

    async def find(self, conversation: str, key: str) -> str | None:
        """The id of the first message here that carries this delivery key."""
        row = await self._one(
            "SELECT id FROM messages WHERE conversation = ? AND delivery_key = ?"
            " ORDER BY id LIMIT 1",
            (conversation, key),
        )
        return None if row is None else str(row[0])

    async def message(self, conversation: str, message_id: str) -> PostedMessage | None:
        row = await self._one(
            "SELECT * FROM messages WHERE id = ? AND conversation = ?",
            (message_id, conversation),
        )
        return None if row is None else _posted(row)

    async def latest(self, conversation: str, limit: int) -> list[PostedMessage]:
        """The last messages of a conversation, newest last."""
        rows = await self._connection.execute_fetchall(
            "SELECT * FROM messages WHERE conversation = ? ORDER BY id DESC LIMIT ?",
            (conversation, limit),
        )
        return [_posted(row) for row in reversed(list(rows))]

    async def threads(self, conversation: str) -> list[str]:
        """The conversations of their own within this one, the latest to begin first."""
        rows = await self._connection.execute_fetchall(
            # What begins with the name and a slash; "0" comes after "/".
            "SELECT conversation FROM messages WHERE conversation > ? AND conversation < ?"
            " GROUP BY conversation ORDER BY min(id) DESC",
            (f"{conversation}/", f"{conversation}0"),
        )
        return [str(row[0]) for row in rows]

    async def count(self) -> int:
        """How many messages the bot has ever posted, anywhere."""
        row = await self._one("SELECT count(*) FROM messages WHERE author = ?", (BOT,))
        return 0 if row is None else int(row[0])

    async def count_in(self, conversations: Collection[str]) -> int:
        """How many messages the bot has ever posted in these conversations."""
        row = await self._one(
            "SELECT count(*) FROM messages WHERE author = ?"
            " AND conversation IN (SELECT value FROM json_each(?))",
            (BOT, json.dumps(list(conversations))),
        )
        return 0 if row is None else int(row[0])

    # --- changes ----------------------------------------------------------------------------

    async def last_change(self) -> int:
        """The number of the last message that was posted or replaced, whoever did it."""
        row = await self._one("SELECT max(number) FROM changes", ())
        return 0 if row is None or row[0] is None else int(row[0])

    async def changed(self, after: int, until: int) -> list[PostedMessage]:
        """The messages that changed after one number and until another, as they are now."""
        rows = await self._connection.execute_fetchall(
            "SELECT messages.* FROM messages WHERE id IN"
            " (SELECT message_id FROM changes WHERE number > ? AND number <= ?) ORDER BY id",
            (after, until),
        )
        return [_posted(row) for row in rows]

    # --- settings ---------------------------------------------------------------------------

    async def setting(self, name: str) -> str | None:
        row = await self._one("SELECT value FROM settings WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def setting_now(self, name: str) -> str | None:
        """A setting as it is now, without waiting: some twenty microseconds."""
        row = self._at_once.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    async def keep_setting(self, name: str, value: str) -> None:
        await self._connection.execute_fetchall(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    async def _one(self, sql: str, values: tuple[object, ...]) -> aiosqlite.Row | None:
        rows = list(await self._connection.execute_fetchall(sql, values))
        return rows[0] if rows else None


def _posted(row: aiosqlite.Row) -> PostedMessage:
    return PostedMessage(
        id=str(row["id"]),
        conversation=row["conversation"],
        author=row["author"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        body=message_from(row["body"]),
        revision=row["revision"],
    )
