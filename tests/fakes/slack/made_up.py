"""People for trying a bot by hand. All of them are made up."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.fakes.names import LOCALES, TEAMS, ZONES, full_name
from tests.fakes.slack.state import User
from tests.fakes.slack.workspace import Workspace

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
    first, last, again = full_name(number)
    name = f"{first}.{last}{again}".lower()
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
