"""Planning: the clock's firings become occurrences, and these become deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.domain.cadence import Slot, due
from bot.domain.delivery import Priority, plan_for
from bot.domain.programme import Programme, ProgrammeKind, announcement
from bot.errors import InboxGone, KeyringError
from bot.store import deliveries, people, planning, rounds
from bot.store.audiences import Ids, recipients
from bot.store.database import Lock, Session, driver_connection, hold
from bot.store.tables import Occurrence, Round, RuleSet
from bot.usecases.core import Core
from bot.usecases.open_round import open_round

log = structlog.get_logger(__name__)

# Which round a summary is about: the last that opened in this time.
SUMMARY_LOOKS_BACK = timedelta(days=6)
# A clock that is further behind the watermark has gone back. The clocks of replicas differ by
# seconds, and that they take turns at being ahead must change nothing; but no programme's lateness
# is as short as this, so that a smaller jump there and back loses nothing.
GONE_BACK = timedelta(minutes=5)


async def plan(core: Core, now: datetime) -> None:
    """Plan all that came due since the watermark, and move it, in one transaction.

    After a downtime the latest firing goes out if it isn't too late for its programme; older ones
    are recorded as skipped. Of several replicas that do this at once, one plans; the others then
    find the watermark moved.
    """
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        now = max(now, core.clock.now())  # another one may have planned until later meanwhile
        since = await _planned_until(session, now)
        if since is None or now <= since:
            return
        count = 0
        zones = await people.zones(session)
        for programme in core.library.programmes:
            for zone in zones:
                slots = due(programme.cadence, ZoneInfo(zone), since, now)
                count += await plan_slots(core, session, programme, zone, slots, now)
        await planning.move_watermark(session, now)
        if count:
            # What comes due later, the ticks wake.
            waiting = await deliveries.workspaces_due(session, now)
            await core.queue.enqueue(waiting, await driver_connection(session))


async def _planned_until(session: Session, now: datetime) -> datetime | None:
    """Up to when everything is planned; None before the launch."""
    organisation = await people.organisation(session)
    if organisation is None or organisation.launched_at is None:
        return None
    since = await planning.watermark(session) or organisation.launched_at
    return since if now >= since - GONE_BACK else await _turn_back(session, since, now)


async def _turn_back(session: Session, since: datetime, now: datetime) -> datetime:
    """The clock was ahead: have what it let pass considered again. Returns since when to plan.

    What was sent, or may have been, stays. An occurrence of the future stays too if it has one:
    when its time comes, planning adds whoever has no delivery of it yet.
    """
    skipped = await planning.forget_skipped(session, now)
    count = await planning.decide_again(session, now)
    await planning.wait_no_longer(session, than=now + GONE_BACK)
    log.warning("the clock went back", behind_s=(since - now).total_seconds(), considered=count)
    # A firing exactly at `since` counts as planned.
    return now if skipped is None else min(now, skipped - timedelta(microseconds=1))


async def plan_slots(
    core: Core,
    session: Session,
    programme: Programme,
    zone: str,
    slots: Sequence[Slot],
    now: datetime,
    ids: Ids | None = None,
) -> int:
    """Plan one programme's firings in one zone. Returns how many deliveries it made.

    With `ids`, only for whoever is among these people and teams.
    """
    count = 0
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
        found = await planning.insert_occurrence(session, occurrence)
        if not occurrence.was_skipped and not found.was_skipped:
            count += await _plan_deliveries(session, programme, found, ids)
    return count


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


async def plan_announcement(
    core: Core,
    session: Session,
    recorded: RuleSet,
    zones: Iterable[str],
    ids: Ids | None = None,
) -> None:
    """Announce rules to everybody who has been welcomed, whatever they opted in to.

    With `ids`, only to whoever is among these people.
    """
    programme = announcement(recorded.id)
    for zone in zones:
        local = recorded.recorded_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        occurrence = Occurrence(
            id=core.new_id(),
            programme_id=programme.id,
            zone=zone,
            local_at=local.isoformat(timespec="minutes"),
            due_at=recorded.recorded_at,
            expires_at=recorded.recorded_at + programme.late,
            rules_id=recorded.id,
        )
        found = await planning.insert_occurrence(session, occurrence)
        await _plan_deliveries(session, programme, found, ids)


async def _plan_deliveries(
    session: Session, programme: Programme, occurrence: Occurrence, ids: Ids | None
) -> int:
    """Plan an occurrence for everybody whom its programme is for. Returns for how many."""
    is_summary = programme.kind is ProgrammeKind.SUMMARY
    async with recipients(session, programme, occurrence, ids) as addressees:
        count = await planning.insert_deliveries(
            session,
            occurrence,
            addressees,
            Priority.SUMMARY if is_summary else Priority.SCHEDULED,
            partial(plan_for, due_at=occurrence.due_at, expires_at=occurrence.expires_at),
        )
    # How many were asked in a pulse says how many opted in; of a few who arrive, it says who did.
    if count and programme.kind is not ProgrammeKind.PULSE:
        log.info("planned", occurrence=occurrence.id, count=count)
    elif count and ids is None:
        log.info("planned", occurrence=occurrence.id)
    return count
