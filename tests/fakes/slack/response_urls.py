"""Addresses where an interaction may be answered: five times, within half an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.refused import Refused

VALID_S: Final = 1_800
USES: Final = 5


@dataclass(slots=True)
class Reply:
    """Where an answer goes. `message_ts` is "" where there was no message, as with a command."""

    team_id: str
    channel: str
    user: str
    message_ts: str
    at: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, clock: SlackClock) -> None:
        self._clock = clock
        self._all: dict[str, Reply] = {}

    def issue(self, team_id: str, channel: str, user: str, message_ts: str = "") -> str:
        """The last part of a new address."""
        secret = secrets.token_urlsafe(12)
        self._all[secret] = Reply(team_id, channel, user, message_ts, self._clock.now())
        return secret

    def of(self, secret: str) -> Reply | None:
        return self._all.get(secret)

    def use(self, secret: str) -> Reply:
        if (reply := self._all.get(secret)) is None:
            raise Refused("invalid_url")
        if self._clock.now() - reply.at > VALID_S:
            raise Refused("expired_url")
        if reply.uses >= USES:
            raise Refused("used_url")
        reply.uses += 1
        return reply
