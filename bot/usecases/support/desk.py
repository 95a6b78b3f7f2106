"""What every change at the desk has in common: one at a time, allowed or refused, and noted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.domain.support import Event, Incident, RequestState, Shown, after
from bot.errors import NotAllowed, NotFound
from bot.ports import Texts, Who
from bot.store import people, support, support_notices
from bot.store.database import Lock, Session, hold
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.support.letters import Kind

# After these, letters that were sent say what isn't so any more.
TURNS: Final = frozenset(
    {Event.LOOK_ON, Event.CLAIM, Event.HAND_BACK, Event.CLOSE, Event.WITHDRAW, Event.EXPIRE}
)
ABOUT_NOW: Final = (
    Kind.ASKED,
    Kind.NOBODY_FREE,
    Kind.OFFER,
    Kind.PICKED_UP,
    Kind.YOURS,
    Kind.MAY_WE_HAND_OVER,
    Kind.NOBODY_PICKED_UP,
)
# What is counted, by the day and without a name, for the bands of a quarter.
NOTED: Final = frozenset(set(Event) - {Event.OFFER, Event.LET_GO, Event.TALK, Event.LOOK_ON})


@asynccontextmanager
async def changing(core: Core) -> AsyncIterator[Session]:
    """A writing session in which the desk is ours alone: few people are at it, and none may race.

    So whoever is first picks a request up, and nobody is asked beyond what they have room for.
    """
    async with core.database.writing() as session:
        await hold(session, Lock.SUPPORT)
        yield session


async def move(
    core: Core, session: Session, request: SupportRequest, event: Event, **values: object
) -> bool:
    """Bring a request on, inside `changing`. False, with nothing changed, if it can't be now."""
    state = after(RequestState(request.state), event)
    if state is None or not await support.move(session, request, state, **values):
        return False
    if event in NOTED:
        await note(core, session, event)
    if event in TURNS:
        await support_notices.outdate(session, request.id, ABOUT_NOW)
    return True


async def note(core: Core, session: Session, event: Event | Incident) -> None:
    """Note that something happened today: an id that links to nothing, the day, and what."""
    await support.note_day(session, core.new_id(), core.clock.now().date(), event)


async def acting_coordinator(core: Core, session: Session, who: Who) -> tuple[Person, Texts]:
    """The coordinator who acts. Raises NotAllowed for whoever is none."""
    person, texts = await acting_texts(core, session, who)
    if not person.is_coordinator:
        raise NotAllowed(texts.say("error.not_yours"))
    return person, texts


async def own_request(
    session: Session, texts: Texts, request_id: str, person: Person
) -> SupportRequest:
    """A request that somebody wrote. Raises NotFound for anybody else's, however it was found."""
    request = await support.request(session, request_id)
    if request is None or request.requester_id != person.id:
        raise NotFound(texts.say("error.unknown_button"))
    return request


async def held_request(
    session: Session, texts: Texts, request_id: str, person: Person
) -> SupportRequest:
    """A request that somebody has picked up. Raises NotFound for anybody else's."""
    request = await support.request(session, request_id)
    if request is None or request.warrior_id != person.id:
        raise NotFound(texts.say("error.unknown_button"))
    return request


async def request_of_either(
    session: Session, request_id: str, person: Person
) -> SupportRequest | None:
    """A request that somebody wrote, or has picked up; None for anybody else's."""
    request = await support.request(session, request_id)
    if request is None or person.id not in {request.requester_id, request.warrior_id}:
        return None
    return request


# --- what the two are called -----------------------------------------------------------------


async def asker_name(session: Session, texts: Texts, request: SupportRequest) -> str:
    """What the volunteer calls whoever asked: as much of a name as they have shown."""
    if request.shown == Shown.PSEUDONYM:
        return request.alias
    person = await people.person(session, request.requester_id)
    if person is None:
        return request.alias
    return await name_of(session, texts, person, Shown(request.shown))


async def warrior_name(session: Session, texts: Texts, request: SupportRequest) -> str:
    """What whoever asked calls the volunteer: as much of a name as they have shown themselves.

    Somebody who was asked for by name has one anyway.
    """
    shown = Shown.NAME_AND_TEAM if request.wanted_id == request.warrior_id else Shown(request.shown)
    person = await people.person(session, request.warrior_id or "")
    if person is None or shown is Shown.PSEUDONYM:
        return request.warrior_alias
    return await name_of(session, texts, person, shown)


async def name_of(session: Session, texts: Texts, person: Person, shown: Shown) -> str:
    """A name, as far as it is shown."""
    if shown is Shown.FIRST_NAME:
        return person.name.split()[0]
    team = await people.find_team(session, person.team_id)
    return texts.say("support.name_and_team", name=person.name, team=team.name if team else "")
