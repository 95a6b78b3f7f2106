"""When a conversation isn't right: either side ends it, and may have the coordinators know.

Nobody is asked what was said, and nothing of it is passed on.
"""

from __future__ import annotations

from bot.domain.support import ALIVE, Event
from bot.errors import NotFound
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.ports import Reply, Tap, Texts
from bot.store import support, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.resources import resource_items
from bot.usecases.support.desk import changing, note
from bot.usecases.support.ending import end
from bot.usecases.support.letters import Kind, send

REPORT = "report"


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
    return Reply(
        notice=Message(
            summary=words,
            parts=(
                Paragraph(words),
                Buttons(choices),
                resource_items(texts, person.region),
                FinePrint(texts.say("support.report.who_sees")),
            ),
        )
    )


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
    two = {request.requester_id, request.warrior_id}
    told = [
        await send(core, session, Kind.REPORTED, each.id, request.id, person.id)
        for each in await warriors.coordinators(session)
        if each.id not in two
    ]
    if any(told):
        await note(core, session, REPORT)
    return any(told)


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
    request = await support.request(session, request_id)
    if request is None or request.warrior_id is None:
        raise NotFound(texts.say("error.unknown_button"))
    if person.id not in {request.requester_id, request.warrior_id}:
        raise NotFound(texts.say("error.unknown_button"))
    return request


def _answered(texts: Texts, person: Person, key: str) -> Reply:
    words = texts.say(key)
    return Reply(
        notice=Message(
            summary=words,
            parts=(
                Paragraph(words),
                resource_items(texts, person.region),
                FinePrint(texts.say("support.report.who_sees")),
            ),
        )
    )
