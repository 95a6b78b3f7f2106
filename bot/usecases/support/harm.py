"""When a life may be at risk: where to turn and what helps, at once, and coordinators are called.

They are called to the volunteer, and don't learn whose the request is: see `revealing`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.support import HELD, Incident
from bot.errors import NotFound
from bot.message import Button
from bot.ports import Reply, Tap, Texts
from bot.store import support, support_notices
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.resources import places_to_turn
from bot.usecases.support.desk import acting_coordinator, changing, held_request, note
from bot.usecases.support.letter import queue_button, to_coordinator
from bot.usecases.support.letters import Kind, send, send_to_coordinators

# A second press within this is the same call; after it, everybody is called once more.
SAME_CALL: Final = timedelta(minutes=10)


async def open_harm(core: Core, tap: Tap) -> Reply:
    """Show a volunteer what to do now, and the button that calls the coordinators."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await held_request(session, texts, tap.value, person)
    words = texts.say("support.harm.now")
    call = Button(texts.say("support.harm.call"), "support.harm.call", request.id, "primary")
    who_sees = texts.say("support.harm.who_sees")
    return Reply(notice=places_to_turn(texts, person.region, words, call, fine_print=who_sees))


async def call(core: Core, tap: Tap) -> Reply:
    """Call the coordinators to a volunteer, at any hour; whoever asked is told, as promised."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await held_request(session, texts, tap.value, person)
        if request.state not in HELD:
            raise NotFound(texts.say("support.talk.over"))
        is_called = await _call(core, session, request)
    words = texts.say("support.harm.called" if is_called else "support.harm.nobody")
    way_out = texts.say("support.volunteer.way_out")
    return Reply(notice=places_to_turn(texts, person.region, words, fine_print=way_out))


async def _call(core: Core, session: Session, request: SupportRequest) -> bool:
    """Whether anybody is called."""
    now = core.clock.now()
    is_theirs = request.caller_id == request.warrior_id
    if is_theirs and request.harm_at is not None and now < request.harm_at + SAME_CALL:
        return True
    if not await send_to_coordinators(core, session, Kind.HARM, request, request.warrior_id):
        return False
    if request.harm_at is None:
        await send(core, session, Kind.HELP_ASKED, request.requester_id, request.id)
    request.harm_at, request.caller_id, request.helper_id = now, request.warrior_id, None
    await session.flush()
    await note(core, session, Incident.HARM)
    return True


async def on_it(core: Core, tap: Tap) -> Reply:
    """A coordinator sees to it: whoever called hears who, and the others that somebody does."""
    async with changing(core) as session:
        person, texts = await acting_coordinator(core, session, tap.who)
        request = await request_at_risk(session, texts, tap.value)
        if request.helper_id is None and request.caller_id is not None:
            request.helper_id = person.id
            await session.flush()
            await support_notices.outdate(session, request.id, [Kind.HARM])
            await send(
                core, session, Kind.HELP_COMES, request.caller_id, request.id, about_id=person.id
            )
    key = "support.harm.yours" if request.helper_id == person.id else "support.harm.anothers"
    return Reply(notice=to_coordinator(texts, texts.say(key), queue_button(texts)))


async def request_at_risk(session: Session, texts: Texts, request_id: str) -> SupportRequest:
    """A request whose volunteer has called for help. Raises NotFound for any other."""
    request = await support.request(session, request_id)
    if request is None or request.harm_at is None:
        raise NotFound(texts.say("error.unknown_button"))
    return request
