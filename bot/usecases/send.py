"""Sending one letter, and what becomes of its delivery."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.domain.delivery import DeliveryState, Next, after_error
from bot.domain.pace import Pacer
from bot.errors import OutcomeUnknown, PlatformError, TryLater, TryThisLater, Undeliverable
from bot.ports import Messenger
from bot.store.deliveries import Result
from bot.usecases.core import Core
from bot.usecases.prepare import Letter

log = structlog.get_logger(__name__)

# A request that takes longer is given up, and looked up: nobody else may be waiting for it to land.
POSTS_WITHIN_S = 15.0


class Sender:
    """Sends letters in one workspace, and tells the pacer of refusals."""

    def __init__(self, core: Core, messenger: Messenger, pacer: Pacer) -> None:
        self._core, self._messenger, self._pacer = core, messenger, pacer

    async def sent(self, letter: Letter, ours_until: float) -> Result:
        """Send a letter, if it is still ours by the timer. It never raises."""
        claim = letter.claim
        if self._core.timer.now() > ours_until:  # we slept after all, and nothing has gone out
            return Result(claim, Next(DeliveryState.PLANNED))
        try:
            async with asyncio.timeout(POSTS_WITHIN_S):
                message_id = await self._messenger.post(
                    letter.address, letter.message, claim.delivery_id
                )
        except TryLater as error:
            if not isinstance(error, TryThisLater):
                self._pacer.refused(error.retry_after_s, self._core.timer.now())
            return Result(claim, self._after(letter, error))
        except PlatformError as error:
            return Result(claim, self._after(letter, error))
        except (TimeoutError, asyncio.CancelledError):
            return Result(claim, self._after(letter, OutcomeUnknown()))
        except Exception:
            log.exception("sending failed", delivery=claim.delivery_id)
            return Result(claim, self._after(letter, OutcomeUnknown()))
        return Result(claim, Next(DeliveryState.SENT), message_id, welcomed=letter.welcomed)

    def _after(self, letter: Letter, error: PlatformError) -> Next:
        if isinstance(error, Undeliverable) and letter.elsewhere is not None:
            # An account or a whole workspace may be gone without a word.
            return Next(DeliveryState.PLANNED, workspace_id=letter.elsewhere)
        lands_within = timedelta(seconds=self._messenger.limits.lands_within_s)
        return after_error(error, self._core.clock.now(), lands_within)
