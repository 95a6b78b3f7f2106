"""Making claimed deliveries ready: check once more that each may be sent, and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot.domain.availability import Availability
from bot.domain.delivery import (
    DeliveryState,
    Next,
    Priority,
    SkipReason,
    after_loss,
    before_sending,
    without_address,
)
from bot.domain.programme import Programme, ProgrammeKind
from bot.errors import NotFound
from bot.message import Message, Part
from bot.ports import Address
from bot.store import deliveries, people, rounds
from bot.store.database import Session
from bot.store.deliveries import Claim, Result
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.addresses import Place, people_of, places_of
from bot.usecases.compose import compose, programme_of
from bot.usecases.core import Core
from bot.usecases.news import news_for
from bot.usecases.people import today
from bot.usecases.preferences import wants

log = structlog.get_logger(__name__)

# A summary whose round hasn't been counted yet, because that failed, is tried again after this.
WAIT_FOR_COUNTING = timedelta(minutes=5)
# A message that can't be written, because of a defect, is tried again after this.
WAIT_FOR_MENDING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that is ready to go.

    elsewhere  the workspace to try if it can't be delivered there
    welcomed   whom it welcomes, and their local day, if it does
    disturbs   it goes out at once, whatever its reader's platform says: somebody needs them
    """

    claim: Claim
    address: Address
    message: Message
    expires_at: datetime
    elsewhere: str | None = None
    welcomed: tuple[str, date] | None = None
    disturbs: bool = False


async def prepare(core: Core, claims: Sequence[Claim]) -> list[Letter | Result]:
    """Each claim that still stands as a letter, or as what becomes of it instead."""
    now = core.clock.now()
    async with core.database.reading() as session:
        found = await deliveries.claimed(session, claims)
        due = [delivery for _, delivery, _ in found]
        places, persons = await places_of(session, due), await people_of(session, due)
        news = await news_for(core, session, [each[1:] for each in found], persons)
        return [
            await _ready(
                core,
                session,
                claim,
                delivery,
                occurrence,
                persons.get(delivery.person_id or ""),
                places[delivery.id],
                news.get(delivery.id, ()),
                now,
            )
            for claim, delivery, occurrence in found
        ]


async def _ready(
    core: Core,
    session: Session,
    claim: Claim,
    delivery: Delivery,
    occurrence: Occurrence,
    person: Person | None,
    place: Place,
    news: Sequence[Part],
    now: datetime,
) -> Letter | Result:
    """One delivery; what is wrong with it must not hold up the others."""
    try:
        written = await _write(core, session, delivery, occurrence, person, place, news, now)
    except Exception:
        log.exception("a message can't be written", delivery=delivery.id)
        return Result(claim, after_loss(delivery.losses, now + WAIT_FOR_MENDING), was_lost=True)
    if isinstance(written, Next):
        return Result(claim, written)
    address, message = written
    return Letter(
        claim,
        address,
        message,
        delivery.expires_at,
        place.elsewhere,
        welcomed_by(core, delivery, occurrence, person),
        disturbs=delivery.priority == Priority.SUPPORT,
    )


async def _write(
    core: Core,
    session: Session,
    delivery: Delivery,
    occurrence: Occurrence,
    person: Person | None,
    place: Place,
    news: Sequence[Part],
    now: datetime,
) -> tuple[Address, Message] | Next:
    otherwise = await _otherwise(core, session, delivery, occurrence, person, now)
    if otherwise is not None and otherwise.state is not DeliveryState.EXPIRED:
        return otherwise
    if place.address is None:
        return without_address(now, delivery.expires_at, place.elsewhere)
    if otherwise is not None:
        return otherwise
    message = await compose(core, session, delivery, occurrence, person, news)
    if message is None:
        return Next(DeliveryState.SKIPPED, SkipReason.NOTHING_TO_SAY)
    return place.address, message


async def _otherwise(
    core: Core,
    session: Session,
    delivery: Delivery,
    occurrence: Occurrence,
    person: Person | None,
    now: datetime,
) -> Next | None:
    """What becomes of a delivery that may not be sent now; None if it may."""
    if delivery.person_id and person is None:
        return Next(DeliveryState.SKIPPED, SkipReason.GONE)
    programme = programme_of(core, occurrence)
    if programme is None or (person is not None and not wants(person, programme.audience)):
        return Next(DeliveryState.SKIPPED, SkipReason.OPTED_OUT)
    if programme.kind is ProgrammeKind.SUPPORT:  # somebody waits for it, at any hour
        return Next(DeliveryState.EXPIRED) if now >= delivery.expires_at else None
    times = await _availability(session, delivery, person)
    otherwise = before_sending(times, now, delivery.expires_at)
    if otherwise is not None:
        return otherwise
    if not await _is_counted(session, programme, occurrence):
        return Next(DeliveryState.PLANNED, due_at=now + WAIT_FOR_COUNTING)
    return None


async def _is_counted(session: Session, programme: Programme, occurrence: Occurrence) -> bool:
    """Whether there is something to say yet: a summary waits until its round is counted."""
    if programme.kind is not ProgrammeKind.SUMMARY:
        return True
    asked = await rounds.round_by_id(session, occurrence.round_id or "")
    return asked is not None and asked.state in rounds.COUNTED


async def _availability(
    session: Session, delivery: Delivery, person: Person | None
) -> Availability:
    if person is not None:
        return people.availability(person)
    team = await people.find_team(session, delivery.team_id or "")
    if team is None:
        raise NotFound(f"delivery {delivery.id} is for nobody")
    return people.channel_availability(team)


def welcomed_by(
    core: Core, delivery: Delivery, occurrence: Occurrence, person: Person | None
) -> tuple[str, date] | None:
    """Whom a delivery welcomes, and which day it is for them, if it is a welcome."""
    programme = programme_of(core, occurrence)
    if person is None or programme is None or programme.kind is not ProgrammeKind.WELCOME:
        return None
    return person.id, today(core, person)
