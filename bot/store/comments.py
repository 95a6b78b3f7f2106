"""Queries on comments that are held or released. None of them is by a person or a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import col

from bot.domain.comments import Held
from bot.store.comment_tables import CommentBatch, CommentReply, HeldComment, ReleasedComment
from bot.store.database import Session, insert
from bot.store.tables import Person

# --- held ----------------------------------------------------------------------------------


async def held(
    session: Session, state: Held | None = None, *, to_change: bool = False
) -> Sequence[HeldComment]:
    """What is held, of all departments, in the order of ids that are random."""
    # Written anew behind the session's back: see `put_all`.
    query = select(HeldComment).order_by(col(HeldComment.id))
    query = query.execution_options(populate_existing=True)
    if state is not None:
        query = query.where(col(HeldComment.state) == state)
    if to_change:
        query = query.with_for_update()
    return (await session.execute(query)).scalars().all()


async def put_all(session: Session, comments: Sequence[HeldComment]) -> None:
    """Have these and no others held, all written anew: which came together can't be told.

    PostgreSQL knows which transaction wrote a row, and rows lie in the order in which they came.
    """
    rows = [comment.model_dump() for comment in sorted(comments, key=lambda each: each.id)]
    await session.execute(delete(HeldComment).execution_options(synchronize_session=False))
    if rows:
        await session.execute(insert(session, HeldComment), rows)


# --- released ------------------------------------------------------------------------------


async def release(
    session: Session, batch: CommentBatch, comments: Sequence[ReleasedComment]
) -> None:
    """Keep a batch. Comments go in by their ids, which are random."""
    session.add(batch)
    await session.flush()
    rows = [comment.model_dump() for comment in sorted(comments, key=lambda each: each.id)]
    await session.execute(insert(session, ReleasedComment), rows)


async def released(
    session: Session, department: str | None, skipped: int, most: int
) -> tuple[Sequence[ReleasedComment], int]:
    """Some of what was released to a department, by ids that are random; and how many there are."""
    query = (
        select(ReleasedComment)
        .join(CommentBatch, col(CommentBatch.id) == col(ReleasedComment.batch_id))
        .where(_is_of(department))
    )
    page = query.order_by(col(ReleasedComment.id)).offset(skipped).limit(most)
    total = select(func.count()).select_from(query.subquery())
    return (await session.execute(page)).scalars().all(), (
        await session.execute(total)
    ).scalar_one()


async def released_comment(
    session: Session, comment_id: str
) -> tuple[ReleasedComment, str | None] | None:
    """A comment that was released, and the department that it was released to."""
    query = (
        select(ReleasedComment, col(CommentBatch.team_id))
        .join(CommentBatch, col(CommentBatch.id) == col(ReleasedComment.batch_id))
        .where(col(ReleasedComment.id) == comment_id)
    )
    row = (await session.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def departments_with_any(session: Session) -> set[str | None]:
    """The departments that something was released to."""
    return set((await session.execute(select(col(CommentBatch.team_id)).distinct())).scalars())


async def replies(
    session: Session, comment_ids: Collection[str]
) -> dict[str, list[tuple[str, str]]]:
    """Comment → who answered it, by name, and what they said."""
    query = (
        select(col(CommentReply.comment_id), col(Person.name), col(CommentReply.text))
        .join(Person, col(Person.id) == col(CommentReply.person_id))
        .where(col(CommentReply.comment_id).in_(comment_ids))
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for comment_id, name, words in sorted(tuple(row) for row in await session.execute(query)):
        found.setdefault(comment_id, []).append((name, words))
    return found


async def answers_since(
    session: Session, since: datetime
) -> list[tuple[CommentReply, str | None, str]]:
    """What was answered since an instant, for which department and by whom; the newest first."""
    query = (
        select(CommentReply, col(CommentBatch.team_id), col(Person.name))
        .join(ReleasedComment, col(ReleasedComment.id) == col(CommentReply.comment_id))
        .join(CommentBatch, col(CommentBatch.id) == col(ReleasedComment.batch_id))
        .join(Person, col(Person.id) == col(CommentReply.person_id))
        .where(col(CommentReply.answered_at) > since)
        .order_by(col(CommentReply.answered_at).desc(), col(CommentReply.comment_id))
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def reply_of(session: Session, comment_id: str, person_id: str) -> CommentReply | None:
    return await session.get(CommentReply, (comment_id, person_id))


async def keep_reply(session: Session, reply: CommentReply) -> None:
    """Keep somebody's reply in place of their earlier one; an empty one takes it back."""
    mine = (
        col(CommentReply.comment_id) == reply.comment_id,
        col(CommentReply.person_id) == reply.person_id,
    )
    await session.execute(
        delete(CommentReply).where(*mine).execution_options(synchronize_session=False)
    )
    if reply.text:
        await session.execute(insert(session, CommentReply), [reply.model_dump()])


async def is_any_old(session: Session, until: date) -> bool:
    query = select(col(CommentBatch.id)).where(col(CommentBatch.released_on) <= until).limit(1)
    return (await session.execute(query)).first() is not None


async def forget(session: Session, until: date) -> None:
    """Forget what was released by a day, with what was answered to it."""
    await session.execute(
        delete(CommentBatch)
        .where(col(CommentBatch.released_on) <= until)
        .execution_options(synchronize_session=False)
    )


def _is_of(department: str | None) -> ColumnElement[bool]:
    if department is None:
        return col(CommentBatch.team_id).is_(None)
    return col(CommentBatch.team_id) == department
