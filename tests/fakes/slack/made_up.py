"""People for trying a bot by hand. All of them are made up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from tests.fakes.slack.state import User
from tests.fakes.slack.workspace import Workspace

FIRST: Final = (
    "Ada", "Amir", "Bea", "Cem", "Chidi", "Dora", "Elif", "Emre", "Freya", "Goran", "Hana",
    "Idris", "Ines", "Jonas", "Kaya", "Lena", "Malik", "Mina", "Noor", "Oskar", "Priya", "Rosa",
    "Sami", "Tomas", "Uma", "Vera", "Wanja", "Yuki", "Zain", "Zoe",
)  # fmt: skip
LAST: Final = (
    "Ashby", "Birch", "Cole", "Dale", "Elm", "Field", "Grove", "Heath", "Ivy", "Lake", "Marsh",
    "North", "Oak", "Pine", "Reed", "Stone", "Thorn", "Vale", "Wells", "Young",
)  # fmt: skip
TEAMS: Final = (
    "housing", "finance", "care-east", "care-west", "digital", "people", "kitchen", "night-shift",
)  # fmt: skip
ZONES: Final = (
    "Europe/London", "Europe/London", "Europe/London", "Europe/Berlin", "America/New_York",
    "Asia/Kolkata", "Australia/Sydney",
)  # fmt: skip
LOCALES: Final = ("en-GB", "en-GB", "en-US", "de-DE")
EVERY_DEACTIVATED, EVERY_GUEST, BOTS = 25, 20, 2


def populate(workspace: Workspace, count: int, *, seed: int = 1) -> list[User]:
    """So many people, in user groups that are named like teams, each with a channel."""
    random = Random(seed)  # noqa: S311 - made-up people, not secrets
    people = [_person(workspace, number, random) for number in range(count)]
    for number in range(BOTS):
        workspace.add_user(f"helper-{number + 1}", is_bot=True, email="")
    for index, handle in enumerate(TEAMS):
        _team(workspace, handle, people[index :: len(TEAMS) + 1])
    return people


def _person(workspace: Workspace, number: int, random: Random) -> User:
    """Every so often somebody has left, or is a guest."""
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    again = number // (len(FIRST) * len(LAST))
    name = f"{first}.{last}{again or ''}".lower()
    return workspace.add_user(
        name,
        real_name=f"{first} {last}{f' {again}' if again else ''}",
        tz=random.choice(ZONES),
        locale=random.choice(LOCALES),
        deleted=number % EVERY_DEACTIVATED == EVERY_DEACTIVATED - 1,
        is_restricted=number % EVERY_GUEST == EVERY_GUEST - 1,
        is_admin=number == 0,
    )


def _team(workspace: Workspace, handle: str, people: Sequence[User]) -> None:
    ids = [user.id for user in people if not user.deleted]
    channel = workspace.add_channel(f"team-{handle}", ids, bot_is_member=True)
    workspace.add_group(handle, ids, channels=[channel.id])
