"""The tallying side: it holds the private key, opens the boxes, and never learns whose they are.

A round ends in steps that each survive a kill: it stops taking answers; what is published is
committed, once; then the keys are destroyed; then the inbox is dropped. What was cut short is done
again, from the step that hadn't been committed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.bands import Band, publish
from bot.domain.gate import GateRules
from bot.domain.library import PulseItem
from bot.domain.sealed_answer import OpenedAnswer, unseal_all
from bot.domain.sealed_comment import inbox_of_comments, round_of_inbox
from bot.domain.tally import Tally, count
from bot.errors import InboxGone, KeysGone, MixedKeys, SealedAnswerError
from bot.store import rounds
from bot.store.database import Lock, Session, hold
from bot.store.tables import Publication, Round
from bot.usecases.comments.holding import hold_comments, open_comments
from bot.usecases.core import Core
from bot.usecases.published import band_of
from bot.usecases.questions import questions_of
from bot.usecases.rules import rules_of

log = structlog.get_logger(__name__)


async def close_rounds(core: Core, now: datetime) -> None:
    """Close every round whose time is over, and destroy all that no round needs any more.

    What fails for one round is logged and tried again at the next tick; the others go on. While
    another process is at it, this one has nothing to do.
    """
    async with core.database.alone(Lock.CLOSING) as alone:
        if alone:
            await _close_all(core, now)


async def _close_all(core: Core, now: datetime) -> None:
    async with core.database.reading() as session:
        over = await rounds.to_close(session, now)
    for ended in over:
        await _try(_close(core, ended), ended.id)
    async with core.database.reading() as session:
        closed = await rounds.to_finish(session)
    for ended in closed:
        await _try(_finish(core, ended.id), ended.id)
    await _destroy_leftovers(core)


async def _try(step: Awaitable[None], round_id: str) -> None:
    try:
        await step
    except Exception:
        log.exception("a round can't be ended yet", round=round_id)


async def _destroy_leftovers(core: Core) -> None:
    """Destroy keys and inboxes of rounds that the database doesn't have.

    An opening that was cut short leaves them, and so does a database that was restored from before
    the round. Decided when nobody is planning, so that a round which is being opened isn't hit.
    """
    async with core.database.reading() as session:
        if not await _leftovers(core, session):
            return
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        for round_id in sorted(await _leftovers(core, session)):
            await _try(_destroy(core, round_id), round_id)


async def _destroy(core: Core, round_id: str) -> None:
    await core.tallying_keys.destroy(round_id)
    await _drop(core, round_id)
    log.warning("keys or answers of a round that isn't there are destroyed", round=round_id)


async def _drop(core: Core, round_id: str) -> None:
    await core.inbox.drop(inbox_of_comments(round_id))
    await core.inbox.drop(round_id)


async def _leftovers(core: Core, session: Session) -> set[str]:
    inboxes = {round_of_inbox(inbox_id) for inbox_id in await core.inbox.rounds()}
    kept = await core.tallying_keys.rounds() | inboxes
    return set(kept - await rounds.live(session))


@dataclass(frozen=True, slots=True)
class _Unpublished:
    """Why a round ends without a result. The words never depend on an answer."""

    because: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A round as it was opened: its rules, questions and blocks, and how many are counted.

    `earlier` is what was published last, by block and question: its bands hold until clearly left.
    """

    round: Round
    rules: GateRules
    items: list[PulseItem]
    blocks: dict[int, str]
    sizes: dict[tuple[str, str], int]
    people: int
    earlier: dict[tuple[str, str], Band]


