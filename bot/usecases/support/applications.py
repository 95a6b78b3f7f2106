"""Offering to volunteer, and the coordinator's answer."""

from __future__ import annotations

from bot.domain.volunteering import CameBy, WarriorState
from bot.errors import NotAllowed
from bot.ports import Reply, Tap, Texts
from bot.store import people, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.support.desk import acting_coordinator, changing
from bot.usecases.support.letter import to_coordinator
from bot.usecases.support.letters import Kind, send_when_free
from bot.usecases.support.volunteer_page import is_barred


async def apply(core: Core, tap: Tap) -> Reply:
    """Offer to be a volunteer. The coordinators hear of it by name; doing it again does nothing."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        key = await _apply(core, session, person)
    return Reply(notice=notice(texts, texts.say(key)), home=True)


async def _apply(core: Core, session: Session, person: Person) -> str:
    """The key of what to say."""
    if await is_barred(session, person):
        return "support.volunteer.barred"
    organisation = await people.organisation(session)
    if organisation is None or organisation.launched_at is None:
        return "support.apply.too_early"
    warrior = await warriors.warrior(session, person.id, to_change=True)
    if warrior is not None and warrior.state != WarriorState.LEFT:
        return "support.apply.known"
    asked = [
        await send_when_free(core, session, Kind.APPLICATION, each, about_id=person.id)
        for each in await warriors.coordinators(session)
        if each.id != person.id
    ]
    if not any(asked):
        return "support.apply.no_coordinator"
    if warrior is None:
        warrior = Warrior(person_id=person.id, state=WarriorState.APPLIED)
    warrior.state, warrior.came_by = WarriorState.APPLIED, CameBy.APPLYING
    session.add(warrior)
    return "support.apply.done"


async def approve(core: Core, tap: Tap) -> Reply:
    """A coordinator agrees: `value` is who offered. They confirm the rest themselves."""
    async with changing(core) as session:
        texts, applicant, warrior = await _application(core, session, tap)
        if applicant is None or warrior is None:
            return _answered(texts, texts.say("support.apply.answered"))
        if await is_barred(session, applicant):  # the next tick tells them
            return _answered(texts, texts.say("support.apply.barred", name=applicant.name))
        warrior.state = WarriorState.APPROVED
        await _tell(core, session, applicant, Kind.APPROVED)
    return _answered(texts, texts.say("support.apply.approved", name=applicant.name))


async def decline(core: Core, tap: Tap) -> Reply:
    """A coordinator says "not now": `value` is who offered. They may offer again."""
    async with changing(core) as session:
        texts, applicant, warrior = await _application(core, session, tap)
        if applicant is None or warrior is None:
            return _answered(texts, texts.say("support.apply.answered"))
        warrior.state, warrior.came_by = WarriorState.LEFT, CameBy.TAKEN_BACK
        await _tell(core, session, applicant, Kind.NOT_NOW)
    return _answered(texts, texts.say("support.apply.declined", name=applicant.name))


async def _application(
    core: Core, session: Session, tap: Tap
) -> tuple[Texts, Person | None, Warrior | None]:
    """Who offered, for a coordinator to answer; nobody if that is answered or taken back.

    Raises NotAllowed for whoever is no coordinator, and for an answer to oneself.
    """
    person, texts = await acting_coordinator(core, session, tap.who)
    if person.id == tap.value:
        raise NotAllowed(texts.say("error.not_yours"))
    applicant = await people.person(session, tap.value)
    warrior = await warriors.warrior(session, tap.value, to_change=True)
    if warrior is None or warrior.state != WarriorState.APPLIED:
        return texts, None, None
    return texts, applicant, warrior


async def _tell(core: Core, session: Session, applicant: Person, kind: Kind) -> None:
    await session.flush()
    await support_notices.outdate_about(session, applicant.id, [Kind.APPLICATION])
    await send_when_free(core, session, kind, applicant)


def _answered(texts: Texts, words: str) -> Reply:
    return Reply(replace=to_coordinator(texts, words), notice=notice(texts, words))
