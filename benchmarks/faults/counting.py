"""What went wrong, from what the platform has and what the bot's table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, select
from sqlmodel import col

from bot.domain.delivery import DeliveryState
from bot.store.tables import Account, Delivery, Occurrence

# A message that was begun in time may arrive so much later.
ON_ITS_WAY: Final = timedelta(seconds=2)
WAITING: Final = frozenset({DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.UNKNOWN})

# A firing at a local time, for one recipient: of these there may be one message each.
Firing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of the bot's table."""

    key: str
    firing: Firing
    conversation: str
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message at the platform, with the instant by the bot's own time."""

    key: str
    conversation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wrong:
    """What went wrong; each names the messages or people, and all should be empty.

    missed      should have had a message, and hasn't
    twice       has more than one for the same firing
    late        arrived after its expiry
    misrecorded  the table says that it was sent and the platform hasn't got it, or the other way
                round, or the platform has a message that the table knows nothing of
    unfinished  without an outcome when the time for it was over
    """

    missed: Sequence[Firing] = ()
    twice: Sequence[Firing] = ()
    late: Sequence[str] = ()
    misrecorded: Sequence[str] = ()
    unfinished: Sequence[str] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        return {
            "missed": len(self.missed),
            "twice": len(self.twice),
            "late": len(self.late),
            "misrecorded": len(self.misrecorded),
            "unfinished": len(self.unfinished),
        }

    def __bool__(self) -> bool:
        return any(self.counts.values())


@dataclass(frozen=True, slots=True)
class Due:
    """Who should have what: every firing, and whether it may have been left as too late."""

    firings: Collection[Firing]
    may_expire: Collection[Firing] = field(default_factory=frozenset)


def what_went_wrong(due: Due, planned: Sequence[Planned], arrived: Sequence[Arrived]) -> Wrong:
    """Compare three accounts that know nothing of each other."""
    rows = {row.key: row for row in planned}
    times = Counter(rows[each.key].firing for each in arrived if each.key in rows)
    expired = {row.firing for row in planned if row.state == DeliveryState.EXPIRED}
    excused = expired & set(due.may_expire)
    return Wrong(
        missed=sorted(set(due.firings) - set(times) - excused),
        twice=sorted(firing for firing, count in times.items() if count > 1),
        late=sorted(each.key for each in arrived if _is_late(each, rows)),
        misrecorded=_misrecorded(rows, arrived),
        unfinished=sorted(row.key for row in planned if row.state in WAITING),
    )


def _is_late(message: Arrived, rows: Mapping[str, Planned]) -> bool:
    row = rows.get(message.key)
    return row is not None and message.at > row.expires_at + ON_ITS_WAY


def _misrecorded(rows: Mapping[str, Planned], arrived: Sequence[Arrived]) -> list[str]:
    there = {(each.key, each.conversation) for each in arrived}
    sent = {(row.key, row.conversation) for row in rows.values() if row.state == DeliveryState.SENT}
    return sorted(key for key, _ in there ^ sent)


def planned_in(engine: Engine) -> list[Planned]:
    """The bot's table, of messages to people."""
    query = (
        select(
            col(Delivery.id),
            col(Occurrence.local_at),
            col(Delivery.recipient),
            col(Account.external_id),
            col(Delivery.expires_at),
            col(Delivery.state),
        )
        .join(Occurrence, col(Occurrence.id) == col(Delivery.occurrence_id))
        .join(Account, col(Account.person_id) == col(Delivery.person_id))
    )
    with engine.connect() as connection:
        return [
            Planned(key, (local_at, recipient), conversation, expires_at, state)
            for key, local_at, recipient, conversation, expires_at, state in connection.execute(
                query
            )
        ]
