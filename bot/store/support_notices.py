"""Queries on the letters of the support desk: each is an occurrence with one delivery."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, exists, or_, select, update
from sqlmodel import col

from bot.domain.delivery import DeliveryState
from bot.store.database import Session
from bot.store.support_tables import (
    SupportNotice,
    SupportOffer,
    SupportRequest,
)
from bot.store.tables import Delivery, Occurrence


async def notice(session: Session, occurrence_id: str) -> SupportNotice | None:
    return await session.get(SupportNotice, occurrence_id)


async def to_replace(session: Session) -> Sequence[tuple[SupportNotice, Delivery]]:
    """What was sent and isn't so any more."""
    query = (
        select(SupportNotice, Delivery)
        .join(Delivery, col(Delivery.occurrence_id) == col(SupportNotice.occurrence_id))
        .where(
            col(SupportNotice.outdated) > 0,
            col(Delivery.state) == DeliveryState.SENT,
            col(Delivery.message_id).is_not(None),
        )
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def outdate(session: Session, request_id: str, kinds: Collection[str]) -> None:
    """What these letters of a request say isn't so any more."""
    await session.execute(
        update(SupportNotice)
        .where(col(SupportNotice.request_id) == request_id, col(SupportNotice.kind).in_(kinds))
        .values(outdated=col(SupportNotice.outdated) + 1)
        .execution_options(synchronize_session=False)
    )


async def outdate_about(session: Session, person_id: str, kinds: Collection[str]) -> None:
    """What these letters about somebody say isn't so any more."""
    await session.execute(
        update(SupportNotice)
        .where(col(SupportNotice.about_id) == person_id, col(SupportNotice.kind).in_(kinds))
        .values(outdated=col(SupportNotice.outdated) + 1)
        .execution_options(synchronize_session=False)
    )


async def is_written_about(session: Session, person_id: str, kind: str, since: date) -> bool:
    """Whether a letter of a kind about somebody was written since a day."""
    query = select(
        exists().where(
            col(SupportNotice.about_id) == person_id,
            col(SupportNotice.kind) == kind,
            col(SupportNotice.on_day) >= since,
        )
    )
    return bool((await session.execute(query)).scalar())


async def is_written(
    session: Session, request_id: str, kind: str, about_id: str | None = None
) -> bool:
    """Whether a letter of a kind about a request was written, and about somebody in particular."""
    matching = [col(SupportNotice.request_id) == request_id, col(SupportNotice.kind) == kind]
    if about_id is not None:
        matching.append(col(SupportNotice.about_id) == about_id)
    return bool((await session.execute(select(exists().where(*matching)))).scalar())


async def renew(session: Session, notice: SupportNotice) -> None:
    """What a letter says is so, unless that has changed again since it was read."""
    await session.execute(
        update(SupportNotice)
        .where(
            col(SupportNotice.occurrence_id) == notice.occurrence_id,
            col(SupportNotice.outdated) == notice.outdated,
        )
        .values(outdated=0)
        .execution_options(synchronize_session=False)
    )


async def beginning(
    session: Session, request_id: str, kind: str, person_id: str, about_id: str | None
) -> Delivery | None:
    """The letter with which somebody's conversation about a request began, if it has arrived."""
    query = (
        select(Delivery)
        .join(SupportNotice, col(SupportNotice.occurrence_id) == col(Delivery.occurrence_id))
        .where(
            col(SupportNotice.request_id) == request_id,
            col(SupportNotice.kind) == kind,
            col(SupportNotice.person_id) == person_id,
            col(SupportNotice.about_id) == about_id,
            col(Delivery.state) == DeliveryState.SENT,
            col(Delivery.message_id).is_not(None),
        )
        .order_by(col(Delivery.due_at).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar()


async def began_with(
    session: Session, person_id: str, workspace_id: str, message_id: str
) -> SupportNotice | None:
    """The letter to somebody that was posted as this message."""
    query = (
        select(SupportNotice)
        .join(Delivery, col(Delivery.occurrence_id) == col(SupportNotice.occurrence_id))
        .where(
            col(Delivery.person_id) == person_id,
            col(Delivery.workspace_id) == workspace_id,
            col(Delivery.message_id) == message_id,
        )
    )
    return (await session.execute(query)).scalar()


# --- forgetting ------------------------------------------------------------------------------


async def is_anything_old(session: Session, until: date) -> bool:
    """Whether there is anything to forget: see below."""
    query = select(
        or_(
            exists().where(col(SupportRequest.closed_on) <= until),
            exists().where(
                col(SupportNotice.request_id).is_(None), col(SupportNotice.on_day) <= until
            ),
        )
    )
    return bool((await session.execute(query)).scalar())


async def forget(session: Session, until: date) -> None:
    """Forget the requests that ended by a day, and each letter about no request written by then.

    Letters of requests that are alive stay.
    """
    ended = select(col(SupportRequest.id)).where(col(SupportRequest.closed_on) <= until)
    request_ids = list((await session.execute(ended)).scalars())
    letters = select(col(SupportNotice.occurrence_id)).where(
        col(SupportNotice.request_id).in_(request_ids)
        | (col(SupportNotice.request_id).is_(None) & (col(SupportNotice.on_day) <= until))
    )
    occurrence_ids = list((await session.execute(letters)).scalars())
    for statement in (
        delete(SupportNotice).where(col(SupportNotice.occurrence_id).in_(occurrence_ids)),
        delete(Delivery).where(col(Delivery.occurrence_id).in_(occurrence_ids)),
        delete(Occurrence).where(col(Occurrence.id).in_(occurrence_ids)),
        delete(SupportOffer).where(col(SupportOffer.request_id).in_(request_ids)),
        delete(SupportRequest).where(col(SupportRequest.id).in_(request_ids)),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
