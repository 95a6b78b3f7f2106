"""Who is there, for a platform that has no directory of its own."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.blocks import countable
from bot.errors import NotFound
from bot.store import people
from bot.store.database import Session
from bot.store.tables import Person, Team
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What colleagues know of each other. `channels` are (external id, name)."""

    id: str
    name: str
    team: str
    roles: tuple[str, ...]
    zone: str
    channels: tuple[tuple[str, str], ...]


async def everyone(core: Core) -> list[PersonCard]:
    """All active people, by name."""
    async with core.database.reading() as session:
        active = await people.active_people(session)
        teams = {team.id: team for team in await people.teams(session)}
        channels = await people.team_channels(session, PLAYGROUND)
    led: dict[str, set[str]] = {}
    for person in active:
        if person.manager_id is not None:
            led.setdefault(person.manager_id, set()).add(person.team_id)
    return [_card(person, teams, channels, led.get(person.id, set())) for person in active]


async def card_of(core: Core, person_id: str) -> PersonCard:
    """One person's card. Raises NotFound if there is nobody with this id."""
    async with core.database.reading() as session:
        person = await people.person(session, person_id)
        if person is None:
            raise NotFound("There's nobody here with that id.")
        teams = {team.id: team for team in await people.teams(session)}
        channels = await people.team_channels(session, PLAYGROUND)
        led = set(await people.teams_managed(session, person_id))
    return _card(person, teams, channels, led)


def _card(
    person: Person, teams: dict[str, Team], channels: dict[str, str], led: set[str]
) -> PersonCard:
    shown = sorted({person.team_id, *led}, key=lambda team_id: teams[team_id].name)
    return PersonCard(
        id=person.id,
        name=person.name,
        team=teams[person.team_id].name,
        roles=_roles(person, leads=bool(led)),
        zone=person.zone,
        channels=tuple((channels[team], teams[team].name) for team in shown if team in channels),
    )


def _roles(person: Person, *, leads: bool) -> tuple[str, ...]:
    manager = ("manager",) if leads else ()
    return (*people.roles_of(person), *manager) or ("staff",)


async def blocks(core: Core) -> tuple[tuple[str, int], ...]:
    """The groups that people are counted in: (name, how many may be counted), by name."""
    async with core.database.reading() as session:
        return await groups(session)


async def groups(session: Session) -> tuple[tuple[str, int], ...]:
    """The same in a session. Nobody's whole record is read for it."""
    manager_of = await people.manager_of(session)
    block_of = await people.team_blocks(session)
    members: dict[str, list[str]] = {}
    for person_id, team_id in (await people.team_of(session)).items():
        if team_id in block_of:
            members.setdefault(block_of[team_id], []).append(person_id)
    names = {block.id: block.name for block in await people.blocks(session)}
    return tuple(
        sorted(
            (names[block_id], len(countable(inside, manager_of)))
            for block_id, inside in members.items()
        )
    )
