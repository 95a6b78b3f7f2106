"""Sending what is due in one workspace: claim, check again, send at the platform's pace, record.

Batches are claimed and written while the ones before are on their way, and outcomes are recorded
many at a time: a message costs a small part of a transaction. Whoever serves a workspace is alone
there, which the queue sees to; should a worker have been replaced without knowing, its claims tell
it, and they are asked again whenever it could have slept.

What was in hand when a worker died may have been sent, or not. Most platforms can be asked. For one
that can't, what goes out is written down just before: the rest of what was in hand is known not to
have been sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from bot.domain.delivery import DeliveryState, Next
from bot.domain.pace import Pace, Pacer
from bot.ports import Messenger
from bot.store import deliveries, workspaces
from bot.store.database import Session
from bot.store.deliveries import Claim, Result
from bot.usecases.core import Core
from bot.usecases.keep_outcomes import Outcomes
from bot.usecases.prepare import Letter, prepare
from bot.usecases.reconcile import reconcile
from bot.usecases.send import Sender
from bot.usecases.undisturbed import put_off
from bot.usecases.uninterrupted import to_the_end
from bot.usecases.workspaces import look_at_due

log = structlog.get_logger(__name__)

BATCH = 50
# How long a claim is believed without asking the database whether it still stands.
LEASE_S = 5.0
# Nothing is kept in hand for longer than this before it is begun, nor a stop held up by a request.
PATIENCE_S = 5.0
# Waits longer than this are left to the ticks.
LONGEST_WAIT_S = 60.0
LOOKS_UP_EVERY_S = 5.0


async def deliver(core: Core, workspace_id: str, for_s: float | None = None) -> bool:
    """Send what is due in a workspace. One worker at a time serves a workspace.

    With `for_s` it stops after so many seconds, and says whether something due is left. When it is
    cancelled, what is on its way is finished, within PATIENCE_S, and the rest is handed back.
    """
    if await look_at_due(core, workspace_id):
        return False
    messenger = core.messengers.get(workspace_id)
    if messenger is None:
        log.warning("something is due on a platform that is switched off", workspace=workspace_id)
        return False
    shift = await Shift.begin(core, workspace_id, messenger)
    return await shift.work(for_s)


class Replaced(Exception):
    """Somebody else serves the workspace by now."""


class Shift:
    """One worker's time with one workspace."""

    def __init__(self, core: Core, workspace_id: str, messenger: Messenger, pacer: Pacer) -> None:
        self._core, self._workspace_id, self._messenger = core, workspace_id, messenger
        self._pacer = pacer
        self._in_hand: dict[Claim, None] = {}  # claimed, and not begun; in order
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._outcomes = Outcomes(core)
        self._sender = Sender(core, messenger, pacer)
        limits = messenger.limits
        self._slots = asyncio.Semaphore(limits.in_flight)
        self._can_be_asked = limits.can_be_asked
        self._together = 1 if limits.can_be_asked else max(1, limits.in_flight // 4)
        self._believed_until = core.timer.now()
        self._looked_up_at: float | None = None
        self._is_replaced = False

    @classmethod
    async def begin(cls, core: Core, workspace_id: str, messenger: Messenger) -> Shift:
        """Take a workspace over as it was left: its pace, and what may have been sent, or not."""
        now, left = core.clock.now(), Next(DeliveryState.PLANNED)
        if messenger.limits.can_be_asked:
            left = Next(DeliveryState.UNKNOWN, due_at=now + _lands_within(messenger))
        async with core.database.writing() as session:
            pace = await workspaces.pace(session, workspace_id, now)
            count = await deliveries.take_over(session, workspace_id, left)
        if count:
            log.warning(
                "deliveries were in hand when a worker stopped", workspace=workspace_id, count=count
            )
        pacer = Pacer(messenger.limits, pace, core.timer.now())
        return cls(core, workspace_id, messenger, pacer)

    async def work(self, for_s: float | None) -> bool:
        """Send until nothing is due (False) or the time is over (True)."""
        until = None if for_s is None else self._core.timer.now() + for_s
        try:
            return await self._send_until(until)
        except Replaced:
            self._is_replaced = True
            log.warning("another worker serves this workspace", workspace=self._workspace_id)
            return False
        finally:
            await to_the_end(self._leave())

    async def _send_until(self, until: float | None) -> bool:
        while True:
            await self._look_up()
            if not await self._wait_for_the_platform(until):
                return until is not None and self._core.timer.now() >= until
            if await to_the_end(self._claim()):
                await self._begin_all(await self._written())
            elif not await self._is_more_to_come(until):
                return False
            if until is not None and self._core.timer.now() >= until:
                return True

    async def _is_more_to_come(self, until: float | None) -> bool:
        """With nothing due: whether what is on its way, or was just refused, may be due again."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=1)
            return True
        wait_s = self._wait_s("")
        return wait_s > 0 and await self._sleep(wait_s, until)

    # --- before sending --------------------------------------------------------------------

    async def _look_up(self) -> None:
        now = self._core.timer.now()
        if self._looked_up_at is not None and now < self._looked_up_at + LOOKS_UP_EVERY_S:
            return
        if not self._can_be_asked:
            if self._on_their_way:  # they count as unknown, and aren't
                return
            await self._outcomes.keep()
        self._looked_up_at = now
        await reconcile(self._core, self._workspace_id, self._messenger)

    async def _wait_for_the_platform(self, until: float | None) -> bool:
        """Wait, with nothing in hand, until a message may go out. False if that takes too long."""
        while (wait_s := self._wait_s("")) > PATIENCE_S:
            if not await self._sleep(wait_s - PATIENCE_S / 2, until):
                return False
        return True

    async def _sleep(self, seconds: float, until: float | None) -> bool:
        """Sleep, with every outcome recorded. False, at once, if the ticks had better wake us.

        A turn isn't spent on sleeping through it: other workspaces may wait for this worker.
        """
        left_s = LONGEST_WAIT_S if until is None else until - self._core.timer.now()
        if seconds > left_s:
            return False
        await self._outcomes.keep()
        await self._core.timer.sleep(seconds)
        return True

    def _wait_s(self, conversation: str) -> float:
        now = self._core.timer.now()
        return self._pacer.next_at(conversation, now) - now

    async def _claim(self) -> bool:
        """Claim a batch if anything is due, and keep the pace for a successor, in one transaction.

        As if all that is claimed had been sent: whoever takes over starts slowly, not too fast.
        """
        now, asked_at = self._core.clock.now(), self._core.timer.now()
        async with self._outcomes.kept() as session:
            claims = await deliveries.claim(session, self._workspace_id, now, self._batch_size())
            await self._keep_pace(session, self._pace(ahead=len(claims)))
            # Before the commit, which may be the last thing that this worker hears of.
            self._in_hand = dict.fromkeys(claims)
        self._believed_until = asked_at + LEASE_S
        return bool(claims)

    def _batch_size(self) -> int:
        """No more than can be begun within our patience."""
        rate = self._messenger.limits.workspace
        return BATCH if rate is None else max(1, min(BATCH, int(rate.per_second * PATIENCE_S / 2)))

    async def _written(self) -> list[Letter]:
        """What is in hand as letters. Raises Replaced."""
        written = await prepare(self._core, list(self._in_hand))
        if len(written) < len(self._in_hand):
            raise Replaced
        written = await put_off(self._core, self._messenger, written)
        letters = [ready for ready in written if isinstance(ready, Letter)]
        for result in written:
            if isinstance(result, Result):
                self._put_aside(result)
        return letters

    # --- sending ---------------------------------------------------------------------------

    async def _begin_all(self, letters: Sequence[Letter]) -> None:
        """Begin every letter, each as soon as the platform and our own limits allow."""
        ready: list[Letter] = []
        for letter in letters:
            if len(ready) == self._together or self._wait_s(letter.address.external_id) > 0:
                await self._begin(ready)
                ready = []
            await self._slots.acquire()
            if await self._may_begin(letter):
                self._pacer.take(letter.address.external_id, self._core.timer.now())
                ready.append(letter)
            else:
                self._slots.release()
        await self._begin(ready)

    async def _begin(self, letters: Sequence[Letter]) -> None:
        """Begin them together, and where nobody can be asked, write that down before."""
        if letters and not self._can_be_asked:
            await to_the_end(self._write_down([letter.claim for letter in letters]))
        for letter in letters:
            del self._in_hand[letter.claim]
            task = asyncio.create_task(self._send(letter, self._believed_until))
            self._on_their_way.add(task)
            task.add_done_callback(self._on_their_way.discard)

    async def _write_down(self, claims: Sequence[Claim]) -> None:
        """Write down that they go out now, and what became of others. Raises Replaced."""
        asked_at = self._core.timer.now()
        ask_at = self._core.clock.now() + _lands_within(self._messenger)
        async with self._outcomes.kept() as session:
            if not await deliveries.begin(session, claims, ask_at):
                raise Replaced
        self._believed_until = asked_at + LEASE_S

    async def _may_begin(self, letter: Letter) -> bool:
        """Wait until a letter may go out. False if it is put off, or too late.

        Raises Replaced.
        """
        conversation = letter.address.external_id
        while (wait_s := self._wait_s(conversation)) > 0 or self._could_have_slept():
            if wait_s > PATIENCE_S:
                later = self._core.clock.now() + timedelta(seconds=wait_s)
                self._put_aside(Result(letter.claim, Next(DeliveryState.PLANNED, due_at=later)))
                return False
            if wait_s > 0:
                await self._outcomes.keep()
                await self._core.timer.sleep(self._wait_s(conversation))
            else:
                await self._check_our_claims()
        if self._core.clock.now() >= letter.expires_at:
            self._put_aside(Result(letter.claim, Next(DeliveryState.EXPIRED)))
            return False
        return True

    def _put_aside(self, result: Result) -> None:
        """Note what becomes of a claim that isn't sent now."""
        del self._in_hand[result.claim]
        self._outcomes.add(result)

    def _could_have_slept(self) -> bool:
        return self._core.timer.now() >= self._believed_until

    async def _check_our_claims(self) -> None:
        """Ask the database whether they still stand. Raises Replaced."""
        asked_at = self._core.timer.now()
        async with self._core.database.reading() as session:
            standing = await deliveries.standing(session, self._in_hand)
        if len(standing) < len(self._in_hand):
            raise Replaced
        self._believed_until = asked_at + LEASE_S

    async def _send(self, letter: Letter, ours_until: float) -> None:
        """Send one letter, and note what became of it. It never raises."""
        try:
            self._outcomes.add(await self._sender.sent(letter, ours_until))
        finally:
            self._slots.release()

    # --- afterwards ------------------------------------------------------------------------

    async def _leave(self) -> None:
        """Finish what is on its way, hand back what isn't begun, and say how fast we were."""
        if self._on_their_way:
            await asyncio.wait(self._on_their_way, timeout=PATIENCE_S)
        for task in list(self._on_their_way):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._on_their_way)
        if self._in_hand or self._outcomes or self._pace() != Pace():
            async with self._outcomes.kept() as session:
                await deliveries.hand_back(session, self._in_hand)
                await self._keep_pace(session, self._pace())

    def _pace(self, ahead: int = 0) -> Pace:
        return self._pacer.pace(self._core.timer.now(), ahead)

    async def _keep_pace(self, session: Session, pace: Pace) -> None:
        """Keep the pace for a successor."""
        if pace != Pace() and not self._is_replaced:
            now = self._core.clock.now()
            await workspaces.keep_pace(session, self._workspace_id, pace, now)


def _lands_within(messenger: Messenger) -> timedelta:
    """How long after it was begun, or its worker replaced, a message may still arrive.

    A worker may go on for a lease without knowing that it was replaced. A platform with which
    nothing lands late is this machine itself.
    """
    lands_within_s = messenger.limits.lands_within_s
    return timedelta(seconds=lands_within_s + LEASE_S if lands_within_s else 0.0)
