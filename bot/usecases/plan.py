"""Planning: the clock's firings become occurrences, and these become deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.availability import Availability
from bot.domain.cadence import Slot, due
from bot.domain.delivery import plan_for
from bot.domain.programme import Audience, Programme, ProgrammeKind
from bot.errors import InboxGone, KeyringError
from bot.store import deliveries, people, rounds
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence, Round
from bot.usecases.core import Core
from bot.usecases.open_round import open_round

log = structlog.get_logger(__name__)

# Which round a summary is about: the last that opened in this time.
SUMMARY_LOOKS_BACK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person or one team's channel, in one workspace."""

    key: str
    workspace_id: str
    availability: Availability
    person_id: str | None = None
    team_id: str | None = None


async def plan(core: Core, now: datetime) -> None:
    """Plan all that came due since the watermark, and move it, in one transaction.

    After a downtime the latest firing goes out if it isn't too late for its programme; older ones
    are recorded as skipped.
    """
    async with core.database.writing() as session:
        organisation = await people.organisation(session)
        if organisation is None or organisation.launched_at is None:
            return
        since = await deliveries.watermark(session) or organisation.launched_at
        if now <= since:
            return
        zones = await people.zones(session)
        for programme in core.library.programmes:
            for zone in zones:
                slots = due(programme.cadence, ZoneInfo(zone), since, now)
                await _plan_slots(core, session, programme, zone, slots, now)
        await deliveries.move_watermark(session, now)


async def _plan_slots(
    core: Core,
    session: Session,
    programme: Programme,
    zone: str,
    slots: list[Slot],
    now: datetime,
) -> None:
    for slot in slots:
        too_late = slot is not slots[-1] or now > slot.instant + programme.late
        occurrence = Occurrence(
            id=core.new_id(),
            programme_id=programme.id,
            zone=zone,
            local_at=slot.local.isoformat(timespec="minutes"),
            due_at=slot.instant,
            expires_at=slot.instant + programme.late,
            was_skipped=too_late,
        )
        if not too_late:
            await _attach_round(core, session, programme, slot, occurrence, now)
        is_new = await deliveries.insert_occurrence(session, occurrence)
        if is_new and not occurrence.was_skipped:
            count = await _insert_deliveries(core, session, programme, occurrence)
            if count:
                log.info("planned", occurrence=occurrence.id, count=count)


async def _attach_round(
    core: Core,
    session: Session,
    programme: Programme,
    slot: Slot,
    occurrence: Occurrence,
    now: datetime,
) -> None:
    """Tie a pulse to its open round, and a summary to the week's; without one, skip."""
    found: Round | None
    if programme.kind is ProgrammeKind.PULSE:
        found = await _open_round(core, session, programme, slot, now)
        if found is not None:
            occurrence.expires_at = found.closes_at
    elif programme.kind is ProgrammeKind.SUMMARY:
        found = await rounds.latest(session, opened_since=slot.instant - SUMMARY_LOOKS_BACK)
        if found is not None and found.closes_at > slot.instant:
            # It closes when its time has come in the last zone, which may be later than here.
            occurrence.due_at = found.closes_at
            occurrence.expires_at = found.closes_at + programme.late
    else:
        return
    occurrence.round_id = found.id if found else None
    occurrence.was_skipped = found is None


async def _open_round(
    core: Core, session: Session, programme: Programme, slot: Slot, now: datetime
) -> Round | None:
    """Without a safe place for keys and answers there is no pulse; everything else goes on."""
    try:
        return await open_round(core, session, programme, slot, now)
    except (KeyringError, InboxGone):
        log.exception("a pulse can't be opened", programme=programme.id)
        return None


async def _insert_deliveries(
    core: Core, session: Session, programme: Programme, occurrence: Occurrence
) -> int:
    rows = []
    for recipient in await _recipients(session, programme, occurrence):
        first = plan_for(recipient.availability, occurrence.due_at, occurrence.expires_at)
        rows.append(
            Delivery(
                id=core.new_id(),
                occurrence_id=occurrence.id,
                workspace_id=recipient.workspace_id,
                recipient=recipient.key,
                person_id=recipient.person_id,
                team_id=recipient.team_id,
                due_at=first.due_at or occurrence.due_at,
                expires_at=occurrence.expires_at,
                state=first.state,
                reason=first.reason,
            )
        )
    await deliveries.insert_deliveries(session, rows)
    return len(rows)


async def _recipients(
    session: Session, programme: Programme, occurrence: Occurrence
) -> list[Recipient]:
    found = await people.audience(session, programme, occurrence)
    recipients = [
        Recipient(
            key=f"person:{person.id}",
            workspace_id=workspace_id,
            availability=people.availability(person),
            person_id=person.id,
        )
        for person, workspace_id in found
    ]
    if programme.audience is Audience.LEADERS_AND_CHANNELS:
        recipients += [
            Recipient(
                key=f"team:{team.id}",
                workspace_id=workspace_id,
                availability=people.channel_availability(team),
                team_id=team.id,
            )
            for team, workspace_id in await people.channels(session, programme, occurrence)
        ]
    return recipients
