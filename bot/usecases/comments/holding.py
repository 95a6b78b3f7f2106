"""Comments on the tallying side: opened at a round's close, shuffled, and held without a date.

It has no key for markers, so it never learns whose a comment is. Held are they until a department
has ten: then all that wait are checked together, and what comes meanwhile waits for the next ten.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence

import structlog

from bot.domain.comments import MIN_HELD, Held
from bot.domain.sealed_comment import OpenedComment, inbox_of_comments, unseal_comments
from bot.errors import InboxGone, KeysGone, SealedAnswerError
from bot.store import comments, rounds
from bot.store.comment_tables import HeldComment
from bot.store.database import Lock, Session, hold
from bot.store.tables import Round
from bot.usecases.comments.groups import Departments, departments, departments_of_blocks
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


async def open_comments(core: Core, round_id: str) -> list[OpenedComment]:
    """What was written in a round, in no order; nothing if comments are off, or any is damaged."""
    inbox_id = inbox_of_comments(round_id)
    if not core.comments.is_on or inbox_id not in await core.inbox.rounds():
        return []
    try:
        key = (await core.tallying_keys.tallying(round_id)).private_key
        boxes = await core.inbox.boxes(inbox_id)
        opened = await asyncio.to_thread(unseal_comments, key, round_id, boxes)
    except (KeysGone, InboxGone, SealedAnswerError) as error:
        log.warning("comments are dropped", round=round_id, why=type(error).__name__)
        return []
    secrets.SystemRandom().shuffle(opened)
    return opened


async def hold_comments(
    core: Core, session: Session, ended: Round, opened: Sequence[OpenedComment]
) -> None:
    """Hold a round's comments, in the transaction that closes it: so once, whatever is cut short.

    More of them than people who are counted were written by somebody else: then none is held.
    """
    if not opened:
        return
    blocks = await rounds.block_positions(session, ended.id)
    if not await _can_be_theirs(session, ended, blocks, opened):
        log.warning("comments are dropped", round=ended.id, why="too many")
        return
    await hold(session, Lock.COMMENTS)
    found = await departments(session)
    department = await departments_of_blocks(session, ended.id, found)
    new = [
        HeldComment(
            id=core.new_id(),
            team_id=department.get(blocks[comment.block]),
            state=Held.WAITING,
            text=core.kept_texts.sealed(comment.text),
        )
        for comment in opened
    ]
    before = await comments.held(session, to_change=True)
    await put_back(session, found, [*before, *new])


async def put_back(session: Session, found: Departments, held: Iterable[HeldComment]) -> None:
    """Have these held, and checked where ten wait and nothing else is being checked.

    What waits for a department that a re-organisation has left empty goes to the organisation.
    """
    rows = [HeldComment(**comment.model_dump()) for comment in held]
    for row in rows:
        if row.state == Held.WAITING:
            row.team_id = found.of.get(row.team_id or "")
    busy = {row.team_id for row in rows if row.state != Held.WAITING}
    waiting = Counter(row.team_id for row in rows if row.state == Held.WAITING)
    for row in rows:
        if waiting[row.team_id] >= MIN_HELD and row.team_id not in busy:
            row.state = Held.CHECKING
    await comments.put_all(session, rows)


async def _can_be_theirs(
    session: Session, ended: Round, blocks: dict[int, str], opened: Sequence[OpenedComment]
) -> bool:
    most: dict[str, int] = {}
    for (block_id, _), size in (await rounds.counted_sizes(session, ended.id)).items():
        most[block_id] = max(size, most.get(block_id, 0))
    written = Counter(blocks.get(comment.block, "") for comment in opened)
    return all(number <= most.get(block_id, 0) for block_id, number in written.items())
