"""What can go wrong, as a test says while it runs.

Operations, as faults, quotas and the log name them:

login                 the app signs in                 login_openid   and what comes before that
openid, keys          the published keys of activities
create_conversation   a chat or a thread is opened     send           and replied; and typing
update, delete        a message is changed             members        a page of a roster
member                one of a roster                  team, channels what a team is
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal

Kind = Literal["cut", "lost", "slow", "html", "error"]
Each = Literal["app", "conversation"]


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong, `times` times or always, in a share of the calls that fit.

    cut    the connection is cut before the call is handled
    lost   the call is handled, and then the connection is cut
    slow   the call takes `seconds`, and is handled at their end, even if nobody waits any more
    html   `status` and a page of HTML; the call isn't handled
    error  the error `code`, in the documented form; the call isn't handled
    """

    kind: Kind
    operation: str = ""
    conversation: str = ""
    times: int | None = 1
    share: float = 1.0
    code: str = "ServiceError"
    status: int = 0
    retry_after: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many calls in so many seconds, for the app or for each conversation.

    Operation "" is any. Without `says_when` a refusal has no Retry-After.
    """

    most: int
    seconds: float
    operation: str = ""
    each: Each = "app"
    says_when: bool = True


# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
DOCUMENTED_QUOTAS: Final = (
    *(
        Quota(most, seconds, "send", "conversation")
        for most, seconds in ((7, 1), (8, 2), (60, 30), (1_800, 3_600))
    ),
    *(
        Quota(most, seconds, "create_conversation", "conversation")
        for most, seconds in ((7, 1), (8, 2), (60, 30), (1_800, 3_600))
    ),
    *(
        Quota(most, seconds, "members", "conversation")
        for most, seconds in ((14, 1), (16, 2), (120, 30), (3_600, 3_600))
    ),
    Quota(50, 1),
)


class Faults:
    """Everything is well until a test says otherwise."""

    def __init__(self) -> None:
        self.latency_s = 0.0
        self.waiting: list[Fault] = []
        self.quotas: list[Quota] = []
        self._taken: dict[tuple[Quota, str], deque[float]] = {}
        self.seed(1)

    def seed(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - faults, not secrets

    def clear(self) -> None:
        """All is well again, and every quota is full."""
        self.latency_s = 0.0
        self.waiting.clear()
        self.quotas.clear()
        self._taken.clear()

    # --- as a test says --------------------------------------------------------------------

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def cut(self, operation: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("cut", operation, times=times, **more))

    def lose_replies(self, operation: str = "", times: int | None = 1, **more: Any) -> Fault:
        return self.add(Fault("lost", operation, times=times, **more))

    def slow(
        self, seconds: float, operation: str = "", times: int | None = 1, **more: Any
    ) -> Fault:
        return self.add(Fault("slow", operation, times=times, seconds=seconds, **more))

    def html_page(
        self, operation: str = "", times: int | None = 1, *, status: int = 502, **more: Any
    ) -> Fault:
        return self.add(Fault("html", operation, times=times, status=status, **more))

    def answer(self, code: str, operation: str = "", times: int | None = 1, **more: Any) -> Fault:
        """`status` is needed only where `code` isn't a documented one."""
        return self.add(Fault("error", operation, times=times, code=code, **more))

    def limit(
        self,
        most: int,
        seconds: float,
        operation: str = "",
        *,
        each: Each = "app",
        says_when: bool = True,
    ) -> Quota:
        quota = Quota(most, seconds, operation, each, says_when)
        self.quotas.append(quota)
        return quota

    def documented_limits(self) -> None:
        """From now on those that Microsoft documents hold."""
        self.quotas.extend(DOCUMENTED_QUOTAS)

    # --- as the server asks ----------------------------------------------------------------

    def next(self, operation: str, conversation: str) -> Fault | None:
        """What goes wrong with this call; it is used up by asking."""
        for fault in self.waiting:
            if fault.operation in {"", operation} and fault.conversation in {"", conversation}:
                if fault.share < 1 and self._random.random() >= fault.share:
                    continue
                self._use_up(fault)
                return fault
        return None

    def _use_up(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)

    def over_quota(self, operation: str, conversation: str, now: float) -> tuple[Quota, int] | None:
        """The quota that is used up, and in how many seconds it isn't any more.

        A call that is refused doesn't count.
        """
        holding = [quota for quota in self.quotas if quota.operation in {"", operation}]
        taken = [self._calls(quota, conversation, now) for quota in holding]
        over = [
            (quota, _wait_s(quota, calls, now))
            for quota, calls in zip(holding, taken, strict=True)
            if len(calls) >= quota.most
        ]
        if over:
            return max(over, key=lambda each: each[1])
        for calls in taken:
            calls.append(now)
        return None

    def _calls(self, quota: Quota, conversation: str, now: float) -> deque[float]:
        """When it was called, as far back as the quota looks."""
        whose = conversation if quota.each == "conversation" else ""
        calls = self._taken.setdefault((quota, whose), deque())
        while calls and calls[0] <= now - quota.seconds:
            calls.popleft()
        return calls


def _wait_s(quota: Quota, calls: deque[float], now: float) -> int:
    """In how many whole seconds there is room for one more."""
    oldest = calls[0] if calls else now
    return max(1, math.ceil(oldest + quota.seconds - now))
