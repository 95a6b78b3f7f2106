"""People for trying a bot by hand. All of them are made up."""

from __future__ import annotations

from random import Random

from tests.fakes.names import LOCALES, TEAMS, ZONES, full_name
from tests.fakes.teams.state import Person
from tests.fakes.teams.tenant import Tenant

EVERY_GONE, EVERY_GUEST, EVERY_WITHOUT = 25, 20, 10


def populate(tenant: Tenant, count: int, *, seed: int = 1) -> list[Person]:
    """So many people, most of whom have the app, in teams that have it too."""
    random = Random(seed)  # noqa: S311 - made-up people, not secrets
    people = [_person(tenant, number, random) for number in range(count)]
    for index, name in enumerate(TEAMS):
        members = [each for each in people[index :: len(TEAMS) + 1] if each.active]
        tenant.add_team(name.replace("-", " ").title(), members, has_bot=True)
    return people


def _person(tenant: Tenant, number: int, random: Random) -> Person:
    """Every so often somebody has left, is a guest, or doesn't have the app yet."""
    first, last, again = full_name(number)
    return tenant.add_person(
        f"{first}.{last}{again}".lower(),
        name=f"{first} {last}{f' {again}' if again else ''}",
        zone=random.choice(ZONES),
        locale=random.choice(LOCALES),
        active=number % EVERY_GONE != EVERY_GONE - 1,
        is_guest=number % EVERY_GUEST == EVERY_GUEST - 1,
        installed=number % EVERY_WITHOUT != EVERY_WITHOUT - 1,
    )
