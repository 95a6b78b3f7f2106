"""What a coordinator does when a conversation wasn't right.

A volunteer is known to them by name. Whoever asked is a pseudonym, and stays one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from bot.domain.support import Event, Incident
from bot.domain.volunteering import WarriorState
from bot.errors import NotFound
from bot.message import Button
from bot.ports import Reply, Tap, Texts
from bot.store import people, support, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import AskingPause, SupportRequest
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support.coordinating import SURE
from bot.usecases.support.desk import acting_coordinator, changing, note
from bot.usecases.support.ending import end
from bot.usecases.support.letter import queue_button, to_coordinator
from bot.usecases.support.letters import Kind, send, send_when_free
from bot.usecases.support.stepping_back import give_everything_back

LASTS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"week": timedelta(days=7), "month": timedelta(days=30)}
)


async def pause_asking(core: Core, tap: Tap) -> Reply:
    """Pass on no requests of somebody whom their volunteer reported: `value` is `request:length`.

    Whoever it is stays unknown. What they have asked for meanwhile ends, and they are told.
    """
    request_id, _, length = tap.value.partition(":")
    async with changing(core) as session:
        _, texts = await acting_coordinator(core, session, tap.who)
        request = await _reported(session, texts, request_id)
        by_volunteer = await support_notices.is_written(
            session, request.id, Kind.REPORTED, request.warrior_id
        )
        if not by_volunteer or length not in LASTS:
            raise NotFound(texts.say("error.unknown_button"))
        await _pause(core, session, request, LASTS[length])
    return _answered(texts, texts.say("support.pause.done"))


async def _pause(core: Core, session: Session, request: SupportRequest, lasts: timedelta) -> None:
    """Once a day at most, so that a second press changes nothing."""
    asker = await people.any_person(session, request.requester_id)
    until = today(core, asker) + lasts
    before = await support.pause_of(session, asker.id)
    if before is not None and before.until == until:
        return
    pause = AskingPause(person_id=asker.id, id=core.new_id(), alias=request.alias, until=until)
    await support.pause_asking(session, pause)
    waiting = await support.of_asker(session, asker.id)
    if waiting is not None:
        await end(core, session, waiting, Event.CLOSE, to_asker=None)
    await note(core, session, Incident.PAUSE)
    await send(core, session, Kind.ASKING_PAUSED, asker.id, request.id)


async def lift_pause(core: Core, tap: Tap) -> Reply:
    """Let somebody ask again: `value` is the pause."""
    async with changing(core) as session:
        _, texts = await acting_coordinator(core, session, tap.who)
        pause = await support.pause(session, tap.value)
        if pause is None:
            raise NotFound(texts.say("error.unknown_button"))
        await support.end_pause(session, pause)
        await send(core, session, Kind.MAY_ASK_AGAIN, pause.person_id)
    return _answered(texts, texts.say("support.pause.lifted"))


async def stop_volunteer(core: Core, tap: Tap) -> Reply:
    """A reported volunteer is one no longer, once the coordinator has said that they mean it.

    `value` is `request` or `request:sure`. Where the roster has the role for them, it has to go
    there too: otherwise they may begin again by themselves.
    """
    request_id = tap.value.removesuffix(SURE)
    async with changing(core) as session:
        _, texts = await acting_coordinator(core, session, tap.who)
        request = await _reported(session, texts, request_id)
        person = await people.person(session, request.warrior_id or "")
        if person is None:
            raise NotFound(texts.say("support.over"))
        if request_id == tap.value:
            sure = Button(
                texts.say("support.stop.yes"), "support.stop_volunteer", request_id + SURE
            )
            words = texts.say("support.stop.sure", name=person.name)
            return Reply(notice=to_coordinator(texts, words, sure, queue_button(texts)))
        warrior = await warriors.warrior(session, person.id, to_change=True)
        if warrior is not None and warrior.state != WarriorState.LEFT:
            warrior.state = WarriorState.LEFT
            await session.flush()
            await give_everything_back(core, session, person.id)
            await send_when_free(core, session, Kind.NO_LONGER, person)
        words = texts.say("support.stop.done", name=person.name)
    return _answered(texts, words)


async def _reported(session: Session, texts: Texts, request_id: str) -> SupportRequest:
    """A conversation that either side reported. Raises NotFound for any other."""
    request = await support.request(session, request_id)
    if request is None or not await support_notices.is_written(session, request.id, Kind.REPORTED):
        raise NotFound(texts.say("error.unknown_button"))
    return request


def _answered(texts: Texts, words: str) -> Reply:
    return Reply(notice=to_coordinator(texts, words, queue_button(texts)))
