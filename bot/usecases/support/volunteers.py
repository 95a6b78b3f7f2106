"""The volunteers as candidates: what there is to know of each, to decide whom to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.matching import Asker, Candidate
from bot.domain.shifts import Shift, on_shift
from bot.domain.volunteering import WarriorState, is_trained
from bot.store import people, support, warriors
from bot.store.database import Session
from bot.store.support_tables import SupportRequest, Warrior
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import today

# "New" is what somebody picked up within this: DESIGN 5.7.
LATELY: Final = timedelta(days=7)


async def candidates(core: Core, session: Session) -> list[Candidate]:
    """Everybody who may be asked at some time, as they are now."""
    active = await warriors.warriors(session, [WarriorState.ACTIVE])
    there = await warriors.reachable_ids(session, {person.id for _, person in active})
    managers = set((await people.manager_of(session)).values())
    loads = await support.loads(session, core.clock.now().date() - LATELY)
    return [
        _candidate(core, warrior, person, manages=person.id in managers, load=loads.get(person.id))
        for warrior, person in active
        if person.id in there
    ]


def _candidate(
    core: Core, warrior: Warrior, person: Person, *, manages: bool, load: tuple[int, int] | None
) -> Candidate:
    now = core.clock.now()
    open_now, lately = load or (0, 0)
    rests = warrior.rests_until is not None and warrior.rests_until > now
    shifts = [Shift(shift) for shift in warrior.shifts]
    return Candidate(
        person_id=person.id,
        languages=frozenset(warrior.languages),
        is_ready=not rests and is_trained(warrior.trained_on, today(core, person)),
        is_on_shift=on_shift(people.availability(person), shifts, now),
        manages=manages,
        handles_cases=person.is_case_handler,
        open_now=open_now,
        new_lately=lately,
        cap=min(warrior.cap, core.support.most_open),
        recent=lately,
        asked_on=warrior.asked_on,
    )


async def asker_of(session: Session, request: SupportRequest) -> Asker:
    """Whoever asks, with all whom they aren't put together with for this request."""
    asked = await support.offers(session, request.id)
    done_with = {who for who, state in asked.items() if state in support.DONE_WITH}
    return await asker(session, request.requester_id, request.language, done_with)


async def asker(
    session: Session, person_id: str, language: str, done_with: set[str] | None = None
) -> Asker:
    """Somebody who would ask in a language."""
    return Asker(
        person_id=person_id,
        language=language,
        not_these=frozenset(await support.not_these(session, person_id) | (done_with or set())),
        manager_of=await people.manager_of(session),
    )
