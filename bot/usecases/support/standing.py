"""Who may be a volunteer, as the roster says now: looked at with every tick.

So it doesn't matter which way the roster changed: by a file, a directory, or a platform's groups.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.availability import is_paused
from bot.domain.volunteering import (
    NOT_YET,
    ON_DUTY,
    CameBy,
    Standing,
    WarriorState,
    after_roster,
    is_to_be_told,
    is_to_be_told_of_end,
)
from bot.store import people, support, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support.desk import changing
from bot.usecases.support.letters import Kind, send_when_free
from bot.usecases.support.stepping_back import give_everything_back
from bot.usecases.support.talking import give_back

# What somebody becomes.
Change = tuple[WarriorState, CameBy]


async def keep_volunteers(core: Core) -> None:
    """Have volunteers be what the roster says, and tell them; remind of training.

    Nothing happens before the launch.
    """
    async with core.database.reading() as session:
        organisation = await people.organisation(session)
        if organisation is None or organisation.launched_at is None:
            return
        due = await _due(core, session, await warriors.on_record(session))
        gone = await support.held_by_those_gone(session)
    for person_id in due:
        async with changing(core) as session:
            found = [each for each in await warriors.on_record(session) if each[0].id == person_id]
            if found and await _due(core, session, found):
                await _keep(core, session, *found[0])
    if gone:  # also whoever took a request over without being a volunteer
        async with changing(core) as session:
            for request in await support.held_by_those_gone(session):
                await give_back(core, session, request)


async def _due(
    core: Core, session: Session, found: Collection[tuple[Person, Warrior | None]]
) -> list[str]:
    """Those for whom something has changed."""
    managing = await warriors.managing_ids(session, {person.id for person, _ in found})
    reachable = await warriors.reachable_ids(session, {person.id for person, _ in found})
    return [
        person.id
        for person, warrior in found
        if (
            _change(person, warrior, is_manager=person.id in managing)
            or _told(core, person, warrior)
        )
        and (warrior is not None or _may_be_written_to(core, person, reachable))
    ]


def _may_be_written_to(core: Core, person: Person, reachable: Collection[str]) -> bool:
    """Whether somebody whom the roster has as a volunteer can be told so: after their welcome."""
    is_away = is_paused(people.availability(person), today(core, person))
    return person.welcomed_on is not None and person.id in reachable and not is_away


def _change(person: Person, warrior: Warrior | None, *, is_manager: bool) -> Change | None:
    before = (WarriorState(warrior.state), CameBy(warrior.came_by)) if warrior else NOT_YET
    standing = Standing(
        is_there=person.is_active,
        has_role=person.is_volunteer,
        is_barred=is_manager or person.is_case_handler,
    )
    after = after_roster(*before, standing)
    return after if after != before else None


def _told(core: Core, person: Person, warrior: Warrior | None) -> Kind | None:
    """The letter on training that is due."""
    day = today(core, person)
    if warrior is None or warrior.state != WarriorState.ACTIVE or not person.is_active:
        return None
    if is_paused(people.availability(person), day):
        return None
    if is_to_be_told_of_end(warrior.trained_on, warrior.told_on, day):
        return Kind.TRAINING_ENDED
    if is_to_be_told(warrior.trained_on, warrior.told_on, day):
        return Kind.TRAINING_ENDS
    return None


async def _keep(core: Core, session: Session, person: Person, warrior: Warrior | None) -> None:
    is_manager = bool(await warriors.managing_ids(session, {person.id}))
    change = _change(person, warrior, is_manager=is_manager)
    if change is None:
        await _remind(core, session, person, warrior)
        return
    if warrior is None:
        warrior = Warrior(person_id=person.id, state=NOT_YET[0])
    before = WarriorState(warrior.state)
    warrior.state, warrior.came_by = change
    session.add(warrior)
    await session.flush()
    after = change[0]
    if before in ON_DUTY and after not in ON_DUTY:
        await give_everything_back(core, session, person.id)
    await support_notices.outdate_about(session, person.id, [Kind.APPLICATION])
    kind = _news(before, after) if after is not before else None
    if kind is not None and person.is_active:
        await send_when_free(core, session, kind, person)


def _news(before: WarriorState, after: WarriorState) -> Kind | None:
    """What to tell somebody about what has become of them."""
    match after:
        case WarriorState.APPROVED:
            return Kind.APPROVED
        case WarriorState.SUSPENDED:
            return Kind.SUSPENDED if before is not WarriorState.MAY_RETURN else None
        case WarriorState.MAY_RETURN:
            return Kind.MAY_RETURN
        case WarriorState.LEFT:
            return Kind.SUSPENDED if before is WarriorState.APPLIED else Kind.NO_LONGER
        case _:
            return None


async def _remind(core: Core, session: Session, person: Person, warrior: Warrior | None) -> None:
    kind = _told(core, person, warrior)
    if kind is not None and warrior is not None:
        warrior.told_on = today(core, person)
        await session.flush()
        await send_when_free(core, session, kind, person)
