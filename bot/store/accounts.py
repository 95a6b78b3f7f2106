"""Queries on accounts and channels: where people and teams are on each platform."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, delete, or_, select
from sqlmodel import col

from bot.store.database import Session
from bot.store.tables import Account, Channel, Person, Workspace
from bot.store.workspaces import PLAYGROUND, by_preference


async def owner(
    session: Session, workspace_id: str, external_id: str, *, to_change: bool = False
) -> Person | None:
    """The active person whom a platform knows by this id.

    To change them, nobody else may do so until the session ends.
    """
    query = _OWNER.with_for_update(of=Person) if to_change else _OWNER
    known_by = {"workspace_id": workspace_id, "external_id": external_id}
    return (await session.execute(query, known_by)).scalar()


# Made once: it is asked whenever somebody does something.
_OWNER = (
    select(Person)
    .join(Account, col(Account.person_id) == col(Person.id))
    .where(
        col(Person.is_active),
        col(Account.workspace_id) == bindparam("workspace_id"),
        col(Account.external_id) == bindparam("external_id"),
    )
)


def is_second_choice() -> ColumnElement[bool]:
    """Whether an account isn't on the platform that its person chose to be written to on."""
    return ~col(Account.workspace_id).startswith(col(Person.platform) + ":")


async def platforms_of(session: Session, person_id: str) -> list[str]:
    """The platforms on which somebody has an account, in the order in which they are tried."""
    query = (
        select(col(Workspace.platform))
        .join(Account, col(Account.workspace_id) == col(Workspace.id))
        .where(col(Account.person_id) == person_id, col(Workspace.platform) != PLAYGROUND)
        .order_by(*by_preference(col(Workspace.id)))
    )
    return list(dict.fromkeys((await session.execute(query)).scalars()))


async def on_other_platforms(session: Session, person_id: str, platform: str) -> Sequence[Account]:
    """Somebody's accounts on all platforms but this one and the playground."""
    query = (
        select(Account)
        .join(Workspace, col(Workspace.id) == col(Account.workspace_id))
        .where(
            col(Account.person_id) == person_id,
            col(Workspace.platform).not_in((platform, PLAYGROUND)),
        )
    )
    return (await session.execute(query)).scalars().all()


async def anybody_on(session: Session, platform: str) -> bool:
    """Whether anybody has an account in any workspace of a platform."""
    query = (
        select(col(Account.person_id))
        .join(Workspace, col(Workspace.id) == col(Account.workspace_id))
        .where(col(Workspace.platform) == platform)
    )
    return (await session.execute(query.limit(1))).first() is not None


async def person_by_email(session: Session, email: str) -> Person | None:
    """The active person with this address, which is in small letters."""
    query = select(Person).where(col(Person.is_active), col(Person.email) == email)
    return (await session.execute(query)).scalars().first()


async def account_at(session: Session, workspace_id: str, external_id: str) -> Account | None:
    """Whoever's it is; they may have left the roster."""
    query = select(Account).where(
        col(Account.workspace_id) == workspace_id, col(Account.external_id) == external_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def people_like(
    session: Session, workspace_id: str, external_id: str, email: str
) -> set[str]:
    """The people whom a platform knows by this id, or the roster by this address: up to two."""
    known = select(col(Account.person_id)).where(
        col(Account.workspace_id) == workspace_id, col(Account.external_id) == external_id
    )
    query = select(col(Person.id)).where(or_(col(Person.email) == email, col(Person.id).in_(known)))
    return set((await session.execute(query)).scalars())


async def accounts_at(session: Session, workspace_id: str) -> Sequence[Account]:
    query = select(Account).where(col(Account.workspace_id) == workspace_id)
    return (await session.execute(query)).scalars().all()


async def accounts_of_either(
    session: Session, workspace_id: str, external_id: str, person_id: str
) -> Sequence[Account]:
    """A workspace's accounts that have this external id or this person: up to two."""
    query = select(Account).where(
        col(Account.workspace_id) == workspace_id,
        or_(col(Account.external_id) == external_id, col(Account.person_id) == person_id),
    )
    return (await session.execute(query)).scalars().all()


async def channels_at(session: Session, workspace_id: str) -> Sequence[Channel]:
    query = select(Channel).where(col(Channel.workspace_id) == workspace_id)
    return (await session.execute(query)).scalars().all()


async def remove(session: Session, rows: Iterable[Account | Channel]) -> None:
    """Remove accounts or channels, before others take their ids."""
    for row in rows:
        await session.delete(row)
    await session.flush()


async def remove_account(session: Session, workspace_id: str, external_id: str) -> None:
    await session.execute(
        delete(Account)
        .where(col(Account.workspace_id) == workspace_id, col(Account.external_id) == external_id)
        .execution_options(synchronize_session=False)
    )


async def zones(session: Session) -> dict[str, str]:
    """Person → the zone that their platform says; the first that says any."""
    query = select(col(Account.workspace_id), col(Account.person_id), col(Account.zone)).where(
        col(Account.zone) != ""
    )
    found: dict[str, str] = {}
    for row in sorted((await session.execute(query)).all(), key=lambda row: str(row[0])):
        found.setdefault(row[1], row[2])
    return found
