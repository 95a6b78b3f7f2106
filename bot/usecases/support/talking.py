"""What the two may do in a conversation: show more, hand over, hand back, end it, say goodbye."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.support import HELD, Event, RequestState, Shown, next_step
from bot.errors import NotFound
from bot.ports import Reply, Submission, Tap
from bot.store import people, support, support_notices
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.support.asking import first_step
from bot.usecases.support.desk import (
    changing,
    held_request,
    move,
    own_request,
    request_of_either,
)
from bot.usecases.support.ending import end
from bot.usecases.support.letters import Kind, send
from bot.usecases.support.lines import writing_form
from bot.usecases.support.offering import offer
from bot.usecases.support.relay import Side, name_of_other, pass_on

# How long after the end of a conversation either side may say goodbye.
GOODBYES: Final = timedelta(days=1)


async def show_more(core: Core, tap: Tap) -> Reply:
    """Let the volunteer see one step more of who somebody is: `value` is `request:step`.

    The volunteer's own name becomes visible by the same step.
    """
    request_id, _, step = tap.value.partition(":")
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await own_request(session, texts, request_id, person)
        if request.state not in HELD or request.warrior_id is None:
            raise NotFound(texts.say("support.talk.over_here"))
        if next_step(Shown(request.shown)) == step:  # once, however often it is pressed
            request.shown = Shown(step)
            await session.flush()
            await support_notices.outdate(session, request.id, [Kind.PICKED_UP, Kind.YOURS])
            await send(core, session, Kind.SHOWN, request.warrior_id, request.id)
    return Reply(notice=notice(texts, texts.say("support.show.done")))


async def close(core: Core, tap: Tap) -> Reply:
    """End a conversation, by either of the two."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await request_of_either(session, tap.value, person)
        if request is None:
            raise NotFound(texts.say("error.unknown_button"))
        await end(core, session, request, Event.CLOSE)
    return Reply(notice=notice(texts, texts.say("support.closed")))


async def hand_back(core: Core, tap: Tap) -> Reply:
    """A volunteer can't go on, for any reason or none: others are looked for at once."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await held_request(session, texts, tap.value, person)
        done = await give_back(core, session, request)
    words = texts.say("support.handed_back" if done else "support.over")
    return Reply(notice=notice(texts, words))


async def give_back(core: Core, session: Session, request: SupportRequest) -> bool:
    """Look for others, without whoever has it. No word of what was said goes along."""
    before, asker = request.warrior_id, await people.any_person(session, request.requester_id)
    done = await move(
        core,
        session,
        request,
        Event.HAND_BACK,
        warrior_id=None,
        warrior_alias="",
        asks_to_hand_over=False,
        **first_step(core, asker, request.urgency),
    )
    if done:
        await support.put_offer(session, request.id, before or "", support.HANDED_BACK)
        await send(core, session, Kind.LOOKING_AGAIN, request.requester_id, request.id)
        await offer(core, session, request)
    return done


async def ask_to_hand_over(core: Core, tap: Tap) -> Reply:
    """A volunteer would like somebody else to go on: whoever asked decides."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await held_request(session, texts, tap.value, person)
        if request.state not in HELD:
            return Reply(notice=notice(texts, texts.say("support.over")))
        if not request.asks_to_hand_over:
            request.asks_to_hand_over = True
            await session.flush()
            await send(
                core, session, Kind.MAY_WE_HAND_OVER, request.requester_id, request.id, person.id
            )
    return Reply(notice=notice(texts, texts.say("support.hand_over.asked")))


async def answer_hand_over(core: Core, tap: Tap) -> Reply:
    """Whether somebody else may go on: `value` is `request:yes` or `request:no`."""
    request_id, _, answer = tap.value.partition(":")
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await own_request(session, texts, request_id, person)
        warrior_id = request.warrior_id
        if not request.asks_to_hand_over or request.state not in HELD or warrior_id is None:
            return Reply(notice=notice(texts, texts.say("support.over")))
        if answer == "yes":
            await send(core, session, Kind.HANDED_OVER, warrior_id, request.id)
            await give_back(core, session, request)
        else:
            request.asks_to_hand_over = False
            await session.flush()
            await support_notices.outdate(session, request.id, [Kind.MAY_WE_HAND_OVER])
            await send(core, session, Kind.STAYS_WITH_YOU, warrior_id, request.id)
    key = "support.hand_over.agreed" if answer == "yes" else "support.hand_over.declined"
    return Reply(notice=notice(texts, texts.say(key)))


# --- goodbyes --------------------------------------------------------------------------------


async def open_goodbye(core: Core, tap: Tap) -> Reply:
    """A place to write a last word in."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        side = await _ended_side(core, session, tap.value, person)
        if side is None:
            return Reply(notice=notice(texts, texts.say("support.goodbye.too_late")))
        name = await name_of_other(session, texts, side)
    return Reply(form=writing_form(texts, name, "support.say_goodbye", tap.value))


async def say_goodbye(core: Core, submission: Submission) -> Reply:
    """Pass a last word on."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, submission.who)
        side = await _ended_side(core, session, submission.value, person)
    words = submission.fields.get("words", "").strip()
    if side is None or not words:
        return Reply(notice=notice(texts, texts.say("support.goodbye.too_late")))
    said = await pass_on(core, side, texts, words)
    return Reply(notice=said or notice(texts, texts.say("support.talk.sent")))


async def _ended_side(core: Core, session: Session, request_id: str, person: Person) -> Side | None:
    """Somebody's side of a conversation that ended a day ago at most."""
    request = await request_of_either(session, request_id, person)
    if request is None or request.state != RequestState.CLOSED or request.warrior_id is None:
        return None
    if {request.requester_id, request.warrior_id} & await support.not_these(session, person.id):
        return None  # one of the two would rather hear no more
    if request.closed_on is None or today(core, person) > request.closed_on + GOODBYES:
        return None
    return Side(request, person, is_warrior=request.warrior_id == person.id)
