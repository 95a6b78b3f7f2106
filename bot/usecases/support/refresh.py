"""Letters that say what isn't so any more are replaced where they are."""

from __future__ import annotations

import structlog

from bot.errors import PlatformError, TryLater
from bot.ports import Address
from bot.store import people, support_notices
from bot.store.support_tables import SupportNotice
from bot.store.tables import Delivery
from bot.usecases.core import Core
from bot.usecases.support.wording import letter

log = structlog.get_logger(__name__)


async def refresh(core: Core) -> None:
    """Replace each. What the platform can't take now is tried at the next tick."""
    async with core.database.reading() as session:
        stale = await support_notices.to_replace(session)
    done = [notice for notice, sent in stale if await _replace(core, notice, sent)]
    for notice in done:
        async with core.database.writing() as session:
            await support_notices.renew(session, notice)


async def _replace(core: Core, notice: SupportNotice, sent: Delivery) -> bool:
    """Whether a letter needs no further try."""
    async with core.database.reading() as session:
        reader = await people.person(session, notice.person_id)
        accounts = await people.external_accounts(session, {notice.person_id})
        external_id = accounts.get(notice.person_id, {}).get(sent.workspace_id)
        if reader is None or external_id is None:
            return True
        message = await letter(core, session, notice.occurrence_id, reader, was_sent=True)
    messenger = core.messengers.get(sent.workspace_id)
    if message is None or sent.message_id is None or messenger is None:
        return messenger is not None
    try:
        address = Address(sent.workspace_id, "person", external_id)
        await messenger.update(address, sent.message_id, message)
    except TryLater:
        return False
    except PlatformError as error:
        log.info("a letter can't be replaced", kind=type(error).__name__)
    return True
