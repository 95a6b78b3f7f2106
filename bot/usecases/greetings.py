"""Who is owed a greeting, on a platform where the bot says hello to whoever gets it.

That is written down with the news of them, and crossed out before the greeting goes out: so a bot
that was killed says hello later, and nobody is greeted twice. It is kept for a day, like all that
a platform tells more than once (`bot.usecases.handled`): after that, nobody waits for a hello.
"""

from __future__ import annotations

from datetime import datetime

from bot.ports import AccountId
from bot.store import handled
from bot.usecases.core import Core
from bot.usecases.handled import REMEMBERED_FOR


async def owe(core: Core, who: AccountId) -> None:
    """Somebody has the bot now. However often it is told, within a day they are owed one hello."""
    now = core.clock.now()
    async with core.database.writing() as session:
        await handled.forget(session, now - REMEMBERED_FOR)
        if await handled.note(session, f"{who.workspace_id}/hello/{who.external_id}", now):
            await handled.note(session, _owed(who), now)


async def cross_out(core: Core, who: AccountId) -> datetime | None:
    """Since when they are owed a greeting, or None. Of several who ask, one is told."""
    async with core.database.writing() as session:
        return await handled.cross_out(session, _owed(who))


async def still_owe(core: Core, who: AccountId, since: datetime) -> None:
    """The greeting didn't go out."""
    async with core.database.writing() as session:
        await handled.note(session, _owed(who), since)


async def owed_since(core: Core, workspace_id: str, instant: datetime) -> list[AccountId]:
    """Those who have been owed a greeting since an instant, or for longer."""
    prefix = _owed(AccountId(workspace_id, ""))
    async with core.database.reading() as session:
        found = await handled.until(session, prefix, instant)
    return [AccountId(workspace_id, each.removeprefix(prefix)) for each in found]


def _owed(who: AccountId) -> str:
    return f"{who.workspace_id}/owed/{who.external_id}"
