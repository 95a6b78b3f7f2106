"""What isn't needed any more is forgotten: who talked with whom, fourteen days after the end.

What stays is `SupportDay`: that something happened on a day, and neither to whom nor in which
request.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.support import HELD, Event
from bot.store import people, support, support_notices
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.core import Core
from bot.usecases.support.asking import ended
from bot.usecases.support.desk import changing, move
from bot.usecases.support.letters import Kind, send

# A look-in, and a goodbye, come before that: DESIGN 5.10.
KEPT_FOR: Final = timedelta(days=14)


async def forget(core: Core) -> None:
    """Forget what is old enough, also where the file of the database still had it."""
    today = core.clock.now().date()
    until = today - KEPT_FOR
    async with core.database.reading() as session:
        gone = await support.of_those_gone(session)
        is_old = await support_notices.is_anything_old(session, until)
        is_over = await support.is_any_pause_over(session, today)
    if gone:
        async with changing(core) as session:
            for request in await support.of_those_gone(session):
                await _end(core, session, request)
    if is_old or is_over:
        async with changing(core) as session:
            await support_notices.forget(session, until)
            await support.forget_pauses(session, today)
        await core.database.leave_no_trace()


async def _end(core: Core, session: Session, request: SupportRequest) -> None:
    """Whoever asked has left the organisation: the volunteer hears that it's over, not why."""
    asker = await people.any_person(session, request.requester_id)
    warrior_id = request.warrior_id if request.state in HELD else None
    if await move(core, session, request, Event.CLOSE, **ended(core, asker)):
        await support.end_offers(session, request.id)
        if warrior_id is not None:
            await send(core, session, Kind.ENDED_FOR_YOU, warrior_id, request.id)
