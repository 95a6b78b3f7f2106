"""A call that Slack answers with `"ok": false`."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Refused with a code such as `channel_not_found`, and what else the answer says."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.code, **self.details}


def invalid(code: str, messages: list[str]) -> Refused:
    """Refused with a list of what is wrong, and where."""
    errors = [message.removeprefix("[ERROR] ") for message in messages]
    return Refused(code, errors=errors, response_metadata={"messages": messages})
