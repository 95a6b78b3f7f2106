"""Released comments and their answers are forgotten after 26 weeks."""

from __future__ import annotations

from bot.domain.comments import KEPT_FOR
from bot.store import comments
from bot.usecases.core import Core


async def forget_comments(core: Core) -> None:
    """Forget what is old enough, also where the file of the database still had it."""
    until = core.clock.now().date() - KEPT_FOR
    async with core.database.reading() as session:
        if not await comments.is_any_old(session, until):
            return
    async with core.database.writing() as session:
        await comments.forget(session, until)
    await core.database.leave_no_trace()
