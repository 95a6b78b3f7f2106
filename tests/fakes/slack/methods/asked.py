"""One call of a method, and the table that a method puts itself into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.faults import SPECIAL
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import User
from tests.fakes.slack.tokens import Token, missing_scope
from tests.fakes.slack.workspace import Workspace

T = TypeVar("T")
PAGE_AT_MOST: Final = 1_000
METHODS: dict[str, Method] = {}

__all__ = ["METHODS", "SPECIAL", "Asked", "Method", "method", "page"]


@dataclass(slots=True)
class Asked:
    """A call. Where a method takes the app's id and secret, a token isn't looked at: there is
    only what stood in its place, `bearer`."""

    site: Site
    arguments: Arguments
    given: Token | None = None
    client: tuple[str, str] = ("", "")
    bearer: str = ""

    @property
    def token(self) -> Token:
        if self.given is None:
            raise Refused("not_authed")
        return self.given

    @property
    def workspace(self) -> Workspace:
        return self.site.workspaces[self.token.team_id]

    def need(self, scope: str) -> None:
        """A scope that depends on what is asked for."""
        if scope not in self.token.scopes:
            raise missing_scope(self.token, scope)

    def may(self, scope: str) -> bool:
        return scope in self.token.scopes

    def person(self, name: str = "user") -> User:
        user = self.workspace.users.get(self.arguments.required(name))
        if user is None:
            raise Refused("user_not_found")
        return user


Handler = Callable[[Asked], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes` are those of which the token needs one. `tier` is Slack's, 1 to 4."""

    name: str
    handle: Handler
    scopes: tuple[str, ...]
    tier: int
    by: Literal["bot", "app", "none"]


def method(
    name: str, *scopes: str, tier: int = 3, by: Literal["bot", "app", "none"] = "bot"
) -> Callable[[Handler], Handler]:
    def keep(handle: Handler) -> Handler:
        METHODS[name] = Method(name, handle, scopes, tier, by)
        return handle

    return keep


def page(asked: Asked, all_of_it: Sequence[T], default: int = 100) -> tuple[list[T], Json]:
    """One page of a list, and `response_metadata` with the cursor of the next one."""
    limit = asked.arguments.number("limit", default)
    if not 1 <= limit <= PAGE_AT_MOST:
        raise Refused("invalid_limit")
    start = _start(asked.arguments.text("cursor"), len(all_of_it))
    more = start + limit < len(all_of_it)
    cursor = f"at:{start + limit}=" if more else ""
    return list(all_of_it[start : start + limit]), {"next_cursor": cursor}


def _start(cursor: str, length: int) -> int:
    if not cursor:
        return 0
    number = cursor.removeprefix("at:").removesuffix("=")
    if not number.isdigit() or int(number) > length:
        raise Refused("invalid_cursor")
    return int(number)
