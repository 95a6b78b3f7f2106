"""The inbox of sealed answers: for each round the boxes, each under its marker, and no more.

Boxes have no time and no order, and each is kept alone in its transaction. With SQLite inboxes are
files of their own; with PostgreSQL, tables that no write-ahead log or replica holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.store.database import Database
from bot.store.inbox_files import FileInbox
from bot.store.inbox_tables import TableInbox


class SealedInbox(Protocol):
    """The inboxes of all rounds."""

    async def create(self, round_id: str) -> None:
        """Open an inbox, empty. One that an opening cut short had left behind is replaced.

        Raises InboxGone if it can't be made.
        """

    async def put(self, round_id: str, marker: bytes, box: bytes) -> None:
        """Keep a box; written again, it replaces the one before. Raises InboxGone."""

    async def withdraw(self, round_id: str, marker: bytes) -> None:
        """Forget a box; without one, nothing happens. Raises InboxGone."""

    async def boxes(self, round_id: str) -> list[tuple[bytes, bytes]]:
        """All markers and boxes of a round, by marker. Raises InboxGone, also if they are lost."""

    async def rounds(self) -> frozenset[str]:
        """The rounds that have an inbox."""

    async def blur(self) -> None:
        """At every tick: wipe out what tells in which order, or when, answers have come since."""

    async def drop(self, round_id: str) -> None:
        """Remove an inbox, for good. Doing it again does nothing."""


def open_inbox(database: Database, directory: Path) -> SealedInbox:
    """Where this database's rounds keep their boxes: in tables, or in files of a directory."""
    return FileInbox(directory) if database.is_sqlite else TableInbox(database)
