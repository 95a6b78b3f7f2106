"""Where people and channels are posted to, on a platform that says so only when it is asked in.

Teams does: a conversation is told of when somebody installs the bot, and can't be looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.domain.membership import too_many
from bot.ports import AccountId, Place
from bot.store import accounts, conversations, workspaces
from bot.store.database import Lock, hold
from bot.store.tables import Conversation
from bot.usecases.core import Core
from bot.usecases.sync_directory import member_left


async def remember(core: Core, where: AccountId, place: Place) -> None:
    """Keep where somebody, or a channel, is posted to. In an unknown workspace nothing is kept."""
    if await place_of(core, where) == place:
        return
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)  # a workspace that goes takes its conversations along
        if await workspaces.is_installed(session, where.workspace_id):
            await conversations.remember(
                session,
                Conversation(
                    workspace_id=where.workspace_id,
                    external_id=where.external_id,
                    conversation_id=place.conversation_id,
                    service_url=place.service_url,
                ),
            )


async def place_of(core: Core, where: AccountId) -> Place | None:
    return (await places_of(core, {where})).get(where)


async def places_of(core: Core, wanted: Collection[AccountId]) -> Mapping[AccountId, Place]:
    """Where each of these is posted to; without those for whom there is no conversation."""
    async with core.database.reading() as session:
        rows = await conversations.some(session, {each.external_id for each in wanted})
    found = {
        AccountId(row.workspace_id, row.external_id): Place(row.conversation_id, row.service_url)
        for row in rows
    }
    return {each: found[each] for each in wanted if each in found}


async def places(core: Core, workspace_id: str) -> Mapping[str, Place]:
    """External id → where they are posted to, for everybody and every channel of a workspace."""
    async with core.database.reading() as session:
        rows = await conversations.conversations(session, workspace_id)
    return {row.external_id: Place(row.conversation_id, row.service_url) for row in rows}


async def gone(core: Core, who: AccountId, place: Place | None = None) -> None:
    """Somebody took the bot away or blocked it: nothing is sent there until they come back.

    With `place`, only if they are still posted to there: they may be back by now.
    """
    if place is not None and await place_of(core, who) != place:
        return
    await member_left(core, who.workspace_id, who.external_id)
    await forget(core, who)


async def forget(core: Core, where: AccountId) -> None:
    async with core.database.writing() as session:
        await conversations.forget(session, where.workspace_id, where.external_id)


async def forget_leavers(core: Core, workspace_id: str, gone: Mapping[str, Place]) -> None:
    """Forget where people were posted to whom a reading of everybody didn't find any more.

    Whoever still has an account, or is posted to elsewhere by now, stays; and all do if they are
    very many at once: a platform that knows nobody for a while can't be asked for places again.
    """
    known = await places(core, workspace_id)
    if too_many(len(gone), len(known)):
        return
    async with core.database.reading() as session:
        found = await accounts.accounts_at(session, workspace_id)
    stay = {each.external_id for each in found}
    for external_id, place in gone.items():
        if external_id not in stay and known.get(external_id) == place:
            await forget(core, AccountId(workspace_id, external_id))
