"""Finding out what became of messages whose sending was cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.domain.delivery import DeliveryState, Next, after_loss
from bot.errors import PlatformError, TryLater
from bot.ports import Address, Messenger
from bot.store import deliveries
from bot.store.deliveries import Claim, Result
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.addresses import Place, people_of, places_of
from bot.usecases.core import Core
from bot.usecases.prepare import welcomed_by

log = structlog.get_logger(__name__)

AT_ONCE = 8
BATCH = 50
# A platform that doesn't answer is asked again, rather than waited for.
ANSWERS_WITHIN_S = 15.0
# A platform that can't be asked just now is asked again after this.
ASK_AGAIN = timedelta(seconds=30)


async def reconcile(core: Core, workspace_id: str, messenger: Messenger) -> None:
    """Look unknown deliveries up by their key: each has arrived, or is planned again.

    Call it as the only worker of the workspace.
    """
    async with core.database.reading() as session:
        unknown = await deliveries.unknown(session, workspace_id, core.clock.now(), BATCH)
        if not unknown:
            return
        found = [delivery for _, delivery, _ in unknown]
        places, persons = await places_of(session, found), await people_of(session, found)
    results = await _LookUp(core, messenger, places, persons).all_of(unknown)
    async with core.database.writing() as session:
        await deliveries.settle(session, results)
    log.info("looked up", workspace=workspace_id)


class _LookUp:
    """Asks a platform for several messages at once, until it asks to wait."""

    def __init__(
        self,
        core: Core,
        messenger: Messenger,
        places: Mapping[str, Place],
        persons: Mapping[str, Person],
    ) -> None:
        self._core, self._messenger = core, messenger
        self._places, self._persons = places, persons
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._wait: timedelta | None = None

    async def all_of(self, unknown: list[tuple[Claim, Delivery, Occurrence]]) -> list[Result]:
        return await asyncio.gather(*(self._result(*found) for found in unknown))

    async def _result(self, claim: Claim, delivery: Delivery, occurrence: Occurrence) -> Result:
        address = self._places[delivery.id].address
        if address is None:
            return Result(claim, Next(DeliveryState.FAILED, "undeliverable"))
        async with self._slots:
            try:
                message_id = await self._find(address, delivery)
            except (PlatformError, TimeoutError):
                return self._asked_later(claim)
            except Exception:
                log.exception("looking a message up failed", delivery=delivery.id)
                return self._asked_later(claim)
        if message_id is None:
            return self._not_arrived(claim, delivery)
        person = self._persons.get(delivery.person_id or "")
        return Result(
            claim,
            Next(DeliveryState.SENT),
            message_id,
            welcomed=welcomed_by(self._core, delivery, occurrence, person),
        )

    async def _find(self, address: Address, delivery: Delivery) -> str | None:
        if self._wait is not None:
            raise TryLater(self._wait.total_seconds())
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                return await self._messenger.find(address, delivery.id)
        except TryLater as error:
            self._wait = timedelta(seconds=error.retry_after_s)
            raise
        except PlatformError:
            log.warning("the platform can't be asked", delivery=delivery.id)
            raise

    def _asked_later(self, claim: Claim) -> Result:
        later = self._core.clock.now() + (self._wait or ASK_AGAIN)
        return Result(claim, Next(DeliveryState.UNKNOWN, due_at=later))

    def _not_arrived(self, claim: Claim, delivery: Delivery) -> Result:
        now = self._core.clock.now()
        if now >= delivery.expires_at:
            return Result(claim, Next(DeliveryState.EXPIRED), was_lost=True)
        return Result(claim, after_loss(delivery.losses, now), was_lost=True)
