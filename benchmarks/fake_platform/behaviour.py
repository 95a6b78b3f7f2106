"""How the fake platform behaves, as it is told at run time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Quota:
    """So many posts a second to each workspace, and so many at once after a rest."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Everything is well by default. A share is of the requests, from 0 to 1.

    latency_s  how long a request takes, half of it on the way there
    jitter_s   up to so much more, at random
    quota      beyond it a post gets 429 with Retry-After in whole seconds
    lost       the message is kept, and then the connection is cut
    cut        the connection is cut before the message is kept; of look-ups too
    slow       the connection is cut, and the message is kept `lands_after_s` later all the same
    storm      503 and a page of HTML; of look-ups too. Some of these posts are kept even so:
    storm_keeps  this share
    refused    403: the bot is blocked, for good
    blind      look-ups find nothing, whatever is there
    seed       of all that is left to chance, from now on
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    quota: Quota | None = None
    lost: float = 0.0
    cut: float = 0.0
    slow: float = 0.0
    lands_after_s: float = 0.1
    storm: float = 0.0
    storm_keeps: float = 0.5
    refused: float = 0.0
    blind: bool = False
    seed: int = 1


BEHAVIOUR: Final = TypeAdapter(Behaviour)


class Tokens:
    """A quota being used up: a bucket of tokens that fills again at a constant rate."""

    def __init__(self, quota: Quota, now: float) -> None:
        self._quota, self._tokens, self._at = quota, float(quota.burst), now

    def take(self, now: float) -> int:
        """Take one, and return 0; or return in how many seconds there will be one."""
        gained = (now - self._at) * self._quota.per_second
        self._tokens, self._at = min(self._quota.burst, self._tokens + gained), now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return max(1, math.ceil((1 - self._tokens) / self._quota.per_second))
