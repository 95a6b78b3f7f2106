"""Queries on claims: accounts whose person has one elsewhere, until they say it is theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Delete, delete, select, update
from sqlmodel import col

from bot.store.database import Session, insert
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


async def waiting(session: Session, workspace_id: str) -> dict[str, str]:
    """External id → the person whose account it may be, unless they said no."""
    query = select(col(Claim.external_id), col(Claim.person_id)).where(
        _at(workspace_id), ~col(Claim.is_denied)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def is_there(session: Session, workspace_id: str, external_id: str) -> bool:
    """Whether an account has the address of somebody on the roster, whatever they said of it."""
    return await session.get(Claim, (workspace_id, external_id)) is not None


async def claimed(session: Session, workspace_id: str, external_id: str) -> Person | None:
    """The active person whose an account would be."""
    query = (
        select(Person)
        .join(Claim, col(Claim.person_id) == col(Person.id))
        .where(
            col(Person.is_active),
            col(Claim.workspace_id) == workspace_id,
            col(Claim.external_id) == external_id,
            ~col(Claim.is_denied),
        )
    )
    return (await session.execute(query)).scalar()


async def replace(session: Session, workspace_id: str, whose: Mapping[str, str]) -> None:
    """Have these claims in a workspace, external id → person, and no others but what was denied."""
    await session.execute(
        _without_syncing(delete(Claim).where(_at(workspace_id), ~col(Claim.is_denied)))
    )
    await _add(session, workspace_id, whose)


async def put(session: Session, workspace_id: str, external_id: str, person_id: str) -> None:
    """Have a claim in the place of an earlier one, unless that was denied."""
    statement = delete(Claim).where(
        _at(workspace_id), col(Claim.external_id) == external_id, ~col(Claim.is_denied)
    )
    await session.execute(_without_syncing(statement))
    await _add(session, workspace_id, {external_id: person_id})


async def _add(session: Session, workspace_id: str, whose: Mapping[str, str]) -> None:
    if whose:
        rows = [_row(workspace_id, *each) for each in whose.items()]
        await session.execute(insert(session, Claim).on_conflict_do_nothing(), rows)


async def deny(session: Session, workspace_id: str, external_id: str) -> None:
    statement = update(Claim).where(_at(workspace_id), col(Claim.external_id) == external_id)
    await session.execute(
        statement.values(is_denied=True).execution_options(synchronize_session=False)
    )


async def put_denied(session: Session, workspace_id: str, external_id: str, person_id: str) -> None:
    """Have a claim that is denied already, of an account that was somebody's until now."""
    await _add(session, workspace_id, {external_id: person_id})
    await deny(session, workspace_id, external_id)


async def drop(session: Session, workspace_id: str, external_id: str) -> None:
    statement = delete(Claim).where(_at(workspace_id), col(Claim.external_id) == external_id)
    await session.execute(_without_syncing(statement))


def _at(workspace_id: str) -> ColumnElement[bool]:
    return col(Claim.workspace_id) == workspace_id


def _row(workspace_id: str, external_id: str, person_id: str) -> dict[str, object]:
    return {
        "workspace_id": workspace_id,
        "external_id": external_id,
        "person_id": person_id,
        "is_denied": False,
    }


def _without_syncing(statement: Delete) -> Delete:
    return statement.execution_options(synchronize_session=False)
