"""What this chat platform keeps: its messages, and where its clock stands.

The file is the platform's own, as Slack's servers are Slack's own: the core's database knows
nothing of it. A delivery key may occur twice, because a real platform doesn't deduplicate either;
whoever sends twice is seen to send twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import aiosqlite

from adapters.playground.wire import message_from, message_text
from bot.message import Message

BOT = "bot"

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
"""


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message as the platform keeps it. `author` is "bot" or a person's id."""

    id: str
    conversation: str
    author: str
    posted_at: datetime
    body: Message
    revision: int


class PlaygroundStore:
    """One SQLite file on one connection. Every statement is durable before it returns."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, creating it and its tables where they don't exist."""
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = await aiosqlite.connect(path, isolation_level=None)
        connection.row_factory = aiosqlite.Row
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = FULL")
        await connection.executescript(_SCHEMA)
        return cls(connection)

    async def close(self) -> None:
        await self._connection.close()

    # --- messages ---------------------------------------------------------------------------

    async def add(
        self, conversation: str, author: str, posted_at: datetime, body: Message, key: str | None
    ) -> PostedMessage:
        """Keep a new message."""
        row = await self._one(
            "INSERT INTO messages (conversation, author, posted_at, delivery_key, body)"
            " VALUES (?, ?, ?, ?, ?) RETURNING *",
            (conversation, author, posted_at.isoformat(), key, message_text(body)),
        )
        if row is None:
            raise aiosqlite.DatabaseError("the message wasn't kept")
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

    # --- settings ---------------------------------------------------------------------------

    async def setting(self, name: str) -> str | None:
        row = await self._one("SELECT value FROM settings WHERE name = ?", (name,))
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
