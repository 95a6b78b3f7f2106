"""Learning whose pseudonym it is when a life may be at risk: only where the organisation allows it.

It takes a coordinator and a second named person, for a request whose writer was told of it before
sending, and whose volunteer has called for help. Whoever it is about is told. The volunteer isn't.
"""

from __future__ import annotations

from bot.domain.support import Incident
from bot.errors import NotAllowed, NotFound
from bot.message import Button
from bot.ports import Reply, Tap, Texts, Who
from bot.store import support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.support.coordinating import SURE
from bot.usecases.support.desk import acting_coordinator, changing, note
from bot.usecases.support.harm import request_at_risk
from bot.usecases.support.letter import to_coordinator
from bot.usecases.support.letters import Kind, send


async def ask(core: Core, tap: Tap) -> Reply:
    """A coordinator asks the second person, once they have said that they mean it.

    `value` is `request` or `request:sure`.
    """
    request_id = tap.value.removesuffix(SURE)
    async with changing(core) as session:
        person, texts = await acting_coordinator(core, session, tap.who)
        request = await _may_be_revealed(core, session, texts, request_id, person)
        if request_id == tap.value:
            sure = Button(texts.say("support.reveal.yes_ask"), "support.reveal", request_id + SURE)
            return Reply(notice=to_coordinator(texts, texts.say("support.reveal.sure"), sure))
        key = await _ask(core, session, request, person)
    return Reply(notice=notice(texts, texts.say(key)))


async def _ask(core: Core, session: Session, request: SupportRequest, person: Person) -> str:
    """The key of what to say."""
    if request.revealing_id is not None:
        return "support.reveal.asked"
    asked = [
        await send(core, session, Kind.REVEAL_ASKED, each.id, request.id, person.id)
        for each in await warriors.safeguarding(session)
        if each.id not in {person.id, *_part_of(request)}
    ]
    if not any(asked):
        return "support.reveal.nobody"
    request.revealing_id = person.id
    await session.flush()
    return "support.reveal.asked"


async def answer(core: Core, tap: Tap) -> Reply:
    """The second person agrees or doesn't: `value` is `request:yes` or `request:no`."""
    request_id, _, said = tap.value.partition(":")
    async with changing(core) as session:
        person, texts = await _acting_second(core, session, tap.who)
        request = await _may_be_revealed(core, session, texts, request_id, person)
        first = request.revealing_id
        if first is None:
            return Reply(notice=notice(texts, texts.say("support.reveal.answered")))
        if first == person.id or said not in {"yes", "no"}:
            raise NotAllowed(texts.say("error.not_yours"))
        request.revealing_id = None
        await session.flush()
        await support_notices.outdate(session, request.id, [Kind.REVEAL_ASKED])
        if said == "yes":
            for each in (first, person.id):
                await send(core, session, Kind.REVEALED, each, request.id)
            await send(core, session, Kind.YOU_WERE_NAMED, request.requester_id, request.id)
            await note(core, session, Incident.REVEAL)
        else:
            await send(core, session, Kind.REVEAL_REFUSED, first, request.id)
    key = "support.reveal.agreed" if said == "yes" else "support.reveal.refused"
    return Reply(notice=notice(texts, texts.say(key)))


async def _acting_second(core: Core, session: Session, who: Who) -> tuple[Person, Texts]:
    """The second named person. Raises NotAllowed for whoever is none."""
    person, texts = await acting_texts(core, session, who)
    if not person.is_safeguarding:
        raise NotAllowed(texts.say("error.not_yours"))
    return person, texts


async def _may_be_revealed(
    core: Core, session: Session, texts: Texts, request_id: str, person: Person
) -> SupportRequest:
    """Raises NotFound where it wasn't said beforehand, and for a conversation of one's own."""
    request = await request_at_risk(session, texts, request_id)
    is_theirs = person.id in _part_of(request)
    if not core.support.reveal or not request.may_reveal or is_theirs:
        raise NotFound(texts.say("error.unknown_button"))
    return request


def _part_of(request: SupportRequest) -> set[str | None]:
    """Whoever asked, and the volunteers that it is about: none of them is one of the two."""
    return {request.requester_id, request.warrior_id, request.caller_id}
