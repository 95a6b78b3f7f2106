"""Every call that a bot made, without secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.fakes.teams.json_types import Json

SECRETS: Final = {"client_secret", "client_assertion"}


@dataclass(slots=True)
class Call:
    """`operation` is what was asked for, such as "send". `arguments` are the body and the query.
    `outcome` is "ok", an error code, or what became of the connection, such as "cut"; `why` is
    what was said with an error code."""

    operation: str
    method: str
    path: str
    at: float
    arguments: Json
    conversation: str = ""
    outcome: str = ""
    why: str = ""
    status: int = 0


@dataclass(slots=True)
class CallLog:
    calls: list[Call] = field(default_factory=list)

    def begin(self, call: Call) -> Call:
        call.arguments = {
            name: value for name, value in call.arguments.items() if name not in SECRETS
        }
        self.calls.append(call)
        return call

    def of(self, *operations: str) -> list[Call]:
        return [call for call in self.calls if not operations or call.operation in operations]

    def refused_429(self, *operations: str) -> int:
        return sum(call.status == 429 for call in self.of(*operations))

    def clear(self) -> None:
        self.calls.clear()
