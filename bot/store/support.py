"""Queries on support requests and those who were asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select, update
from sqlmodel import col

from bot.domain.support import ALIVE, HELD, WAITING, RequestState
from bot.store.database import Session, insert
from bot.store.support_tables import (
    AskingPause,
    NotAgain,
    NotThese,
    SupportDay,
    SupportOffer,
    SupportRequest,
)
from bot.store.tables import Account, Person

ASKED, DECLINED, TAKEN, GONE, HANDED_BACK = "asked", "declined", "taken", "gone", "handed_back"
# Whoever is in one of these isn't asked for the same request again.
DONE_WITH = (DECLINED, TAKEN, HANDED_BACK)


async def request(session: Session, request_id: str) -> SupportRequest | None:
    return await session.get(SupportRequest, request_id)


async def move(
    session: Session, request: SupportRequest, state: RequestState, **values: object
) -> bool:
    """Bring a request to another state, unless it has left its own meanwhile."""
    statement = (
        update(SupportRequest)
        .where(col(SupportRequest.id) == request.id, col(SupportRequest.state) == request.state)
        .values(state=state, **values)
        .returning(col(SupportRequest.id))
        .execution_options(synchronize_session=False)
    )
    moved = (await session.execute(statement)).scalar() is not None
    if moved:
        await session.refresh(request)
    return moved


async def of_asker(session: Session, person_id: str) -> SupportRequest | None:
    """The request that somebody has, if it is alive: one at a time."""
    query = select(SupportRequest).where(
        col(SupportRequest.requester_id) == person_id, col(SupportRequest.state).in_(ALIVE)
    )
    return (await session.execute(query)).scalars().first()


async def of_warrior(session: Session, person_id: str) -> Sequence[SupportRequest]:
    """The conversations that a volunteer has."""
    query = (
        select(SupportRequest)
        .where(col(SupportRequest.warrior_id) == person_id, col(SupportRequest.state).in_(HELD))
        .order_by(col(SupportRequest.alias), col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


async def held_by_those_gone(session: Session) -> Sequence[SupportRequest]:
    """The conversations of volunteers who aren't on the roster any more, or have no account left.

    Unless whoever asked has none either: a workspace that is away parts nobody.
    """
    is_out_of_reach = ~_has_account(SupportRequest.warrior_id) & _has_account(
        SupportRequest.requester_id
    )
    query = (
        select(SupportRequest)
        .join(Person, col(Person.id) == col(SupportRequest.warrior_id))
        .where(col(SupportRequest.state).in_(HELD), ~col(Person.is_active) | is_out_of_reach)
        .order_by(col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


def _has_account(person_id: str | None) -> ColumnElement[bool]:
    return exists().where(col(Account.person_id) == col(person_id))


async def of_those_gone(session: Session) -> Sequence[SupportRequest]:
    """The requests that are alive, of people who aren't on the roster any more."""
    query = (
        select(SupportRequest)
        .join(Person, col(Person.id) == col(SupportRequest.requester_id))
        .where(col(SupportRequest.state).in_(ALIVE), ~col(Person.is_active))
        .order_by(col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


async def asked_of(session: Session, person_id: str) -> Sequence[SupportRequest]:
    """The requests that a volunteer was asked for and hasn't answered."""
    query = (
        select(SupportRequest)
        .join(SupportOffer, col(SupportOffer.request_id) == col(SupportRequest.id))
        .where(
            col(SupportOffer.warrior_id) == person_id,
            col(SupportOffer.state) == ASKED,
            col(SupportRequest.state).in_(WAITING),
        )
        .order_by(col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


async def count_of(session: Session, person_id: str) -> int:
    """How many conversations somebody has, or had and are still known, on either side."""
    query = select(func.count()).where(
        col(SupportRequest.warrior_id).is_not(None),
        or_(
            col(SupportRequest.requester_id) == person_id,
            col(SupportRequest.warrior_id) == person_id,
        ),
    )
    found: int = (await session.execute(query)).scalar_one()
    return found


async def alive(session: Session) -> Sequence[SupportRequest]:
    """Every request that isn't over, the longest waiting first."""
    query = (
        select(SupportRequest)
        .where(col(SupportRequest.state).in_(ALIVE))
        .order_by(col(SupportRequest.since), col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


async def waiting_ids(session: Session) -> Sequence[str]:
    """Requests for which volunteers are looked for, the longest waiting first."""
    query = (
        select(col(SupportRequest.id))
        .where(col(SupportRequest.state).in_(WAITING))
        .order_by(col(SupportRequest.since), col(SupportRequest.id))
    )
    return (await session.execute(query)).scalars().all()


async def due_ids(session: Session, now: datetime) -> Sequence[str]:
    """Requests whose clock has a step to take, or that are over."""
    query = select(col(SupportRequest.id)).where(
        col(SupportRequest.state).in_(ALIVE),
        or_(col(SupportRequest.next_at) <= now, col(SupportRequest.expires_at) <= now),
    )
    return (await session.execute(query)).scalars().all()


async def to_look_in_on(session: Session, now: datetime) -> Sequence[str]:
    """Requests whose writers want somebody to look in on them by now."""
    query = select(col(SupportRequest.id)).where(col(SupportRequest.look_in_at) <= now)
    return (await session.execute(query)).scalars().all()


async def next_look_in(session: Session, after: datetime) -> datetime | None:
    query = select(func.min(col(SupportRequest.look_in_at))).where(
        col(SupportRequest.look_in_at) > after
    )
    found: datetime | None = (await session.execute(query)).scalar_one()
    return found


async def next_at(session: Session, after: datetime) -> datetime | None:
    """When the clock of a request takes its next step."""
    at = case(
        (col(SupportRequest.next_at).is_(None), col(SupportRequest.expires_at)),
        else_=col(SupportRequest.next_at),
    )
    query = select(func.min(at)).where(col(SupportRequest.state).in_(ALIVE), at > after)
    found: datetime | None = (await session.execute(query)).scalar_one()
    return found


async def aliases(session: Session) -> set[str]:
    """The pseudonyms that are taken, by either side."""
    query = select(col(SupportRequest.alias), col(SupportRequest.warrior_alias))
    return {name for row in await session.execute(query) for name in row if name}


# --- who was asked ---------------------------------------------------------------------------


async def offers(session: Session, request_id: str) -> dict[str, str]:
    """Volunteer → what came of asking them."""
    query = select(col(SupportOffer.warrior_id), col(SupportOffer.state)).where(
        col(SupportOffer.request_id) == request_id
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def put_offer(session: Session, request_id: str, warrior_id: str, state: str) -> None:
    """Have a volunteer asked, or what came of it, in place of what was."""
    values = {"request_id": request_id, "warrior_id": warrior_id, "state": state}
    await session.execute(
        insert(session, SupportOffer)
        .values(values)
        .on_conflict_do_update(index_elements=["request_id", "warrior_id"], set_={"state": state})
        .execution_options(synchronize_session=False)
    )


async def take(session: Session, request_id: str, warrior_id: str, on: date) -> None:
    """Record who has picked it up; nobody else is asked any more."""
    await end_offers(session, request_id)
    await put_offer(session, request_id, warrior_id, TAKEN)
    await session.execute(
        update(SupportOffer)
        .where(
            col(SupportOffer.request_id) == request_id, col(SupportOffer.warrior_id) == warrior_id
        )
        .values(taken_on=on)
        .execution_options(synchronize_session=False)
    )


async def end_offers(session: Session, request_id: str) -> None:
    """Nobody who was asked is waited for any more."""
    await session.execute(
        update(SupportOffer)
        .where(col(SupportOffer.request_id) == request_id, col(SupportOffer.state) == ASKED)
        .values(state=GONE)
        .execution_options(synchronize_session=False)
    )


async def loads(session: Session, since: date) -> dict[str, tuple[int, int]]:
    """Volunteer → how many conversations they have, how many they picked up since a day."""
    open_now = select(col(SupportRequest.warrior_id), func.count()).where(
        col(SupportRequest.state).in_(HELD)
    )
    lately = select(col(SupportOffer.warrior_id), func.count()).where(
        col(SupportOffer.taken_on) >= since
    )
    found: dict[str, tuple[int, int]] = {}
    for row in await session.execute(open_now.group_by(col(SupportRequest.warrior_id))):
        found[str(row[0])] = (row[1], 0)
    for row in await session.execute(lately.group_by(col(SupportOffer.warrior_id))):
        found[row[0]] = (found.get(row[0], (0, 0))[0], row[1])
    return found


# --- what people want ------------------------------------------------------------------------


async def not_these(session: Session, person_id: str) -> set[str]:
    """With whom somebody is never put together, because one of the two said so."""
    found: set[str] = set()
    for wish in (NotThese, NotAgain):
        query = select(col(wish.person_id), col(wish.other_id)).where(
            or_(col(wish.person_id) == person_id, col(wish.other_id) == person_id)
        )
        found |= {other for row in await session.execute(query) for other in row}
    return found - {person_id}


async def named_not_these(session: Session, person_id: str) -> set[str]:
    """With whom somebody has said, by name, that they don't want to be put together."""
    query = select(col(NotThese.other_id)).where(col(NotThese.person_id) == person_id)
    return set((await session.execute(query)).scalars())


async def has_not_again(session: Session, person_id: str) -> bool:
    """Whether there is anybody whom they have met and would rather not meet again."""
    query = select(exists().where(col(NotAgain.person_id) == person_id))
    return bool((await session.execute(query)).scalar())


async def add_not_these(session: Session, person_id: str, others: Collection[str]) -> None:
    await _add_wishes(session, NotThese, person_id, others)


async def keep_apart(session: Session, person_id: str, other_id: str) -> None:
    """Never put somebody together again with somebody whom they have met."""
    await _add_wishes(session, NotAgain, person_id, [other_id])


async def _add_wishes(
    session: Session,
    wish: type[NotThese | NotAgain],
    person_id: str,
    others: Collection[str],
) -> None:
    rows = [{"person_id": person_id, "other_id": other} for other in others]
    if rows:
        await session.execute(insert(session, wish).on_conflict_do_nothing(), rows)


async def drop_not_these(session: Session, person_id: str) -> None:
    """Forget both kinds of wishes of somebody."""
    for wish in (NotThese, NotAgain):
        await session.execute(
            delete(wish)
            .where(col(wish.person_id) == person_id)
            .execution_options(synchronize_session=False)
        )


async def pause_of(session: Session, person_id: str) -> AskingPause | None:
    """Somebody can't ask, because a coordinator said so."""
    return await session.get(AskingPause, person_id)


async def pause_asking(session: Session, pause: AskingPause) -> None:
    """In place of one that there was."""
    await session.merge(pause)


async def pauses(session: Session) -> Sequence[AskingPause]:
    query = select(AskingPause).order_by(col(AskingPause.until), col(AskingPause.id))
    return (await session.execute(query)).scalars().all()


async def pause(session: Session, pause_id: str) -> AskingPause | None:
    query = select(AskingPause).where(col(AskingPause.id) == pause_id)
    return (await session.execute(query)).scalar()


async def end_pause(session: Session, pause: AskingPause) -> None:
    await session.delete(pause)


async def is_any_pause_over(session: Session, today: date) -> bool:
    query = select(exists().where(col(AskingPause.until) < today))
    return bool((await session.execute(query)).scalar())


async def forget_pauses(session: Session, today: date) -> None:
    """Forget who couldn't ask until a day before this one."""
    await session.execute(
        delete(AskingPause)
        .where(col(AskingPause.until) < today)
        .execution_options(synchronize_session=False)
    )


# --- what happened ---------------------------------------------------------------------------


async def note_day(session: Session, row_id: str, day: date, event: str) -> None:
    """Record that something happened on a day, and neither to whom nor in which request."""
    session.add(SupportDay(id=row_id, day=day, event=event))


async def days(session: Session, start: date, end: date) -> Sequence[tuple[str, int]]:
    """How often each thing happened from one day to another, both included."""
    query = (
        select(col(SupportDay.event), func.count())
        .where(col(SupportDay.day) >= start, col(SupportDay.day) <= end)
        .group_by(col(SupportDay.event))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]
