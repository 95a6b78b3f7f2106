"""Sending what is due in one workspace: claim, check again, send, record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.availability import Availability
from bot.domain.delivery import DeliveryState, Next, SkipReason, after_error, before_sending
from bot.domain.programme import ProgrammeKind
from bot.errors import NotFound, PlatformError
from bot.message import Message
from bot.ports import Address
from bot.store import deliveries, people, rounds
from bot.store.database import Session
from bot.store.deliveries import Claim
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.compose import compose, programme_of
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.preferences import wants

log = structlog.get_logger(__name__)

BATCH = 50
# A summary whose round hasn't been counted yet, because that failed, is tried again after this.
WAIT_FOR_COUNTING = timedelta(minutes=5)


async def deliver(core: Core, workspace_id: str) -> None:
    """Send everything that is due in a workspace. One worker at a time serves a workspace."""
    await _doubt_unfinished(core, workspace_id)
    while claims := await _claim(core, workspace_id):
        for claim in claims:
            try:
                await _send(core, claim)
            except Exception:
                # Whether it was sent isn't known; the next tick looks it up.
                log.exception("sending failed", delivery=claim.delivery_id)
                await settle(core, claim, Next(DeliveryState.UNKNOWN))


async def _doubt_unfinished(core: Core, workspace_id: str) -> None:
    """What a worker that died or failed had in hand may have been sent, or not."""
    async with core.database.writing() as session:
        count = await deliveries.doubt_claims(session, workspace_id)
    if count:
        log.warning("deliveries were in hand when the bot stopped", count=count)


async def _claim(core: Core, workspace_id: str) -> list[Claim]:
    async with core.database.writing() as session:
        return await deliveries.claim(session, workspace_id, core.clock.now(), BATCH)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A delivery that is ready to go."""

    address: Address
    message: Message


async def _send(core: Core, claim: Claim) -> None:
    now = core.clock.now()
    async with core.database.reading() as session:
        found = await deliveries.claimed(session, claim)
        if found is None:
            return
        delivery, occurrence = found
        prepared = await _prepare(core, session, delivery, occurrence, now)
    if isinstance(prepared, Next):
        await settle(core, claim, prepared)
        return
    outcome, message_id = await _post(core, delivery, prepared, now)
    await settle(core, claim, outcome, message_id, welcomes(core, delivery, occurrence))
    log.info("delivery", delivery=delivery.id, outcome=outcome.state)


async def _post(
    core: Core, delivery: Delivery, letter: _Letter, now: datetime
) -> tuple[Next, str | None]:
    messenger = core.messengers[delivery.workspace_id]
    try:
        message_id = await messenger.post(letter.address, letter.message, delivery.id)
    except PlatformError as error:
        return after_error(error, now), None
    return Next(DeliveryState.SENT), message_id


async def _prepare(
    core: Core, session: Session, delivery: Delivery, occurrence: Occurrence, now: datetime
) -> _Letter | Next:
    """Check once more that it may be sent, and write it."""
    person = await people.person(session, delivery.person_id) if delivery.person_id else None
    otherwise = await _otherwise(core, session, delivery, occurrence, person, now)
    if otherwise is not None:
        return otherwise
    address = await address_of(session, delivery)
    if address is None:
        return Next(DeliveryState.SKIPPED, SkipReason.NO_ACCOUNT)
    message = await compose(core, session, delivery, occurrence, person)
    if message is None:
        return Next(DeliveryState.SKIPPED, SkipReason.NOTHING_TO_SAY)
    return _Letter(address, message)


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
    times = await _availability(session, delivery, person)
    otherwise = before_sending(times, now, delivery.expires_at)
    if otherwise is not None:
        return otherwise
    if programme.kind is ProgrammeKind.SUMMARY and not await _is_counted(session, occurrence):
        return Next(DeliveryState.PLANNED, due_at=now + WAIT_FOR_COUNTING)
    return None


async def _is_counted(session: Session, occurrence: Occurrence) -> bool:
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


async def address_of(session: Session, delivery: Delivery) -> Address | None:
    """Where a delivery goes, or None if its person or team has no place in that workspace."""
    workspace = delivery.workspace_id
    if delivery.person_id is not None:
        account = await people.account(session, delivery.person_id, workspace)
        return Address(workspace, "person", account.external_id) if account else None
    channel = await people.channel(session, delivery.team_id or "", workspace)
    return Address(workspace, "channel", channel.external_id) if channel else None


def welcomes(core: Core, delivery: Delivery, occurrence: Occurrence) -> str | None:
    """Whom a delivery welcomes, if it is a welcome."""
    programme = programme_of(core, occurrence)
    is_welcome = programme is not None and programme.kind is ProgrammeKind.WELCOME
    return delivery.person_id if is_welcome else None


async def settle(
    core: Core,
    claim: Claim,
    outcome: Next,
    message_id: str | None = None,
    welcomed: str | None = None,
) -> None:
    """Record the outcome of a claim; once a welcome is sent, its person has been welcomed.

    Both in one transaction: nobody is left between, neither welcomed nor waiting for it.
    """
    async with core.database.writing() as session:
        settled = await deliveries.settle(session, claim, outcome, message_id)
        if settled and outcome.state is DeliveryState.SENT and welcomed is not None:
            person = await people.person(session, welcomed)
            if person is not None:
                person.welcomed_on = today(core, person)
