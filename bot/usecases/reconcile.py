"""Finding out what became of messages whose sending was cut short."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain.delivery import DeliveryState, Next
from bot.errors import PlatformError
from bot.store import deliveries
from bot.store.deliveries import Claim
from bot.store.tables import Delivery
from bot.usecases.core import Core
from bot.usecases.deliver import address_of, settle, welcomes

log = structlog.get_logger(__name__)

# A message that fails in the same odd way so many times is given up, with a reason to look into.
MOST_CLAIMS = 8


async def reconcile(core: Core, now: datetime) -> None:
    """Look every unknown delivery up by its key: it has arrived, or it is planned again."""
    async with core.database.reading() as session:
        unknown = await deliveries.unknown(session)
    for delivery, occurrence in unknown:
        try:
            outcome, message_id = await _look_up(core, delivery, now)
        except PlatformError:
            log.warning("the platform can't be asked", delivery=delivery.id)
            continue
        claim = Claim(delivery.id, delivery.epoch)
        await settle(core, claim, outcome, message_id, welcomes(core, delivery, occurrence))
        log.info("reconciled", delivery=delivery.id, outcome=outcome.state)


async def _look_up(core: Core, delivery: Delivery, now: datetime) -> tuple[Next, str | None]:
    async with core.database.reading() as session:
        address = await address_of(session, delivery)
    if address is None:
        return Next(DeliveryState.FAILED, "undeliverable"), None
    message_id = await core.messengers[delivery.workspace_id].find(address, delivery.id)
    if message_id is not None:
        return Next(DeliveryState.SENT), message_id
    if now >= delivery.expires_at:
        return Next(DeliveryState.EXPIRED), None
    if delivery.epoch >= MOST_CLAIMS:
        return Next(DeliveryState.FAILED, "gave_up"), None
    return Next(DeliveryState.PLANNED), None
