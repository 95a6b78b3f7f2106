"""Who acts: every use case that a person starts begins here, so that a forged id gets nowhere."""

from __future__ import annotations

from bot.domain.blocks import leaders
from bot.errors import NotAllowed
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Block, Person


async def acting_person(session: Session, person_id: str) -> Person:
    """The active person with this id. Raises NotAllowed if there is none."""
    person = await people.person(session, person_id)
    if person is None:
        raise NotAllowed("I don't know you here. Please ask whoever looks after this bot.")
    return person


async def leads_block(session: Session, person: Person, block_id: str) -> bool:
    """Whether a person line-manages somebody in a block, directly or above."""
    members = await rounds.people_of_block(session, block_id)
    manager_of = await people.manager_of(session)
    return person.id in leaders((member.id for member in members), manager_of)


async def blocks_led(session: Session, person: Person) -> list[Block]:
    """The blocks whose summaries a person may read, by name."""
    manager_of = await people.manager_of(session)
    if person.id not in manager_of.values():
        return []
    members: dict[str, list[str]] = {}
    block_of = {team.id: team.block_id for team in await people.teams(session)}
    for member in await people.active_people(session):
        block_id = block_of.get(member.team_id)
        if block_id is not None:
            members.setdefault(block_id, []).append(member.id)
    led = [
        block
        for block in await people.blocks(session)
        if person.id in leaders(members.get(block.id, ()), manager_of)
    ]
    return sorted(led, key=lambda block: block.name)
