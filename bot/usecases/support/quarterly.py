"""What the organisation may know of the desk: how often things happened in a quarter, roughly.

Counted from `SupportDay`, which names nobody. A quarter that isn't over isn't shown: two looks at
one that grows would tell what happened in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.quarters import Quarter, band
from bot.domain.support import Event, Incident
from bot.errors import NotAllowed
from bot.store import support
from bot.usecases.core import Core

# In the order of a request's way.
SHOWN: Final = (
    Event.ASK,
    Event.CLAIM,
    Event.ESCALATE,
    Event.GIVE_UP,
    Event.HAND_BACK,
    Event.CLOSE,
    Event.WITHDRAW,
    Event.EXPIRE,
    *Incident,
)


@dataclass(frozen=True, slots=True)
class Happened:
    """How often something happened: between `low` and `high` times; None for "or more".

    `what` is an event or an incident of `bot.domain.support`.
    """

    what: str
    low: int
    high: int | None


async def quarterly(core: Core, quarter: Quarter) -> list[Happened]:
    """All that can happen, whether it did or not. Raises NotAllowed for a quarter that isn't over.

    It is over by the time of Greenwich, as days are noted.
    """
    if not quarter.is_over(core.clock.now().date()):
        raise NotAllowed(
            f"{quarter} isn't over yet: it can be shown after {quarter.last_day}, once and for all."
        )
    async with core.database.reading() as session:
        counts = dict(await support.days(session, quarter.first_day, quarter.last_day))
    return [Happened(what, *band(counts.get(what, 0))) for what in SHOWN]
