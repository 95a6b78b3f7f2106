"""Seeing to it that keys can be used, before anybody needs them."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.errors import KeyringError
from bot.store import rounds
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


async def probe_keys(core: Core) -> None:
    """Check at start that this process's keys can be kept, and those of open rounds be used.

    A round whose keys are gone doesn't stop it: that round ends unpublished. Raises KeyringError.
    """
    async with core.database.reading() as session:
        needed = await rounds.uncounted(session)
    await core.collecting_keys.probe(needed)
    await core.tallying_keys.probe(needed)


async def ready_to_collect(core: Core, now: datetime) -> None:
    """Have the marker keys of open rounds made when they open, whenever the first answer comes.

    Made with the first answer, the place where a key is kept would tell when that came.
    """
    async with core.database.reading() as session:
        open_now = await rounds.open_rounds(session, now)
    for asked in open_now:
        try:
            await core.collecting_keys.collecting(asked.id)
        except KeyringError as error:
            log.error("answers can't be collected", round=asked.id, why=str(error))  # noqa: TRY400
