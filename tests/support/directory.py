"""A workspace's directory in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import PlatformError
from bot.ports import Member, MemberGroup
from bot.store import accounts
from bot.usecases.core import Core

SLACK = "slack:T0001"
Found = TypeVar("Found")


def member(name: str, *, email: str | None = None, zone: str = "", language: str = "") -> Member:
    """`ada` is U-ADA, with the address that she has in `tests.support.organisation`."""
    address = f"{name}@example.org" if email is None else email
    return Member(f"U-{name.upper()}", name.title(), address, zone, language)


def group(name: str, *people: str, channel: str = "") -> MemberGroup:
    return MemberGroup(name, frozenset(f"U-{person.upper()}" for person in people), channel)


@dataclass
class MemoryDirectory:
    """Answers what it was given, and fails on demand.

    meanwhile  what happens when the members have been read, and before anything comes of it
    """

    people: Sequence[Member] = ()
    groups: Sequence[MemberGroup] = ()
    rooms: Sequence[MemberGroup] = ()
    left_out: Sequence[str] = ()
    failure: PlatformError | None = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def members(self) -> Sequence[Member]:
        found = self._answer("members", self.people)
        if self.meanwhile is not None:
            await self.meanwhile()
        return found

    async def user_groups(self) -> Sequence[MemberGroup]:
        return self._answer("user_groups", self.groups)

    async def channels(self) -> Sequence[MemberGroup]:
        return self._answer("channels", self.rooms)

    def unread(self) -> Sequence[str]:
        return self.left_out

    def _answer(self, question: str, found: Sequence[Found]) -> Sequence[Found]:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure
        return found


async def person_at(core: Core, workspace_id: str, external_id: str) -> str | None:
    """The id of the active person whom a platform knows by this id."""
    async with core.database.reading() as session:
        person = await accounts.owner(session, workspace_id, external_id)
    return person.id if person else None
