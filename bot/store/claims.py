"""Queries on claims: accounts whose person has one elsewhere, until they say it is theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Delete, delete, insert, select
from sqlmodel import col

from bot.store.database import Session
from bot.store.tables import Account, Claim, Person, Workspace
from bot.store.workspaces import PLAYGROUND


async def on_other_platforms(
    session: Session, workspace_id: str, person_ids: Collection[str]
) -> set[str]:
    """Those of these people who have an account on another platform. The playground is none."""
    platform = select(col(Workspace.platform)).where(col(Workspace.id) == workspace_id)
    query = (
        select(col(Account.person_id))
        .join(Workspace, col(Workspace.id) == col(Account.workspace_id))
        .where(
            col(Account.person_id).in_(person_ids),
            col(Workspace.platform).not_in([PLAYGROUND, platform.scalar_subquery()]),
        )
    )
    return set((await session.execute(query)).scalars())


async def claimants(session: Session, workspace_id: str) -> set[str]:
    """The external ids of those who may be on the roster, and haven't said so."""
    query = select(col(Claim.external_id)).where(_at(workspace_id))
    return set((await session.execute(query)).scalars())


async def claimed(session: Session, workspace_id: str, external_id: str) -> Person | None:
    """The active person whose an account would be."""
    query = (
        select(Person)
        .join(Claim, col(Claim.person_id) == col(Person.id))
        .where(
            col(Person.is_active),
            col(Claim.workspace_id) == workspace_id,
            col(Claim.external_id) == external_id,
        )
    )
    return (await session.execute(query)).scalar()


async def replace(session: Session, workspace_id: str, whose: Mapping[str, str]) -> None:
    """Have these claims in a workspace, external id → person, and no others."""
    await session.execute(_without_syncing(delete(Claim).where(_at(workspace_id))))
    if whose:
        await session.execute(insert(Claim), [_row(workspace_id, *each) for each in whose.items()])


async def put(session: Session, workspace_id: str, external_id: str, person_id: str) -> None:
    await drop(session, workspace_id, external_id)
    await session.execute(insert(Claim), [_row(workspace_id, external_id, person_id)])


async def drop(session: Session, workspace_id: str, external_id: str) -> None:
    statement = delete(Claim).where(_at(workspace_id), col(Claim.external_id) == external_id)
    await session.execute(_without_syncing(statement))


def _at(workspace_id: str) -> ColumnElement[bool]:
    return col(Claim.workspace_id) == workspace_id


def _row(workspace_id: str, external_id: str, person_id: str) -> dict[str, str]:
    return {"workspace_id": workspace_id, "external_id": external_id, "person_id": person_id}


def _without_syncing(statement: Delete) -> Delete:
    return statement.execution_options(synchronize_session=False)
