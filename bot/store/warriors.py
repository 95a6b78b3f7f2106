"""Queries on volunteers and the coordinator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select, update
from sqlmodel import col

from bot.domain.volunteering import WarriorState
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Account, Person


async def warrior(session: Session, person_id: str, *, to_change: bool = False) -> Warrior | None:
    """To change them, nobody else may do so until the session ends."""
    return await session.get(Warrior, person_id, with_for_update=to_change)


async def warriors(
    session: Session, states: Collection[WarriorState]
) -> Sequence[tuple[Warrior, Person]]:
    """The volunteers in these states who are on the roster."""
    query = (
        select(Warrior, Person)
        .join(Person, col(Person.id) == col(Warrior.person_id))
        .where(col(Warrior.state).in_(states), col(Person.is_active))
        .order_by(col(Warrior.person_id))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def on_record(session: Session) -> Sequence[tuple[Person, Warrior | None]]:
    """Everybody who volunteers or has, on the roster or not; and whom the roster has as one."""
    query = (
        select(Person, Warrior)
        .outerjoin(Warrior, col(Warrior.person_id) == col(Person.id))
        .where(
            or_(
                col(Warrior.person_id).is_not(None),
                col(Person.is_active) & col(Person.is_volunteer),
            )
        )
        .order_by(col(Person.id))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def managing_ids(session: Session, person_ids: Collection[str]) -> set[str]:
    """Those of these people who line-manage somebody."""
    query = select(col(Person.manager_id)).where(
        col(Person.is_active), col(Person.manager_id).in_(person_ids)
    )
    return {str(each) for each in (await session.execute(query.distinct())).scalars()}


async def reachable_ids(session: Session, person_ids: Collection[str]) -> set[str]:
    """Those of these people who have an account on any platform."""
    query = select(col(Account.person_id)).where(col(Account.person_id).in_(person_ids)).distinct()
    return set((await session.execute(query)).scalars())


async def note_asked(session: Session, person_ids: Collection[str], on: date) -> None:
    await session.execute(
        update(Warrior)
        .where(col(Warrior.person_id).in_(person_ids))
        .values(asked_on=on)
        .execution_options(synchronize_session=False)
    )


async def rest(session: Session, person_id: str, until: datetime) -> None:
    """No offers for somebody until then."""
    await session.execute(
        update(Warrior)
        .where(col(Warrior.person_id) == person_id)
        .values(rests_until=until)
        .execution_options(synchronize_session=False)
    )


async def coordinators(session: Session) -> list[Person]:
    """Those who look after the volunteers, by name."""
    query = select(Person).where(col(Person.is_active), col(Person.is_coordinator))
    return sorted((await session.execute(query)).scalars(), key=lambda each: (each.name, each.id))


async def safeguarding(session: Session) -> list[Person]:
    """Those who decide together with a coordinator whether a pseudonym is lifted, by name."""
    query = select(Person).where(col(Person.is_active), col(Person.is_safeguarding))
    return sorted((await session.execute(query)).scalars(), key=lambda each: (each.name, each.id))


async def is_anybody_there(session: Session) -> bool:
    """Whether there is any volunteer who may be asked at some time."""
    query = select(
        exists().where(
            col(Warrior.state) == WarriorState.ACTIVE,
            col(Person.id) == col(Warrior.person_id),
            col(Person.is_active),
        )
    )
    return bool((await session.execute(query)).scalar())


async def listed(session: Session) -> list[Person]:
    """The volunteers who may be asked for by name, by name."""
    active = await warriors(session, [WarriorState.ACTIVE])
    found = [person for each, person in active if each.is_listed]
    return sorted(found, key=lambda each: (each.name, each.id))
