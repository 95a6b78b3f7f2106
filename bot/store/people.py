"""Queries on the organisation, its tree of teams and its people.

What has to be in order is sorted here and not by the database: PostgreSQL's order of texts is its
locale's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time
from typing import Final

from sqlalchemy import Row, exists, func, select, update
from sqlmodel import col

from bot.domain.availability import Availability
from bot.store.accounts import is_second_choice
from bot.store.database import Session, insert
from bot.store.tables import (
    Account,
    Block,
    Channel,
    Conversation,
    Organisation,
    Person,
    Team,
    Workspace,
)
from bot.store.workspaces import by_preference


async def organisation(session: Session) -> Organisation | None:
    return await session.get(Organisation, 1)


async def found(session: Session, name: str) -> None:
    """Have the organisation, by this name if it is new."""
    row = Organisation(name=name).model_dump()
    await session.execute(insert(session, Organisation).values(row).on_conflict_do_nothing())


async def launch(session: Session, at: datetime) -> None:
    """Launch the organisation, unless it has been launched before."""
    await session.execute(
        update(Organisation)
        .where(col(Organisation.id) == 1, col(Organisation.launched_at).is_(None))
        .values(launched_at=at)
        .execution_options(synchronize_session=False)
    )


async def person(session: Session, person_id: str, *, to_change: bool = False) -> Person | None:
    """An active person, or None. To change them, nobody else may do so until the session ends."""
    found = await session.get(Person, person_id, with_for_update=to_change)
    return found if found is not None and found.is_active else None


async def any_person(session: Session, person_id: str) -> Person:
    """Somebody who is on the roster, or was. Raises NoResultFound for an unknown id."""
    return (await session.execute(select(Person).where(col(Person.id) == person_id))).scalar_one()


async def active_people(session: Session) -> list[Person]:
    """Everybody active, by name."""
    people = (await session.execute(select(Person).where(col(Person.is_active)))).scalars()
    return sorted(people, key=lambda person: (person.name, person.id))


async def names(session: Session) -> Sequence[str]:
    """The names of everybody active, in no order."""
    return (
        (await session.execute(select(col(Person.name)).where(col(Person.is_active))))
        .scalars()
        .all()
    )


async def all_people(session: Session) -> Sequence[Person]:
    return (await session.execute(select(Person))).scalars().all()


async def teams(session: Session) -> list[Team]:
    """All teams, by path."""
    return sorted((await session.execute(select(Team))).scalars(), key=lambda team: team.path)


async def teams_managed(session: Session, person_id: str) -> list[str]:
    """The teams of those whom a person manages directly."""
    query = select(col(Person.team_id)).where(
        col(Person.is_active), col(Person.manager_id) == person_id
    )
    return list((await session.execute(query.distinct())).scalars())


async def find_team(session: Session, team_id: str) -> Team | None:
    return await session.get(Team, team_id)


async def members(session: Session, block_id: str) -> list[Person]:
    """The active people of a block's teams."""
    return (await members_by_block(session, block_id)).get(block_id, [])


async def members_by_block(
    session: Session, block_id: str | None = None
) -> dict[str, list[Person]]:
    """Block → the active people of its teams; of one block, or of all that hold a team today."""
    query = (
        select(col(Team.block_id), Person)
        .join(Team, col(Team.id) == col(Person.team_id))
        .where(col(Person.is_active), col(Team.block_id).is_not(None))
        .order_by(col(Team.block_id), col(Person.id))
    )
    if block_id is not None:
        query = query.where(col(Team.block_id) == block_id)
    found: dict[str, list[Person]] = {}
    for row in await session.execute(query):
        found.setdefault(str(row[0]), []).append(row[1])
    return found


async def find_block(session: Session, block_id: str) -> Block | None:
    return await session.get(Block, block_id)


async def blocks(session: Session) -> Sequence[Block]:
    return (await session.execute(select(Block))).scalars().all()


async def zones(session: Session) -> list[str]:
    """The zones that active people live in, by name."""
    query = select(col(Person.zone)).where(col(Person.is_active)).distinct()
    return sorted((await session.execute(query)).scalars())


async def manager_of(session: Session) -> dict[str, str | None]:
    """Person id → manager's id, for everybody active."""
    query = select(col(Person.id), col(Person.manager_id)).where(col(Person.is_active))
    return {row[0]: row[1] for row in await session.execute(query)}


async def team_of(session: Session) -> dict[str, str]:
    """Person id → their team, for everybody active."""
    query = select(col(Person.id), col(Person.team_id)).where(col(Person.is_active))
    return {row[0]: row[1] for row in await session.execute(query)}


async def team_blocks(session: Session) -> dict[str, str]:
    """Team → the block that it is in today."""
    query = select(col(Team.id), col(Team.block_id)).where(col(Team.block_id).is_not(None))
    return {row[0]: str(row[1]) for row in await session.execute(query)}


