"""What has arrived at the fake platform. Lists and dictionaries only grow, so it costs little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Arrival(NamedTuple):
    """A message that was kept.

    `at` is in seconds of CLOCK_MONOTONIC, which all processes of a machine share.
    """

    at: float
    workspace: str
    conversation: str
    key: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What it all came to.

    messages   that were kept
    people     conversations with at least one
    twice      conversations with more than one
    keys_twice  keys that came with more than one message
    posts      requests to post, whatever became of them
    over_quota  those that got 429
    finds, updates  requests of these kinds
    first_at, last_at  when the first and the last message was kept, as in `Arrival`; 0: none was
    """

    messages: int
    people: int
    twice: Sequence[str]
    keys_twice: Sequence[str]
    posts: int
    over_quota: int
    finds: int
    updates: int
    first_at: float
    last_at: float


class Recorder:
    """Counts as it goes, and answers questions afterwards."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.posts = self.over_quota = self.finds = self.updates = 0
        self._ids: dict[tuple[str, str], str] = {}

    def keep(self, arrival: Arrival) -> str:
        """Keep a message, and return its id."""
        message_id = f"m{len(self.arrivals)}"
        self.arrivals.append(arrival)
        self._ids.setdefault((arrival.conversation, arrival.key), message_id)
        return message_id

    def find(self, conversation: str, key: str) -> str | None:
        """The id of the first message there with this key."""
        return self._ids.get((conversation, key))

    def counts(self) -> Counts:
        conversations = Counter(arrival.conversation for arrival in self.arrivals)
        keys = Counter(arrival.key for arrival in self.arrivals)
        return Counts(
            messages=len(self.arrivals),
            people=len(conversations),
            twice=[name for name, count in conversations.items() if count > 1],
            keys_twice=[key for key, count in keys.items() if count > 1],
            posts=self.posts,
            over_quota=self.over_quota,
            finds=self.finds,
            updates=self.updates,
            first_at=self.arrivals[0].at if self.arrivals else 0.0,
            last_at=self.arrivals[-1].at if self.arrivals else 0.0,
        )
