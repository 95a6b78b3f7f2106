"""What comes next: for people who ask, and for a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.cadence import Slot, next_due
from bot.domain.programme import Programme
from bot.store import deliveries, people, planning, rounds, support
from bot.usecases.core import Core


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next firing of a programme in one zone."""

    programme: Programme
    zone: str
    slot: Slot


async def upcoming(core: Core, after: datetime) -> list[Upcoming]:
    """The next firing of every programme in every zone, the soonest first."""
    async with core.database.reading() as session:
        zones = await people.zones(session)
    found = [
        Upcoming(programme, zone, next_due(programme.cadence, ZoneInfo(zone), after))
        for programme in core.library.programmes
        for zone in zones
    ]
    return sorted(found, key=lambda item: (item.slot, item.programme.id, item.zone))


async def next_event(core: Core, after: datetime) -> datetime | None:
    """The next instant at which a tick may have something to do; None before the launch."""
    async with core.database.reading() as session:
        organisation = await people.organisation(session)
        instants = [
            await deliveries.next_due(session, after),
            await rounds.next_close(session, after),
            await support.next_at(session, after),
            await support.next_look_in(session, after),
        ]
    if organisation is None or organisation.launched_at is None:
        return None
    instants += [item.slot.instant for item in await upcoming(core, after)]
    return min((instant for instant in instants if instant is not None), default=None)


async def is_caught_up(core: Core, now: datetime) -> bool:
    """Whether all that came due by an instant is planned, and every round that is over counted."""
    async with core.database.reading() as session:
        organisation = await people.organisation(session)
        if organisation is None or organisation.launched_at is None:
            return True
        if await rounds.to_close(session, now) or await rounds.to_finish(session):
            return False
        planned = await planning.watermark(session) or organisation.launched_at
    return all(item.slot.instant > now for item in await upcoming(core, planned))
