"""How fast a workspace may be written to: limits are kept to, not found out by refusals.

A limit is a rate with a burst, kept as a bucket by the generic cell rate algorithm (ITU-T I.371):
one instant says when all that was sent no longer counts. That instant is saved with the workspace,
so the limit holds across workers and restarts. Instants here are a timer's seconds, not dates.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

# After a refusal half of the limit is used, and each second without one brings a twentieth back.
SLOWER = 0.5
FASTER_PER_S = 0.05
SLOWEST = 1 / 16
# Requests overtake each other on their way, so a platform may count them closer together than they
# were sent. So much of a burst is left to it: without, 500 messages had 5 to 8 refusals.
SPARE_S = 0.25
MOST_CONVERSATIONS = 10_000
# A platform that asks for more is asked again after this; a saved rest is never longer.
LONGEST_REST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and so many at once after a rest."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """What a platform allows, as its adapter knows it from its published limits.

    workspace      for all messages to a workspace together; None: no limit
    conversation   for the messages to one person or channel; None: no limit
    in_flight      how many requests at once
    lands_within_s   how long after a request was cut off its message may still arrive
    can_be_asked   whether the platform can say if a message has arrived
    keeps_threads  whether a conversation of its own can be had within somebody's messages
    """

    workspace: Rate | None = None
    conversation: Rate | None = None
    in_flight: int = 32
    lands_within_s: float = 30.0
    can_be_asked: bool = True
    keeps_threads: bool = False


class Bucket:
    """One limit. `rested_at` is when everything that was taken no longer counts."""

    def __init__(self, rate: Rate, rested_at: float) -> None:
        self._rate = rate
        self._burst_s = max(0.0, (rate.burst - 1) / rate.per_second - SPARE_S)
        self.rested_at = rested_at

    def next_at(self, now: float) -> float:
        """When the next may be taken; `now` if at once."""
        return max(now, self.rested_at - self._burst_s)

    def take(self, now: float, share: float = 1.0) -> None:
        """Count one; with a smaller share of the limit it counts for more."""
        self.rested_at = max(self.rested_at, now) + 1 / (self._rate.per_second * share)

    def empty_until(self, instant: float) -> None:
        """Have nothing before an instant, and then one by one: no burst is left."""
        self.rested_at = max(self.rested_at, instant + self._burst_s)


@dataclass(frozen=True, slots=True)
class Pace:
    """What outlives a worker.

    rests_for_s  how long until all that was sent no longer counts, from now on; less than 0: it
                 has rested for so long
    share        how much of the limit is used: (0, 1]
    """

    rests_for_s: float = 0.0
    share: float = 1.0


class Pacer:
    """Says when each message to one workspace may go out, and learns from refusals."""

    def __init__(self, limits: SendingLimits, pace: Pace, now: float) -> None:
        self._limits = limits
        self._closed_until, self._workspace = now, None
        rested_at = now + _plausible(pace.rests_for_s)
        if limits.workspace is not None:
            self._workspace = Bucket(limits.workspace, rested_at)
        else:
            self._closed_until = rested_at
        self._conversations: OrderedDict[str, Bucket] = OrderedDict()
        self._share = min(1.0, max(SLOWEST, pace.share))
        self._shared_at = min(now, now + pace.rests_for_s)  # it has rested since: faster again

    def next_at(self, conversation: str, now: float) -> float:
        """When a message to this conversation may go out; `now` if at once."""
        earliest = max(now, self._closed_until)
        if self._workspace is not None:
            earliest = max(earliest, self._workspace.next_at(now))
        if conversation in self._conversations:
            earliest = max(earliest, self._conversations[conversation].next_at(now))
        return earliest

    def take(self, conversation: str, now: float) -> None:
        """Count a message that goes out now."""
        if self._workspace is not None:
            self._workspace.take(now, self._share_at(now))
        if self._limits.conversation is not None:
            bucket = self._conversations.pop(conversation, None)
            bucket = bucket or Bucket(self._limits.conversation, now)
            bucket.take(now)
            self._conversations[conversation] = bucket  # the latest last
            if len(self._conversations) > MOST_CONVERSATIONS:
                self._conversations.popitem(last=False)

    def refused(self, retry_after_s: float, now: float) -> None:
        """The platform asked to wait: nothing goes out until then, and more slowly afterwards.

        Refusals of requests that were under way together count as one.
        """
        if now >= self._closed_until:
            self._share = max(SLOWEST, self._share_at(now) * SLOWER)
        self._closed_until = max(self._closed_until, now + min(retry_after_s, LONGEST_REST_S))
        self._shared_at = self._closed_until
        if self._workspace is not None:
            self._workspace.empty_until(self._closed_until)

    def pace(self, now: float, ahead: int = 0) -> Pace:
        """What a successor has to know if so many more have been sent by then."""
        rested_at = max(now, self._closed_until)
        if self._workspace is not None and self._limits.workspace is not None:
            rested_at = max(rested_at, self._workspace.rested_at)
            rested_at += ahead / (self._limits.workspace.per_second * self._share_at(now))
        return Pace(rested_at - now, self._share_at(now))

    def _share_at(self, now: float) -> float:
        gained = max(0.0, now - self._shared_at) * FASTER_PER_S
        return min(1.0, self._share + gained)


def _plausible(rests_for_s: float) -> float:
    """A rest as it was saved, unless a clock has jumped since: that one isn't believed."""
    return rests_for_s if 0 < rests_for_s <= 2 * LONGEST_REST_S else 0.0
