"""When a conversation isn't right: either side ends it, and may have the coordinators know.

Nobody is asked what was said, and nothing of it is passed on.
"""

from __future__ import annotations

from bot.domain.support import ALIVE, Event, Incident
from bot.errors import NotFound
from bot.message import Button
from bot.ports import Reply, Tap, Texts
from bot.store import support, support_notices
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.resources import places_to_turn
from bot.usecases.support.desk import changing, note, request_of_either
from bot.usecases.support.ending import end
from bot.usecases.support.letters import Kind, send_to_coordinators


async def open_report(core: Core, tap: Tap) -> Reply:
    """Say what can be done about a conversation, to either of the two."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await _talked_in(session, texts, tap.value, person)
    words = texts.say("support.report.what")
    choices = (
        Button(texts.say("support.report.block"), "support.report.block", request.id),
        Button(texts.say("support.report.tell"), "support.report.tell", request.id),
    )
    who_sees = texts.say("support.report.who_sees")
    return Reply(notice=places_to_turn(texts, person.region, words, *choices, fine_print=who_sees))


async def block(core: Core, tap: Tap) -> Reply:
    """End a conversation, and never put the two together again. Nobody hears why."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await _talked_in(session, texts, tap.value, person)
        await _part(core, session, request, person)
    return _answered(texts, person, "support.report.blocked")


async def tell(core: Core, tap: Tap) -> Reply:
    """The same, and the coordinators hear of it: once, however often it is pressed."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await _talked_in(session, texts, tap.value, person)
        await _part(core, session, request, person)
        told = await _tell(core, session, request, person)
    return _answered(texts, person, "support.report.told" if told else "support.report.nobody")


async def _tell(core: Core, session: Session, request: SupportRequest, person: Person) -> bool:
    """Whether anybody hears of it."""
    if await support_notices.is_written(session, request.id, Kind.REPORTED, person.id):
        return True
    told = await send_to_coordinators(core, session, Kind.REPORTED, request, person.id)
    if told:
        await note(core, session, Incident.REPORT)
    return told


async def _part(core: Core, session: Session, request: SupportRequest, person: Person) -> None:
    """End what goes on, and keep the two apart."""
    two = (request.requester_id, request.warrior_id or "")
    (other,) = (each for each in two if each != person.id)
    await support.keep_apart(session, person.id, other)
    if request.state in ALIVE:
        await end(core, session, request, Event.CLOSE)


async def _talked_in(
    session: Session, texts: Texts, request_id: str, person: Person
) -> SupportRequest:
    """A conversation that somebody has, or had lately. Raises NotFound for any other."""
    request = await request_of_either(session, request_id, person)
    if request is None or request.warrior_id is None:
        raise NotFound(texts.say("error.unknown_button"))
    return request


def _answered(texts: Texts, person: Person, key: str) -> Reply:
    who_sees = texts.say("support.report.who_sees")
    return Reply(notice=places_to_turn(texts, person.region, texts.say(key), fine_print=who_sees))
