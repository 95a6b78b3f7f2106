"""Picking a request up, or leaving it to others: the first of those who were asked has it."""

from __future__ import annotations

from bot.domain.matching import may_take
from bot.domain.support import Event
from bot.errors import NotFound
from bot.ports import Reply, Tap, Texts
from bot.store import support
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.support.desk import changing, move
from bot.usecases.support.letter import to_volunteer
from bot.usecases.support.letters import Kind, send
from bot.usecases.support.offering import offer
from bot.usecases.support.pseudonyms import new_alias
from bot.usecases.support.volunteers import asker_of, candidates


async def claim(core: Core, tap: Tap) -> Reply:
    """Pick a request up. Who may is looked at once more, at this very moment."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request, answer = await _asked(session, texts, tap.value, person.id)
        if answer == support.TAKEN and request.warrior_id == person.id:
            return _answered(texts, texts.say("support.claim.yours"))  # a second tap
        if answer != support.ASKED:
            return _too_late(texts)
        if not await _may(core, session, request, person.id):
            await support.put_offer(session, request.id, person.id, support.GONE)
            await offer(core, session, request)
            return _answered(texts, texts.say("support.claim.not_now"))
        if not await take_up(core, session, texts, request, person.id):
            return _too_late(texts)
        await support.take(session, request.id, person.id, today(core, person))
    return _answered(texts, texts.say("support.claim.yours"))


async def decline(core: Core, tap: Tap) -> Reply:
    """Leave it to others. Nobody is told, and nothing is counted."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request, answer = await _asked(session, texts, tap.value, person.id)
        if answer == support.ASKED:
            await support.put_offer(session, request.id, person.id, support.DECLINED)
            await offer(core, session, request)
    return _answered(texts, texts.say("support.claim.declined"))


async def take_up(
    core: Core, session: Session, texts: Texts, request: SupportRequest, person_id: str
) -> bool:
    """Give a request to somebody, and have the two conversations begun. False if it's taken."""
    alias = await new_alias(core, session, texts)
    taken = await move(
        core,
        session,
        request,
        Event.CLAIM,
        warrior_id=person_id,
        warrior_alias=alias,
        next_at=None,
        asks_to_hand_over=False,
    )
    if taken:
        await send(core, session, Kind.PICKED_UP, request.requester_id, request.id, person_id)
        await send(core, session, Kind.YOURS, person_id, request.id, person_id)
    return taken


async def _asked(
    session: Session, texts: Texts, request_id: str, person_id: str
) -> tuple[SupportRequest, str]:
    """A request that somebody was asked for, and what has come of it. Raises NotFound."""
    request = await support.request(session, request_id)
    answer = (await support.offers(session, request_id)).get(person_id)
    if request is None or answer is None:
        raise NotFound(texts.say("error.unknown_button"))
    return request, answer


async def _may(core: Core, session: Session, request: SupportRequest, person_id: str) -> bool:
    asker = await asker_of(session, request)
    own = [one for one in await candidates(core, session) if one.person_id == person_id]
    return any(may_take(one, asker, core.support.new_a_week) for one in own)


def _too_late(texts: Texts) -> Reply:
    return _answered(texts, texts.say("support.claim.picked_up"))


def _answered(texts: Texts, words: str) -> Reply:
    return Reply(replace=to_volunteer(texts, words), notice=notice(texts, words))
