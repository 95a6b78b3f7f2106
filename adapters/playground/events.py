"""Live events for open tabs: published once, fanned out, and written as server-sent events.

Nothing is kept for a tab that isn't there: the page fetches its state whenever it (re)connects, so
a missed event costs nothing. A tab that reads too slowly loses its backlog and is told to reload.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count

from adapters.playground.conversations import direct, person_of
from adapters.playground.store import PostedMessage
from adapters.playground.wire import Json, message_json

BACKLOG = 200
RETRY_MS = 1_500
REMEMBERS = 500


@dataclass(frozen=True, slots=True)
class Event:
    """Something that open tabs show at once.

    conversation  only tabs of people who are in it get the event; None is for every tab
    version       which message it shows, and in which version: (id, revision)
    """

    kind: str
    data: Json = field(default_factory=dict)
    conversation: str | None = None
    number: int = 0
    version: tuple[str, int] | None = None

    def encoded(self, people: list[str]) -> bytes:
        """As a server-sent event for a tab; `people` are those of the tab who may see it."""
        data = json.dumps({"people": people, **self.data}, separators=(",", ":"))
        return f"id: {self.number}\nevent: {self.kind}\ndata: {data}\n\n".encode()


def posted_json(message: PostedMessage) -> Json:
    """A message as the page shows it."""
    return {
        "id": message.id,
        "author": message.author,
        "posted_at": message.posted_at.isoformat(),
        "revision": message.revision,
        "body": message_json(message.body),
    }


def posted(message: PostedMessage) -> Event:
    data = {"conversation": message.conversation, "message": posted_json(message)}
    version = (message.id, message.revision)
    return Event("posted", data, message.conversation, version=version)


def home_changed(person_id: str) -> Event:
    return Event("home", conversation=direct(person_id))


def clock_moved(now: str) -> Event:
    return Event("clock", {"now": now})


def progress(text: str, *, running: bool, messages: int = 0) -> Event:
    """How far something has come that takes a while, and in the end how many messages it sent."""
    return Event("progress", {"text": text, "running": running, "messages": messages})


class Tab:
    """One open page, showing one or two people."""

    def __init__(self, people: tuple[str, ...]) -> None:
        self.people = people
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)

    def offer(self, event: Event) -> None:
        owner = person_of(event.conversation or "")
        if owner is not None and owner not in self.people:
            return
        if self._waiting.full():
            self._empty()
            event = Event("reload", number=event.number)
        self._waiting.put_nowait(event)

    async def next(self) -> Event | None:
        """The next event; None once the server closes."""
        return await self._waiting.get()

    def end(self) -> None:
        self._empty()
        self._waiting.put_nowait(None)

    def _empty(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()


class Hub:
    """Knows the open tabs."""

    def __init__(self) -> None:
        self._tabs: set[Tab] = set()
        self._numbers = count(1)
        self._shown: deque[tuple[str, int]] = deque(maxlen=REMEMBERS)

    @property
    def has_tabs(self) -> bool:
        return bool(self._tabs)

    def publish(self, event: Event) -> None:
        """Offer an event to every tab that may be concerned. It never waits.

        A version of a message is shown once: who posts here publishes it, and so does whoever
        follows the messages of all processes.
        """
        if event.version is not None:
            if event.version in self._shown:
                return
            self._shown.append(event.version)
        numbered = replace(event, number=next(self._numbers))
        for tab in self._tabs:
            tab.offer(numbered)

    @contextmanager
    def tab(self, *people: str) -> Iterator[Tab]:
        """An open tab, for as long as the `with` lasts."""
        tab = Tab(people)
        self._tabs.add(tab)
        try:
            yield tab
        finally:
            self._tabs.discard(tab)

    def close(self) -> None:
        """End every tab's stream, so that the server can stop at once."""
        for tab in self._tabs:
            tab.end()
