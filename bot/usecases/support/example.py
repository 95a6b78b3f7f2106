"""The example organisation's volunteers: there from the start, so that asking works at once."""

from __future__ import annotations

from bot.domain.shifts import Shift
from bot.domain.volunteering import CameBy, WarriorState
from bot.store import people
from bot.store.support_tables import Warrior
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support.desk import changing


async def begin_volunteering(core: Core) -> None:
    """Have everybody who has the role trained and active. Nobody is written to about it.

    For made-up people only: real ones confirm training and confidentiality themselves.
    """
    async with changing(core) as session:
        for person in await people.active_people(session):
            if person.is_volunteer:
                session.add(
                    Warrior(
                        person_id=person.id,
                        state=WarriorState.ACTIVE,
                        came_by=CameBy.ROSTER,
                        languages=[person.language],
                        shifts=list(Shift),
                        trained_on=today(core, person),
                    )
                )
