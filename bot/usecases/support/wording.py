"""What the letters of the desk say, as things are when they go out, and when they are replaced."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.message import Message
from bot.store import support, support_notices
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support import letters_on_harm as on_harm
from bot.usecases.support import letters_on_volunteering as on_volunteering
from bot.usecases.support import letters_to_askers as to_askers
from bot.usecases.support import letters_to_coordinators as to_coordinators
from bot.usecases.support import letters_to_volunteers as to_volunteers
from bot.usecases.support.letter import Letter
from bot.usecases.support.letters import Kind

LETTERS: Final[Mapping[Kind, Callable[[Letter], Awaitable[Message | None]]]] = {
    Kind.ASKED: to_askers.asked,
    Kind.STILL_LOOKING: to_askers.still_looking,
    Kind.COORDINATOR_CALLED: to_askers.coordinator_called,
    Kind.NOBODY_FREE: to_askers.nobody_free,
    Kind.PICKED_UP: to_askers.picked_up,
    Kind.LOOKING_AGAIN: to_askers.looking_again,
    Kind.MAY_WE_HAND_OVER: to_askers.may_we_hand_over,
    Kind.ENDED: to_askers.ended,
    Kind.LOOK_IN: to_askers.look_in,
    Kind.CLOSED_BY_COORDINATOR: to_askers.closed_by_coordinator,
    Kind.ASKING_PAUSED: to_askers.asking_paused,
    Kind.MAY_ASK_AGAIN: to_askers.may_ask_again,
    Kind.OFFER: to_volunteers.offer,
    Kind.YOURS: to_volunteers.yours,
    Kind.SHOWN: to_volunteers.shown,
    Kind.STAYS_WITH_YOU: to_volunteers.stays_with_you,
    Kind.HANDED_OVER: to_volunteers.handed_over,
    Kind.ENDED_FOR_YOU: to_volunteers.ended_for_you,
    Kind.PLEASE_LOOK_IN: to_volunteers.please_look_in,
    Kind.REASSIGNED: to_volunteers.reassigned,
    Kind.APPROVED: on_volunteering.approved,
    Kind.NOT_NOW: on_volunteering.not_now,
    Kind.SUSPENDED: on_volunteering.suspended,
    Kind.MAY_RETURN: on_volunteering.may_return,
    Kind.NO_LONGER: on_volunteering.no_longer,
    Kind.TRAINING_ENDS: on_volunteering.training_ends,
    Kind.TRAINING_ENDED: on_volunteering.training_ended,
    Kind.HOW_ARE_YOU: on_volunteering.how_are_you,
    Kind.APPLICATION: on_volunteering.application,
    Kind.DEBRIEF: on_volunteering.debrief,
    Kind.NOBODY_PICKED_UP: to_coordinators.nobody_picked_up,
    Kind.REPORTED: to_coordinators.reported,
    Kind.HARM: on_harm.harm,
    Kind.HELP_COMES: on_harm.help_comes,
    Kind.HELP_ASKED: on_harm.help_asked,
    Kind.REVEAL_ASKED: on_harm.reveal_asked,
    Kind.REVEALED: on_harm.revealed,
    Kind.REVEAL_REFUSED: on_harm.reveal_refused,
    Kind.YOU_WERE_NAMED: on_harm.you_were_named,
}


async def letter(
    core: Core, session: Session, occurrence_id: str, reader: Person, *, was_sent: bool = False
) -> Message | None:
    """The message of a letter; None if there is nothing to say any more, and it wasn't said."""
    notice = await support_notices.notice(session, occurrence_id)
    if notice is None:
        return None
    about = await support.request(session, notice.request_id) if notice.request_id else None
    texts = core.library.texts(reader.language)
    day = today(core, reader)
    return await LETTERS[Kind(notice.kind)](
        Letter(session, texts, reader, notice, was_sent, day, core.support, about)
    )
