"""Queries on who can be reached, and on whoever can be since a moment ago, or in another zone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import Column as TableColumn
from sqlalchemy import Select, String, exists, insert, select, update
from sqlmodel import col

from bot.domain.delivery import DeliveryState
from bot.store.audiences import Ids
from bot.store.database import Session
from bot.store.deliveries import first_due
from bot.store.scratch import made, scratch_table
from bot.store.tables import Account, Channel, Delivery, Person, Team

_ARRIVED = scratch_table("arrived", TableColumn("id", String, primary_key=True))


async def reachable(session: Session, among: Collection[str] | None = None) -> dict[str, str]:
    """Person or team → their zone, for all who have an account or a channel anywhere.

    With `among`, of these people alone.
    """
    persons = select(col(Person.id), col(Person.zone)).where(
        col(Person.is_active), exists().where(col(Account.person_id) == col(Person.id))
    )
    if among is not None:
        return await _zones(session, persons.where(col(Person.id).in_(among)))
    teams = select(col(Team.id), col(Team.zone)).where(
        exists().where(col(Channel.team_id) == col(Team.id))
    )
    return await _zones(session, persons) | await _zones(session, teams)


async def _zones(session: Session, query: Select[str, str]) -> dict[str, str]:
    return {row[0]: row[1] for row in await session.execute(query)}


@asynccontextmanager
async def arrived(session: Session, ids: Collection[str]) -> AsyncIterator[Ids]:
    """Have people and teams at hand within the block, as a SELECT of their ids."""
    async with made(session, _ARRIVED):
        await session.execute(insert(_ARRIVED), [{"id": each} for each in ids])
        yield select(_ARRIVED.c.id)


async def look_again(session: Session, ids: Ids, now: datetime) -> None:
    """Have what waits for people decided anew. A "not now" keeps its own time."""
    await session.execute(
        update(Delivery)
        .where(
            col(Delivery.person_id).in_(ids),
            col(Delivery.state) == DeliveryState.PLANNED,
            col(Delivery.turn) == 0,
            col(Delivery.expires_at) > now,
        )
        .values(due_at=first_due())
        .execution_options(synchronize_session=False)
    )