async def team_channels(session: Session, workspace_id: str) -> dict[str, str]:
    """Team id → the external id of its channel in a workspace."""
    query = select(col(Channel.team_id), col(Channel.external_id)).where(
        col(Channel.workspace_id) == workspace_id
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def named_channels(session: Session) -> dict[str, str]:
    """Path of a team → the channel that the roster names for it, where it names one."""
    query = select(col(Team.path), col(Team.channel)).where(col(Team.channel) != "")
    return {row[0]: row[1] for row in await session.execute(query)}


async def channels_not_found(session: Session, platforms: Collection[str]) -> dict[str, str]:
    """The same for teams whose channel was found on none of these platforms."""
    is_found = exists().where(
        col(Channel.team_id) == col(Team.id),
        col(Channel.workspace_id) == col(Workspace.id),
        col(Workspace.platform).in_(platforms),
    )
    query = select(col(Team.path), col(Team.channel)).where(col(Team.channel) != "", ~is_found)
    return {row[0]: row[1] for row in await session.execute(query)}


async def external_accounts(
    session: Session, person_ids: Collection[str]
) -> dict[str, dict[str, str]]:
    """Person → workspace → what that platform knows them by, in the order in which to try them."""
    if not person_ids:
        return {}
    query = (
        select(col(Account.person_id), col(Account.workspace_id), col(Account.external_id))
        .join(Person, col(Person.id) == col(Account.person_id))
        .where(col(Account.person_id).in_(person_ids))
        .order_by(is_second_choice(), *by_preference(col(Account.workspace_id)))
    )
    return _by_workspace(await session.execute(query))


async def external_channels(
    session: Session, team_ids: Collection[str]
) -> dict[str, dict[str, str]]:
    """Team → workspace → what that platform knows its channel by, in the order to try them in."""
    if not team_ids:
        return {}
    query = (
        select(col(Channel.team_id), col(Channel.workspace_id), col(Channel.external_id))
        .where(col(Channel.team_id).in_(team_ids))
        .order_by(*by_preference(col(Channel.workspace_id)))
    )
    return _by_workspace(await session.execute(query))


def _by_workspace(rows: Iterable[Row[str, str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for whose, workspace_id, external_id in rows:
        found.setdefault(whose, {})[workspace_id] = external_id
    return found


async def active_people_by_id(session: Session, ids: Collection[str]) -> dict[str, Person]:
    """Those of these people who are active."""
    query = select(Person).where(col(Person.is_active), col(Person.id).in_(ids))
    return {person.id: person for person in (await session.execute(query)).scalars()}


async def people_with_account(session: Session, workspace_id: str) -> set[str]:
    query = select(col(Account.person_id)).where(col(Account.workspace_id) == workspace_id)
    return set((await session.execute(query)).scalars())


async def reached(session: Session) -> tuple[int, int]:
    """How many active people have an account anywhere, and how many there are."""
    has_account = exists().where(col(Account.person_id) == col(Person.id))
    query = select(func.count().filter(has_account), func.count()).where(col(Person.is_active))
    row = (await session.execute(query)).one()
    return row[0], row[1]


async def reached_in_chats(session: Session, platform: str) -> tuple[int, int]:
    """How many active people have a conversation on a platform, and how many there are."""
    has_conversation = exists().where(
        col(Account.person_id) == col(Person.id),
        col(Account.workspace_id) == col(Conversation.workspace_id),
        col(Account.external_id) == col(Conversation.external_id),
        col(Conversation.workspace_id) == col(Workspace.id),
        col(Workspace.platform) == platform,
    )
    query = select(func.count().filter(has_conversation), func.count()).where(col(Person.is_active))
    row = (await session.execute(query)).one()
    return row[0], row[1]


async def add_accounts(session: Session, accounts: Sequence[Account]) -> None:
    """Have these accounts, also if somebody else is opening them at the same time."""
    rows = [account.model_dump() for account in accounts]
    if rows:
        await session.execute(insert(session, Account).on_conflict_do_nothing(), rows)


async def add_channels(session: Session, channels: Sequence[Channel]) -> None:
    """The same for channels."""
    rows = [channel.model_dump() for channel in channels]
    if rows:
        await session.execute(insert(session, Channel).on_conflict_do_nothing(), rows)


def channel_availability(team: Team) -> Availability:
    """A channel has its team's holidays, no weekends, and no quiet hours: nobody's phone rings."""
    return Availability(
        zone=team.zone,
        region=team.region,
        working_days=frozenset(range(5)),
        quiet_from=time.min,
        quiet_until=time.min,
    )


def availability(someone: Person) -> Availability:
    """A person's working time."""
    return Availability(
        zone=someone.zone,
        region=someone.region,
        working_days=frozenset(map(int, someone.working_days)),
        quiet_from=someone.quiet_from,
        quiet_until=someone.quiet_until,
        paused_from=someone.paused_from,
        paused_until=someone.paused_until,
    )


_ROLES: Final = {
    "admin": "is_admin",
    "volunteer": "is_volunteer",
    "coordinator": "is_coordinator",
    "case-handler": "is_case_handler",
    "safeguarding": "is_safeguarding",
}


def give_roles(someone: Person, roles: Collection[str]) -> None:
    """Have a person in these roles of the roster, and no others."""
    for role, name in _ROLES.items():
        setattr(someone, name, role in roles)


def roles_of(someone: Person) -> tuple[str, ...]:
    """The roles that a person has by the roster, in the order of `_ROLES`."""
    return tuple(role for role, name in _ROLES.items() if getattr(someone, name))
