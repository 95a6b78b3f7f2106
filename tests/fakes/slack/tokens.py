"""Tokens: which there are, what they may do, and until when."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.refused import Refused

LASTS_S: Final = 43_200
Kind = Literal["bot", "app", "refresh"]
PREFIXES: Final = {"bot": "xoxb", "app": "xapp-1", "refresh": "xoxe-1"}


@dataclass(slots=True)
class Token:
    value: str
    kind: Kind
    team_id: str
    scopes: set[str] = field(default_factory=set)
    expires_at: float | None = None
    revoked: bool = False
    inactive: bool = False


class Tokens:
    def __init__(self, clock: SlackClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self.all: dict[str, Token] = {}

    def issue(
        self, kind: Kind, team_id: str, scopes: Iterable[str] = (), *, expires: bool = False
    ) -> Token:
        """A new token. One that expires has another beginning, as Slack's have."""
        prefix = f"xoxe.{PREFIXES[kind]}" if expires else PREFIXES[kind]
        until = self._clock.now() + LASTS_S if expires else None
        # It must not look like a real one: scanners for leaked secrets read repositories too.
        value = f"{prefix}-fake-{team_id or 'app'}-{next(self._numbers)}"
        token = Token(value, kind, team_id, set(scopes), until)
        self.all[value] = token
        return token

    def check(self, value: str) -> Token:
        """The token, if it is one and still good."""
        if not value:
            raise Refused("not_authed")
        if (token := self.all.get(value)) is None or token.kind == "refresh":
            raise Refused("invalid_auth")
        if token.inactive:
            raise Refused("account_inactive")
        if token.revoked:
            raise Refused("token_revoked")
        if token.expires_at is not None and token.expires_at <= self._clock.now():
            raise Refused("token_expired")
        return token

    def of_team(self, team_id: str, kind: Kind = "bot") -> list[Token]:
        """The good ones of a workspace, the newest last."""
        found = (each for each in self.all.values() if (each.team_id, each.kind) == (team_id, kind))
        return [each for each in found if not (each.revoked or each.inactive)]

    def revoke_team(self, team_id: str, *, inactive: bool = False) -> None:
        """After an app is removed Slack answers its tokens with `account_inactive`."""
        for token in self.all.values():
            if token.team_id == team_id:
                token.revoked, token.inactive = True, inactive or token.inactive


def missing_scope(token: Token, needed: str) -> Refused:
    return Refused("missing_scope", needed=needed, provided=",".join(sorted(token.scopes)))
