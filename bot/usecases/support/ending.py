"""The end of a request: nobody is asked any more, and both sides hear of it."""

from __future__ import annotations

from bot.domain.support import HELD, Event
from bot.store import people, support
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.support.desk import move
from bot.usecases.support.letters import Kind, send


async def end(
    core: Core,
    session: Session,
    request: SupportRequest,
    event: Event,
    to_asker: Kind | None = Kind.ENDED,
) -> bool:
    """End a request, inside `changing`. False, with nothing said, if it was over already.

    to_asker  the letter to whoever asked; None for who knows already, or can't be told
    """
    asker = await people.any_person(session, request.requester_id)
    warrior_id = request.warrior_id if request.state in HELD else None
    closed_on = today(core, asker)
    if not await move(
        core, session, request, event, closed_on=closed_on, next_at=None, asks_to_hand_over=False
    ):
        return False
    await support.end_offers(session, request.id)
    if to_asker is not None:
        await send(core, session, to_asker, asker.id, request.id)
    if warrior_id is not None:
        await send(core, session, Kind.ENDED_FOR_YOU, warrior_id, request.id)
    return True
