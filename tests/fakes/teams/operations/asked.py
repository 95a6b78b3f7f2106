"""What an operation is asked for, and the table of operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.fakes.teams.gate import Answer
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.site import Site


@dataclass(slots=True)
class Asked:
    """`path` has the parts of the address, `body` the body as JSON, `query` the query."""

    site: Site
    path: dict[str, str]
    body: Json
    query: dict[str, str]
    size: int = 0

    @property
    def conversation(self) -> str:
        """Without the thread that may be named with it."""
        return self.path.get("conversation", "").partition(";")[0]

    @property
    def thread(self) -> str:
        return self.path.get("conversation", "").partition(";messageid=")[2]


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    handle: Callable[[Asked], Answer]


Handle = Callable[[Asked], Answer]
OPERATIONS: Final[list[Operation]] = []


def operation(name: str, method: str, path: str) -> Callable[[Handle], Handle]:
    """Put a function into the table, at `/v3/<path>`."""

    def keep(handle: Handle) -> Handle:
        OPERATIONS.append(Operation(name, method, path, handle))
        return handle

    return keep


def bad_argument(message: str) -> Refused:
    return Refused("BadArgument", message)
