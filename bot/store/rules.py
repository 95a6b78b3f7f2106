"""Queries on the gate's rules, as they were raised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from bot.domain.raising import Numbers
from bot.store.database import Session
from bot.store.tables import Round, RuleSet


async def newest(session: Session) -> RuleSet | None:
    """What holds for the next round; None before the first rules were recorded."""
    query = select(RuleSet).order_by(col(RuleSet.id).desc()).limit(1)
    return (await session.execute(query)).scalars().first()


async def by_id(session: Session, rules_id: int) -> RuleSet:
    return await session.get_one(RuleSet, rules_id)


async def history(session: Session) -> Sequence[RuleSet]:
    """All of them, the first one first."""
    return (await session.execute(select(RuleSet).order_by(col(RuleSet.id)))).scalars().all()


async def first_rounds(session: Session) -> dict[int, datetime]:
    """Rules → when the first round with them opened, for those that have had one."""
    query = select(col(Round.rules_id), func.min(col(Round.opens_at))).group_by(col(Round.rules_id))
    return {row[0]: row[1] for row in await session.execute(query)}


async def record(session: Session, rules_id: int, numbers: Numbers, at: datetime) -> RuleSet:
    """Record what holds from the next round on. Each id can be recorded once, by its key."""
    recorded = RuleSet(id=rules_id, recorded_at=at, **numbers)
    session.add(recorded)
    await session.flush()
    return recorded
