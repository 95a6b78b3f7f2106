"""What isn't needed any more is forgotten: who talked with whom, fourteen days after the end.

What stays is `SupportDay`: that something happened on a day, and neither to whom nor in which
request.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.support import Event
from bot.store import support, support_notices
from bot.usecases.core import Core
from bot.usecases.support.desk import changing
from bot.usecases.support.ending import end

# A look-in, and a goodbye, come before that: DESIGN 5.10.
KEPT_FOR: Final = timedelta(days=14)


async def forget(core: Core) -> None:
    """Forget what is old enough, also where the file of the database still had it.

    Requests of those who have left the organisation end; a volunteer hears that, and not why.
    """
    today = core.clock.now().date()
    until = today - KEPT_FOR
    async with core.database.reading() as session:
        gone = await support.of_those_gone(session)
        is_old = await support_notices.is_anything_old(session, until)
        is_over = await support.is_any_pause_over(session, today)
    if gone:
        async with changing(core) as session:
            for request in await support.of_those_gone(session):
                await end(core, session, request, Event.CLOSE, to_asker=None)
    if is_old or is_over:
        async with changing(core) as session:
            await support_notices.forget(session, until)
            await support.forget_pauses(session, today)
        await core.database.leave_no_trace()
