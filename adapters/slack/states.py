"""Installations under way: each has a state that only the browser which began it knows.

Anybody may begin as many as they like, so nothing is kept of that: a state is random, says until
when it is good, and is signed. It is noted when it has been used.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.ports import Clock

LASTS: Final = timedelta(minutes=10)
# Keeps these signatures apart from whatever else is done with the same secret.
_PURPOSE: Final = b"wellbeing: the state of an installation"

# Whether an id is told for the first time: see `bot.usecases.handled`.
FirstTime = Callable[[str], Awaitable[bool]]


class SignedStates:
    """`secret` is one that all of the bot's processes share, and nobody else but Slack knows."""

    def __init__(self, secret: str, clock: Clock, first_time: FirstTime) -> None:
        self._key = hmac.digest(secret.encode(), _PURPOSE, "sha256")
        self._clock, self._first_time = clock, first_time

    def issue(self) -> str:
        until = int((self._clock.now() + LASTS).timestamp())
        signed = f"{secrets.token_urlsafe(16)}.{until}"
        return f"{signed}.{self._signature(signed)}"

    def is_good(self, state: str) -> bool:
        """Whether it is one of ours, and not over."""
        signed, _, signature = state.rpartition(".")
        if not _same(signature, self._signature(signed)):
            return False
        until = signed.rpartition(".")[2]
        return self._clock.now().timestamp() < int(until)

    async def use_up(self, state: str) -> bool:
        """Whether nobody has used it before. It has to be a good one."""
        return await self._first_time(f"slack.state:{state.partition('.')[0]}")

    def _signature(self, signed: str) -> str:
        return hmac.digest(self._key, _bytes(signed), "sha256").hex()


def same_state(one: str, other: str) -> bool:
    """Whether two are the same, and not empty; the time it takes doesn't say how much is."""
    return bool(one) and _same(one, other)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(_bytes(one), _bytes(other))


def _bytes(text: str) -> bytes:
    """Cookies may hold anything, bytes that are no text among it."""
    return text.encode(errors="surrogateescape")
