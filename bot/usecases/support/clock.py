"""What the clock does with requests that wait, in the working hours of whoever asked."""

from __future__ import annotations

from datetime import datetime

from bot.domain.support import ALIVE, WAITING, Event, Urgency
from bot.domain.support_clock import Step, next_step_at
from bot.store import people, support
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.core import Core
from bot.usecases.support.desk import changing, move
from bot.usecases.support.ending import end
from bot.usecases.support.letters import Kind, send, send_to_coordinators
from bot.usecases.support.offering import offer, offer_all


async def keep_time(core: Core, now: datetime) -> None:
    """Take every step that is due, and ask whoever has come on shift meanwhile."""
    async with core.database.reading() as session:
        due = await support.due_ids(session, now)
    for request_id in due:
        async with changing(core) as session:
            request = await support.request(session, request_id)
            if request is not None and request.state in ALIVE:
                await _step(core, session, request, now)
    await offer_all(core)


async def _step(core: Core, session: Session, request: SupportRequest, now: datetime) -> None:
    if request.expires_at <= now:  # its last day is over
        await end(core, session, request, Event.EXPIRE)
    elif request.state in WAITING and request.next_at is not None and request.next_at <= now:
        await _wait_on(core, session, request)


async def _wait_on(core: Core, session: Session, request: SupportRequest) -> None:
    """The next step of the clock: it is taken once, and the one after it is set."""
    person = await people.any_person(session, request.requester_id)
    urgency = Urgency(request.urgency)
    times = people.availability(person)
    done = Step(request.done) if request.done else None
    this = next_step_at(times, request.since, urgency, done)
    if this is None:
        return
    step, _ = this
    later = next_step_at(times, request.since, urgency, step)
    request.done = step
    request.next_at = later[1] if later else None
    await session.flush()
    await _take(core, session, request, step)


async def _take(core: Core, session: Session, request: SupportRequest, step: Step) -> None:
    match step:
        case Step.OFFER_AGAIN:
            await offer(core, session, request)
            await send(core, session, Kind.STILL_LOOKING, request.requester_id, request.id)
        case Step.ESCALATE:
            await move(core, session, request, Event.ESCALATE)
            await send(core, session, Kind.COORDINATOR_CALLED, request.requester_id, request.id)
            await send_to_coordinators(core, session, Kind.NOBODY_PICKED_UP, request)
        case Step.GIVE_UP:
            await move(core, session, request, Event.GIVE_UP)
            await send(core, session, Kind.NOBODY_FREE, request.requester_id, request.id)
