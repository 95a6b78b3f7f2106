"""The tokens with which a bot calls the connector."""

from __future__ import annotations

import secrets
from typing import Final

from tests.fakes.teams.clock import TeamsClock
from tests.fakes.teams.refused import Denied

EXPIRES_IN_S: Final = 3_599


class AccessTokens:
    """`expires_in_s` is how long the next one holds."""

    def __init__(self, clock: TeamsClock) -> None:
        self._clock = clock
        self.expires_in_s = EXPIRES_IN_S
        self.until: dict[str, float] = {}

    def issue(self) -> str:
        token = f"fake.{secrets.token_urlsafe(24)}"
        self.until[token] = self._clock.now() + self.expires_in_s
        return token

    def revoke_all(self) -> None:
        self.until.clear()

    def check(self, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or token not in self.until:
            raise Denied("unknown token")
        if self.until[token] <= self._clock.now():
            raise Denied("expired token")
