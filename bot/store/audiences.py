"""Whom an occurrence is for: one SELECT, whatever their number. Nobody is loaded one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from sqlalchemy import Column as TableColumn
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    Time,
    and_,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from bot.domain.delivery import REACHING, DeliveryState, Priority
from bot.domain.programme import Audience, Programme
from bot.store.accounts import is_second_choice
from bot.store.database import Session
from bot.store.scratch import made, scratch_table
from bot.store.tables import (
    Account,
    Channel,
    Delivery,
    LedgerEntry,
    LedgerMember,
    Occurrence,
    Person,
    Team,
)

Rows = Select[*tuple[Any, ...]]
# Of people and of teams: no two are alike.
Ids = Select[str]

# A pause that never begins, or never ends: both databases compare it, unlike a NULL.
NEVER = date.max
# What a channel's working time is, as a person's is kept.
WEEKDAYS, NOT_QUIET = "01234", time.min
# The columns of a recipient's working time; its zone is the occurrence's.
WORKING_TIME: Final = (
    "region",
    "working_days",
    "quiet_from",
    "quiet_until",
    "paused_from",
    "paused_until",
)

# Who was already reached in another zone.
_REACHED = scratch_table("reached", TableColumn("recipient", String, primary_key=True))


@dataclass(frozen=True, slots=True)
class Among:
    """Whom of a programme's audience to look at.

    ids      only the people and teams with these ids; None for everybody
    but_for  not the recipients in this column
    """

    ids: Ids | None = None
    but_for: ColumnElement[str] | None = None

    def conditions(
        self, key: SQLCoreOperations[str], recipient: ColumnElement[str]
    ) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.ids is not None:
            found.append(key.in_(self.ids))
        if self.but_for is not None:
            found.append(~exists().where(self.but_for == recipient))
        return found


@asynccontextmanager
async def recipients(
    session: Session,
    programme: Programme,
    occurrence: Occurrence,
    ids: Ids | None = None,
) -> AsyncIterator[Subquery]:
    """The people and channels in an occurrence's zone that its programme is for.

    With `ids`, only those who are among these people and teams.

    Columns: recipient, workspace_id, is_second_choice, person_id or team_id, and WORKING_TIME,
    without NULLs. Who has
    accounts in two workspaces is there twice. Only people who were welcomed, but for the welcome
    itself; and nobody whom the same local time of the same programme has reached in another zone:
    people move.
    """
    elsewhere = await _in_other_zones(session, occurrence)
    if not elsewhere:
        yield _recipients(programme, occurrence, Among(ids))
        return
    async with made(session, _REACHED):
        for table, key in ((Person, col(Delivery.person_id)), (Team, col(Delivery.team_id))):
            reached = _reached(occurrence, elsewhere, table, key, ids)
            await session.execute(insert(_REACHED).from_select(["recipient"], reached))
        yield _recipients(programme, occurrence, Among(ids, but_for=_REACHED.c.recipient))


async def _in_other_zones(session: Session, occurrence: Occurrence) -> list[str]:
    """The occurrences of the same programme and local time elsewhere: few, and often none.

    Rules are announced everywhere at one instant, which is another local time in each zone.
    """
    query = select(col(Occurrence.id)).where(
        col(Occurrence.programme_id) == occurrence.programme_id,
        col(Occurrence.zone) != occurrence.zone,
        ~col(Occurrence.was_skipped),
    )
    if occurrence.rules_id is None:
        query = query.where(col(Occurrence.local_at) == occurrence.local_at)
    return list((await session.execute(query)).scalars())


def _reached(
    occurrence: Occurrence,
    elsewhere: list[str],
    table: type[Person | Team],
    key: SQLCoreOperations[str | None],
    ids: Ids | None,
) -> Rows:
    """Who got it, or will, in another zone and is in this one now.

    It starts from those occurrences, since a person's deliveries of all time are many more.
    """
    is_here = exists().where(
        col(table.id) == key,
        col(table.zone) == occurrence.zone,
        *([] if ids is None else [col(table.id).in_(ids)]),
    )
    return (
        select(col(Delivery.recipient))
        .where(
            col(Delivery.occurrence_id).in_(elsewhere),
            col(Delivery.state).in_(REACHING),
            is_here,
        )
        .distinct()
    )


def _recipients(programme: Programme, occurrence: Occurrence, among: Among) -> Subquery:
    who = _people(programme.audience, occurrence, among)
    if programme.audience is Audience.LEADERS_AND_CHANNELS:
        return union_all(who, _channels(occurrence, among)).subquery("addressee")
    return who.subquery("addressee")


def _people(audience: Audience, occurrence: Occurrence, among: Among) -> Rows:
    recipient = literal("person:", String) + col(Person.id)
    return (
        select(
            recipient.label("recipient"),
            col(Account.workspace_id),
            is_second_choice().label("is_second_choice"),
            col(Person.id).label("person_id"),
            _nobody().label("team_id"),
            col(Person.region),
            col(Person.working_days),
            col(Person.quiet_from),
            col(Person.quiet_until),
            _or_never(col(Person.paused_from)).label("paused_from"),
            _or_never(col(Person.paused_until)).label("paused_until"),
        )
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(
            col(Person.is_active),
            col(Person.zone) == occurrence.zone,
            _belongs(audience, occurrence),
            *among.conditions(col(Person.id), recipient),
        )
    )


def _channels(occurrence: Occurrence, among: Among) -> Rows:
    """The teams that have a block and a channel: see `people.channel_availability`."""
    recipient = literal("team:", String) + col(Team.id)
    return (
        select(
            recipient.label("recipient"),
            col(Channel.workspace_id),
            literal(False).label("is_second_choice"),
            _nobody().label("person_id"),
            col(Team.id).label("team_id"),
            col(Team.region),
            literal(WEEKDAYS, String).label("working_days"),
            literal(NOT_QUIET, Time).label("quiet_from"),
            literal(NOT_QUIET, Time).label("quiet_until"),
            literal(NEVER, Date).label("paused_from"),
            literal(NEVER, Date).label("paused_until"),
        )
        .join(Channel, col(Channel.team_id) == col(Team.id))
        .where(
            col(Team.zone) == occurrence.zone,
            col(Team.block_id).is_not(None),
            *among.conditions(col(Team.id), recipient),
        )
    )


def _belongs(who: Audience, occurrence: Occurrence) -> ColumnElement[bool]:
    welcomed = col(Person.welcomed_on).is_not(None)
    return {
        Audience.NOT_WELCOMED: and_(~welcomed, ~_is_being_welcomed(occurrence)),
        Audience.DAILY_CHECK_INS: and_(welcomed, col(Person.check_ins) == "daily"),
        Audience.WEEKLY_CHECK_INS: and_(welcomed, col(Person.check_ins) == "weekly"),
        Audience.REFLECTIONS: and_(welcomed, col(Person.reflections)),
        Audience.PULSES: and_(welcomed, col(Person.pulses), _is_counted(occurrence.round_id)),
        Audience.LEADERS_AND_CHANNELS: and_(welcomed, _leads_somebody()),
        Audience.EVERYBODY: welcomed,
    }[who]


def _is_being_welcomed(occurrence: Occurrence) -> ColumnElement[bool]:
    """Whoever hasn't been welcomed has had no delivery, but for a welcome or what they asked for.

    One that was planned while nobody was there to send it in time is over.
    """
    is_over = and_(
        col(Delivery.state) == DeliveryState.PLANNED, col(Delivery.expires_at) <= occurrence.due_at
    )
    return exists().where(
        col(Delivery.person_id) == col(Person.id),
        col(Delivery.state).in_(REACHING),
        col(Delivery.priority) != Priority.SUPPORT,  # they may ask for somebody before
        ~is_over,
    )


def _is_counted(round_id: str | None) -> ColumnElement[bool]:
    counted = (
        select(col(LedgerMember.ledger_id))
        .join(LedgerEntry, col(LedgerEntry.id) == col(LedgerMember.entry_id))
        .where(col(LedgerEntry.round_id) == round_id)
    )
    return col(Person.ledger_id).in_(counted)


def _leads_somebody() -> ColumnElement[bool]:
    led = select(col(Person.manager_id)).where(
        col(Person.is_active), col(Person.manager_id).is_not(None)
    )
    return col(Person.id).in_(led)


def _or_never(day: SQLCoreOperations[date | None]) -> ColumnElement[date]:
    return func.coalesce(day, literal(NEVER, Date))


def _nobody() -> ColumnElement[str | None]:
    return cast(null(), String)
