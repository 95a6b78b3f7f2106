"""Queries on the organisation, its tree of teams and its people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from sqlalchemy import ColumnElement, and_, exists, select
from sqlmodel import col

from bot.domain.availability import Availability
from bot.domain.delivery import DeliveryState
from bot.domain.programme import Audience, Programme
from bot.store.database import Session
from bot.store.tables import (
    Account,
    Block,
    Channel,
    Delivery,
    LedgerEntry,
    LedgerMember,
    Occurrence,
    Organisation,
    Person,
    Team,
)

# A delivery in one of these states has reached its person, or still may.
REACHING = (
    DeliveryState.PLANNED,
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.UNKNOWN,
)


async def organisation(session: Session) -> Organisation | None:
    return await session.get(Organisation, 1)


async def person(session: Session, person_id: str) -> Person | None:
    """An active person, or None."""
    found = await session.get(Person, person_id)
    return found if found is not None and found.is_active else None


async def active_people(session: Session) -> Sequence[Person]:
    query = select(Person).where(col(Person.is_active)).order_by(col(Person.name))
    return (await session.execute(query)).scalars().all()


async def all_people(session: Session) -> Sequence[Person]:
    return (await session.execute(select(Person))).scalars().all()


async def teams(session: Session) -> Sequence[Team]:
    return (await session.execute(select(Team).order_by(col(Team.path)))).scalars().all()


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
    """The zones that active people live in."""
    query = (
        select(col(Person.zone)).where(col(Person.is_active)).distinct().order_by(col(Person.zone))
    )
    return list((await session.execute(query)).scalars())


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


async def audience(
    session: Session, programme: Programme, occurrence: Occurrence
) -> list[tuple[Person, str]]:
    """The people in an occurrence's zone whom its programme is for, each with their workspace.

    Only people who were welcomed, but for the welcome itself; and nobody whom the same local time
    of the same programme has reached in another zone: people move.
    """
    query = (
        select(Person, col(Account.workspace_id))
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(
            col(Person.is_active),
            col(Person.zone) == occurrence.zone,
            _belongs(programme.audience, occurrence.round_id),
            ~_was_sent(programme.id, occurrence.local_at),
        )
        .order_by(col(Person.id))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


def _belongs(who: Audience, round_id: str | None) -> ColumnElement[bool]:
    welcomed = col(Person.welcomed_on).is_not(None)
    match who:
        case Audience.NOT_WELCOMED:
            return and_(~welcomed, ~_is_being_welcomed())
        case Audience.DAILY_CHECK_INS:
            return and_(welcomed, col(Person.check_ins) == "daily")
        case Audience.WEEKLY_CHECK_INS:
            return and_(welcomed, col(Person.check_ins) == "weekly")
        case Audience.REFLECTIONS:
            return and_(welcomed, col(Person.reflections))
        case Audience.PULSES:
            return and_(welcomed, col(Person.pulses), _is_counted(round_id))
        case Audience.LEADERS_AND_CHANNELS:
            return and_(welcomed, _leads_somebody())


def _was_sent(programme_id: str, local_at: str) -> ColumnElement[bool]:
    return _delivered(
        col(Delivery.person_id) == col(Person.id),
        col(Occurrence.programme_id) == programme_id,
        col(Occurrence.local_at) == local_at,
    )


def _is_being_welcomed() -> ColumnElement[bool]:
    """Whoever hasn't been welcomed has had no delivery at all, but for a welcome."""
    return _delivered(col(Delivery.person_id) == col(Person.id))


def _delivered(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(col(Delivery.id))
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .where(col(Delivery.state).in_(REACHING), *conditions)
    )


def _is_counted(round_id: str | None) -> ColumnElement[bool]:
    return exists(
        select(col(LedgerMember.entry_id))
        .join(LedgerEntry, col(LedgerEntry.id) == col(LedgerMember.entry_id))
        .where(
            col(LedgerMember.ledger_id) == col(Person.ledger_id),
            col(LedgerEntry.round_id) == round_id,
        )
    )


def _leads_somebody() -> ColumnElement[bool]:
    led = select(col(Person.manager_id)).where(
        col(Person.is_active), col(Person.manager_id).is_not(None)
    )
    return col(Person.id).in_(led)


async def channels(
    session: Session, programme: Programme, occurrence: Occurrence
) -> list[tuple[Team, str]]:
    """The teams in an occurrence's zone that have a block and a channel, each with its workspace.

    But for those that the same local time of the programme has reached in another zone.
    """
    was_sent = _delivered(
        col(Delivery.team_id) == col(Team.id),
        col(Occurrence.programme_id) == programme.id,
        col(Occurrence.local_at) == occurrence.local_at,
    )
    query = (
        select(Team, col(Channel.workspace_id))
        .join(Channel, col(Channel.team_id) == col(Team.id))
        .where(col(Team.zone) == occurrence.zone, col(Team.block_id).is_not(None), ~was_sent)
        .order_by(col(Team.id))
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def team_channels(session: Session) -> dict[str, str]:
    """Team id → the external id of its channel."""
    rows = await session.execute(select(col(Channel.team_id), col(Channel.external_id)))
    return {row[0]: row[1] for row in rows}


async def account(session: Session, person_id: str, workspace_id: str) -> Account | None:
    return await session.get(Account, (person_id, workspace_id))


async def people_with_account(session: Session, workspace_id: str) -> set[str]:
    query = select(col(Account.person_id)).where(col(Account.workspace_id) == workspace_id)
    return set((await session.execute(query)).scalars())


async def channel(session: Session, team_id: str, workspace_id: str) -> Channel | None:
    return await session.get(Channel, (team_id, workspace_id))


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
        working_days=frozenset(someone.working_days),
        quiet_from=someone.quiet_from,
        quiet_until=someone.quiet_until,
        paused_from=someone.paused_from,
        paused_until=someone.paused_until,
    )
