"""Queries on what was said will happen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlmodel import col

from bot.domain.actions import ActionState
from bot.domain.delivery import DeliveryState
from bot.store.database import Session
from bot.store.tables import Action, ActionTeam, Delivery, Occurrence


async def action(session: Session, action_id: str, *, to_change: bool = False) -> Action | None:
    return await session.get(Action, action_id, with_for_update=to_change)


async def add(session: Session, said: Action, team_ids: Iterable[str]) -> None:
    session.add(said)
    await session.flush()
    session.add_all(ActionTeam(action_id=said.id, team_id=team_id) for team_id in team_ids)
    await session.flush()


async def teams_of(session: Session, action_id: str) -> frozenset[str]:
    """The teams that an action was said to."""
    query = select(col(ActionTeam.team_id)).where(col(ActionTeam.action_id) == action_id)
    return frozenset((await session.execute(query)).scalars())


async def hand_to(
    session: Session, action_id: str, other_id: str, team_ids: Collection[str]
) -> None:
    """Have these teams of an action belong to another one."""
    await session.execute(
        update(ActionTeam)
        .where(col(ActionTeam.action_id) == action_id, col(ActionTeam.team_id).in_(team_ids))
        .values(action_id=other_id)
        .execution_options(synchronize_session=False)
    )


async def of_teams(session: Session, team_ids: Collection[str], ended_since: date) -> list[Action]:
    """What is open for any of these teams, or has ended since a day; the first due comes first."""
    is_theirs = exists().where(
        col(ActionTeam.action_id) == col(Action.id), col(ActionTeam.team_id).in_(team_ids)
    )
    query = (
        select(Action)
        .where(
            is_theirs,
            or_(col(Action.state) == ActionState.OPEN, col(Action.ended_on) >= ended_since),
        )
        .order_by(col(Action.ended_on).is_not(None), col(Action.due_on), col(Action.id))
    )
    return list((await session.execute(query)).scalars())


async def by_team(session: Session, team_ids: Collection[str]) -> dict[str, list[Action]]:
    """Team → all that is kept for it, the oldest first."""
    query = (
        select(col(ActionTeam.team_id), Action)
        .join(Action, col(Action.id) == col(ActionTeam.action_id))
        .where(col(ActionTeam.team_id).in_(team_ids))
        .order_by(col(Action.changed_at), col(Action.id))
    )
    found: dict[str, list[Action]] = {}
    for team_id, said in await session.execute(query):
        found.setdefault(team_id, []).append(said)
    return found


async def last_sent(
    session: Session,
    person_ids: Collection[str],
    programme_ids: Collection[str],
    but: Collection[str],
) -> dict[str, datetime]:
    """Person → when the last occurrence of these programmes that reached them was due.

    `but` are occurrences that don't count.
    """
    query = (
        select(col(Delivery.person_id), func.max(col(Occurrence.due_at)))
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(
            col(Delivery.person_id).in_(person_ids),
            col(Delivery.state) == DeliveryState.SENT,
            col(Occurrence.programme_id).in_(programme_ids),
            col(Occurrence.id).not_in(but),
        )
        .group_by(col(Delivery.person_id))
    )
    return {str(row[0]): row[1] for row in await session.execute(query)}


async def is_any_old(session: Session, before: date) -> bool:
    """Whether any ended before a day."""
    return bool(await session.scalar(select(exists().where(col(Action.ended_on) < before))))


async def forget(session: Session, before: date) -> None:
    """Delete what ended before a day."""
    old = select(col(Action.id)).where(col(Action.ended_on) < before)
    await session.execute(delete(ActionTeam).where(col(ActionTeam.action_id).in_(old)))
    await session.execute(delete(Action).where(col(Action.ended_on) < before))
