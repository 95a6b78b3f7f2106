"""Whoever can be reached since a moment ago, or is in another zone: they get what is still open.

Planning looks once, when a firing comes due, at whoever can be reached in its zone. An account that
appears later, and a zone that changes around a firing, would fall through. So whatever changes who
can be reached, or where, asks `store.arrivals.reachable` before, and calls `plan_for_arrivals`
after it, in one transaction that holds Lock.PLANNING. Nobody else is looked at: what people choose
in their settings holds from the next firing on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.domain.cadence import Slot, due, to_instant
from bot.domain.programme import Programme, ProgrammeKind, announcement
from bot.store import arrivals, people, planning, rounds, rules
from bot.store.audiences import Ids
from bot.store.database import Session
from bot.usecases.core import Core
from bot.usecases.plan import plan_announcement, plan_slots

log = structlog.get_logger(__name__)

# Where somebody came from: a zone, or nowhere, if they couldn't be reached at all.
CameFrom = str | None


async def plan_for_arrivals(
    core: Core,
    session: Session,
    before: Mapping[str, str],
    among: Collection[str] | None = None,
) -> None:
    """Plan what is open for whoever wasn't `reachable` before, or was in another zone.

    With `among`, only these people may have changed. What is due by it, the next tick sends.
    """
    arrived = _arrived(before, await arrivals.reachable(session, among))
    launched_at, planned_until = await _launched_at(session), await planning.watermark(session)
    if not arrived or launched_at is None or planned_until is None:
        return
    now = core.clock.now()
    until = min(now, planned_until)  # what comes due later is planned when it does
    for (came_from, zone), ids in arrived.items():
        async with arrivals.arrived(session, ids) as some:
            await arrivals.look_again(session, some, now)
            for programme in core.library.programmes:
                since = max(launched_at, now - programme.late)
                slots = _passed_by(programme, came_from, zone, since, until)
                if slots and await _is_planned(session, programme, slots[-1]):
                    await plan_slots(core, session, programme, zone, slots, now, some)
            if came_from is None:
                await _announce(core, session, zone, now, some)
    log.info("arrived", count=sum(map(len, arrived.values())))


async def _launched_at(session: Session) -> datetime | None:
    organisation = await people.organisation(session)
    return None if organisation is None else organisation.launched_at


def _arrived(
    before: Mapping[str, str], after: Mapping[str, str]
) -> dict[tuple[CameFrom, str], list[str]]:
    """(where they came from, their zone) → who they are."""
    found: defaultdict[tuple[CameFrom, str], list[str]] = defaultdict(list)
    for each, zone in after.items():
        if before.get(each) != zone:
            found[before.get(each), zone].append(each)
    return found


def _passed_by(
    programme: Programme, came_from: CameFrom, zone: str, since: datetime, until: datetime
) -> list[Slot]:
    """The last firing in a zone, if it was in time and has gone by whoever is there now.

    Where they came from it hasn't come due yet. If it has, it was theirs there, or wasn't for them.
    """
    slots = due(programme.cadence, ZoneInfo(zone), since, until)[-1:]
    if came_from is None:
        return slots
    return [slot for slot in slots if to_instant(slot.local, ZoneInfo(came_from)) > until]


async def _is_planned(session: Session, programme: Programme, slot: Slot) -> bool:
    """A pulse needs its round, which nobody opens by arriving."""
    if programme.kind is not ProgrammeKind.PULSE:
        return True
    return await rounds.round_on(session, programme.id, slot.local.date()) is not None


async def _announce(core: Core, session: Session, zone: str, now: datetime, ids: Ids) -> None:
    """Tell of the rules that were raised lately. Whoever moved has been told where they were."""
    for recorded in (await rules.history(session))[1:]:
        if now < recorded.recorded_at + announcement(recorded.id).late:
            await plan_announcement(core, session, recorded, [zone], ids)
