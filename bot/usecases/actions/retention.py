"""What has ended long ago is forgotten: everybody was told of it."""

from __future__ import annotations

from bot.domain.actions import KEPT_FOR
from bot.store import actions
from bot.usecases.core import Core


async def forget_actions(core: Core) -> None:
    before = core.clock.now().date() - KEPT_FOR
    async with core.database.reading() as session:
        if not await actions.is_any_old(session, before):
            return
    async with core.database.writing() as session:
        await actions.forget(session, before)
