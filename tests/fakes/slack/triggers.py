"""Trigger ids: a person did something, so a modal may be opened. Once, and within 3 seconds."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.refused import Refused

VALID_S: Final = 3.0


@dataclass(slots=True)
class Trigger:
    user: str
    team_id: str
    at: float
    used: bool = False


class Triggers:
    def __init__(self, clock: SlackClock) -> None:
        self._clock = clock
        self._all: dict[str, Trigger] = {}

    def issue(self, team_id: str, user_id: str) -> str:
        trigger_id = f"{len(self._all) + 1}.{team_id}.{secrets.token_hex(8)}"
        self._all[trigger_id] = Trigger(user_id, team_id, self._clock.now())
        return trigger_id

    def use(self, trigger_id: str, team_id: str) -> str:
        """Who did something. It can't be used again."""
        trigger = self._all.get(trigger_id)
        if trigger is None or trigger.team_id != team_id:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._clock.now() - trigger.at > VALID_S:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user
