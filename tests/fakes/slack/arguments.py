"""What a call was sent: as a form, in the address, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.slack.refused import Refused, invalid


class Arguments:
    """The arguments by name. Wrong ones are refused in Slack's words."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def __contains__(self, name: str) -> bool:
        return name in self.values and self.values[name] is not None and self.values[name] != ""

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if not (value := self.text(name)):
            raise invalid("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            raise invalid("invalid_arguments", [f"[ERROR] not an integer: {name}"]) from None

    def names(self, name: str) -> list[str]:
        """A list that is sent with commas, or as JSON."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.text(name).split(",") if each.strip()]

    def json(self, name: str, code: str = "invalid_arguments") -> Any:
        """A structure; in a form it comes as a text. None if it wasn't sent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(code) from None


async def arguments_of(request: web.Request) -> Arguments:
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= _object(await request.text())
    elif request.method == "POST":
        values |= dict((await request.post()).items())
    return Arguments(values)


def _object(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body or "{}")
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(read, dict):
        raise Refused("json_not_object")
    return read
