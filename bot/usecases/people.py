"""Who acts: every use case that a person starts begins here, so that a forged id gets nowhere."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.blocks import leaders
from bot.errors import NotAllowed
from bot.ports import Texts
from bot.store import people
from bot.store.database import Session
from bot.store.tables import Block, Person
from bot.usecases.core import Core


async def acting_texts(core: Core, session: Session, person_id: str) -> tuple[Person, Texts]:
    """The active person with this id, and the texts in their language.

    Raises NotAllowed if there is none.
    """
    person = await people.person(session, person_id)
    if person is None:
        raise NotAllowed(core.library.texts("en").say("error.stranger"))
    return person, core.library.texts(person.language)


def today(core: Core, person: Person) -> date:
    """The day that it is where a person lives."""
    return core.clock.now().astimezone(ZoneInfo(person.zone)).date()


async def leads_block(session: Session, person: Person, block_id: str) -> bool:
    """Whether a person line-manages somebody in a block, directly or above."""
    inside = [member.id for member in await people.members(session, block_id)]
    return person.id in leaders(inside, await people.manager_of(session))


async def blocks_led(session: Session, person: Person) -> list[Block]:
    """The blocks whose summaries a person may read, by name."""
    manager_of = await people.manager_of(session)
    if person.id not in manager_of.values():
        return []
    inside = {
        block_id: [member.id for member in members]
        for block_id, members in (await people.members_by_block(session)).items()
    }
    led = [
        block
        for block in await people.blocks(session)
        if person.id in leaders(inside.get(block.id, ()), manager_of)
    ]
    return sorted(led, key=lambda block: block.name)
