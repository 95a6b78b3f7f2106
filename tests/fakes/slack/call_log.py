"""Every call that was made to the Web API, without tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

SECRETS: Final = {"token", "client_secret", "refresh_token"}


@dataclass(slots=True)
class Call:
    """`outcome` is "ok", an error code, or what became of the connection, such as "cut"."""

    method: str
    at: float
    arguments: dict[str, Any]
    team_id: str = ""
    outcome: str = ""
    status: int = 0


@dataclass(slots=True)
class CallLog:
    calls: list[Call] = field(default_factory=list)

    def begin(self, method: str, at: float, arguments: dict[str, Any]) -> Call:
        shown = {name: value for name, value in arguments.items() if name not in SECRETS}
        call = Call(method, at, shown)
        self.calls.append(call)
        return call

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if not methods or call.method in methods]

    def refused_429(self, *methods: str) -> int:
        return sum(call.status == 429 for call in self.of(*methods))

    def clear(self) -> None:
        self.calls.clear()