async def _close(core: Core, ended: Round) -> None:
    async with core.database.writing() as session:
        before = (rounds.OPEN, rounds.CLOSING)
        if not await rounds.move_on(session, ended.id, before, rounds.CLOSING):
            return
    opened = await _open_boxes(core, ended.id)
    written = await open_comments(core, ended.id)
    async with core.database.writing() as session:
        current = await rounds.round_to_change(session, ended.id)
        if current is None or current.state != rounds.CLOSING:
            return
        asked = _Asked(
            current,
            await rules_of(session, current),
            questions_of(core, current),
            await rounds.block_positions(session, current.id),
            await rounds.counted_sizes(session, current.id),
            await rounds.counted_people(session, current.id),
            await _earlier(session, current),
        )
        outcome = _tally(asked, opened)
        await rounds.publish(session, _rows(asked, outcome))
        await hold_comments(core, session, current, written)
        current.state = rounds.CLOSED
        if isinstance(outcome, _Unpublished):
            current.unpublished_because = outcome.because
    if written:
        await core.database.leave_no_trace()  # nor of which comments came together
    log.info("round closed", round=ended.id, published=not isinstance(outcome, _Unpublished))


async def _earlier(session: Session, asked: Round) -> dict[tuple[str, str], Band]:
    rows = await rounds.last_published(session, asked.question_ids, asked.closes_at)
    return {(row.block_id, row.question_id): band_of(row) for row in rows}


async def _finish(core: Core, round_id: str) -> None:
    await core.tallying_keys.destroy(round_id)
    await _drop(core, round_id)
    async with core.database.writing() as session:
        await rounds.move_on(session, round_id, (rounds.CLOSED,), rounds.FINISHED)
    log.info("round finished", round=round_id)


async def _open_boxes(core: Core, round_id: str) -> list[OpenedAnswer] | _Unpublished:
    try:
        key = (await core.tallying_keys.tallying(round_id)).private_key
        is_collected = await core.tallying_keys.is_collected(round_id)
    except KeysGone:
        return _Unpublished("keys_lost")
    if not is_collected:  # nobody could answer, which isn't the same as nobody did
        return _Unpublished("keys_unused")
    try:
        boxes = await core.inbox.boxes(round_id)
    except InboxGone:
        return _Unpublished("inbox_lost")
    try:
        opened = await asyncio.to_thread(unseal_all, key, round_id, boxes)
    except MixedKeys:
        return _Unpublished("keys_mixed")
    except SealedAnswerError:
        return _Unpublished("box_damaged")
    secrets.SystemRandom().shuffle(opened)
    return opened


def _tally(asked: _Asked, opened: list[OpenedAnswer] | _Unpublished) -> Tally | _Unpublished:
    if isinstance(opened, _Unpublished):
        return opened
    if len(opened) > asked.people:
        return _Unpublished("too_many_boxes")
    if len(asked.items) < len(asked.round.question_ids):
        return _Unpublished("question_gone")
    try:
        tally = count(opened, asked.blocks, asked.items)
    except SealedAnswerError:
        return _Unpublished("box_damaged")
    if any(sum(counts) > asked.sizes.get(key, 0) for key, counts in tally.items()):
        return _Unpublished("too_many_boxes")
    return tally


def _rows(asked: _Asked, outcome: Tally | _Unpublished) -> list[Publication]:
    """One row for each block and question of the round; blocks that rest were decided at open."""
    return [
        _publication(asked, block_id, item, outcome)
        if (block_id, item.id) in asked.sizes
        else _row(asked.round, block_id, item, "rests")
        for block_id in asked.blocks.values()
        for item in asked.items
    ]


def _publication(
    asked: _Asked, block_id: str, item: PulseItem, outcome: Tally | _Unpublished
) -> Publication:
    if isinstance(outcome, _Unpublished):
        return _row(asked.round, block_id, item, "unpublished")
    nobody = [0] * len(item.scale.values)
    counts = outcome.get((block_id, item.id), nobody)
    counted = asked.sizes[block_id, item.id]
    earlier = asked.earlier.get((block_id, item.id))
    band = publish(counts, item.scale.low, item.scale.high, asked.rules, counted, earlier)
    return _row(asked.round, block_id, item, "published" if band else "too_few", band)


def _row(
    ended: Round, block_id: str, item: PulseItem, outcome: str, band: Band | None = None
) -> Publication:
    return Publication(
        round_id=ended.id,
        block_id=block_id,
        question_id=item.id,
        outcome=outcome,
        mean_low_halves=int(band.mean_low * 2) if band else None,
        mean_high_halves=int(band.mean_high * 2) if band else None,
        n_low=band.n_low if band else None,
        n_high=band.n_high if band else None,
    )
