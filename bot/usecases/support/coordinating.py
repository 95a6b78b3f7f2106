"""What a coordinator does with requests: take one over, give it to others, end it.

They never learn whose a request is: not from what they see, and not from what is refused.
"""

from __future__ import annotations

from bot.domain.matching import is_too_close
from bot.domain.support import WAITING, Event
from bot.errors import NotFound
from bot.message import Button
from bot.ports import Reply, Tap, Texts
from bot.store import support
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support.claiming import take_up
from bot.usecases.support.desk import acting_coordinator, changing
from bot.usecases.support.ending import end
from bot.usecases.support.letter import queue_button, to_coordinator
from bot.usecases.support.letters import Kind, send
from bot.usecases.support.talking import give_back
from bot.usecases.support.volunteers import asker_of

# What is added to a request's id once a coordinator has said that they mean it.
SURE = ":sure"


async def take_over(core: Core, tap: Tap) -> Reply:
    """Pick up a request that waits. Why one can't be theirs isn't said: that would say whose."""
    async with changing(core) as session:
        person, texts = await acting_coordinator(core, session, tap.who)
        request = await _request(session, texts, tap.value)
        key = await _take_over(core, session, texts, request, person)
    return _answered(texts, key)


async def _take_over(
    core: Core, session: Session, texts: Texts, request: SupportRequest, person: Person
) -> str:
    """The key of what to say."""
    if request.warrior_id == person.id:
        return "support.claim.yours"  # a second tap
    if request.state not in WAITING:
        return "support.claim.picked_up" if request.warrior_id else "support.over"
    asker = await asker_of(session, request)
    is_close = is_too_close(person.id, asker.person_id, asker.manager_of)
    if is_close or person.id in asker.not_these:
        return "support.queue.not_yours"
    await take_up(core, session, texts, request, person.id)
    await support.take(session, request.id, person.id, today(core, person))
    return "support.claim.yours"


async def reassign(core: Core, tap: Tap) -> Reply:
    """Look for others for a request that somebody has: both sides are told."""
    async with changing(core) as session:
        _, texts = await acting_coordinator(core, session, tap.who)
        request = await _request(session, texts, tap.value)
        warrior_id = request.warrior_id
        done = await give_back(core, session, request)
        if done and warrior_id is not None:
            await send(core, session, Kind.REASSIGNED, warrior_id, request.id)
    return _answered(texts, "support.queue.reassigned" if done else "support.over")


async def close(core: Core, tap: Tap) -> Reply:
    """End a request, once the coordinator has said that they mean it: `value` is `request:sure`."""
    request_id = tap.value.removesuffix(SURE)
    async with changing(core) as session:
        _, texts = await acting_coordinator(core, session, tap.who)
        request = await _request(session, texts, request_id)
        if request_id == tap.value:
            words = texts.say("support.queue.sure")
            yes = Button(
                texts.say("support.queue.yes_close"), "support.coordinator_close", request_id + SURE
            )
            return Reply(notice=to_coordinator(texts, words, yes, queue_button(texts)))
        done = await end(core, session, request, Event.CLOSE, Kind.CLOSED_BY_COORDINATOR)
    return _answered(texts, "support.queue.closed" if done else "support.over")


async def _request(session: Session, texts: Texts, request_id: str) -> SupportRequest:
    request = await support.request(session, request_id)
    if request is None:
        raise NotFound(texts.say("error.unknown_button"))
    return request


def _answered(texts: Texts, key: str) -> Reply:
    return Reply(notice=to_coordinator(texts, texts.say(key), queue_button(texts)))
