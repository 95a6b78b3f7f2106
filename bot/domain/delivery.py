"""The states of a delivery, and what an outcome makes of it.

planned → skipped(reason)      when planned: a day off, a holiday, a pause
planned → claimed → sent
                  → unknown    its reply was lost, or the process died: looked up before a resend
                  → failed     it will never arrive
                  → planned    the platform asked to wait, the person isn't to be disturbed or has
                               no account just now, or another workspace is tried
                  → expired    too late
                  → skipped(reason)  opted out, gone, nothing to say, or too late for an account
          unknown → sent       it had arrived
                  → planned    it hadn't, and there is time left
                  → expired, failed  there isn't, or it has been tried too often
           failed → planned    somebody wants it tried again
          planned → expired    somebody wants it left
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.availability import Availability, Away, first_free
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable

SNOOZE = timedelta(hours=1)
# What can't be sent just now is looked at again within this, on a whole quarter of an hour.
LOOKS_AGAIN_WITHIN = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
# A delivery that got lost in the same odd way so often is given up, with a reason to look into.
MOST_LOSSES = 8
MAX_TURNS = 4  # the first sending and three times "not now"


class DeliveryState(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why a delivery wasn't sent, beside the reasons of `Away`."""

    OPTED_OUT = "opted_out"
    GONE = "gone"
    NO_ACCOUNT = "no_account"
    NOTHING_TO_SAY = "nothing_to_say"


class Priority(IntEnum):
    """What is smaller goes first, in each workspace.

    SUPPORT    somebody asks for a person, or answers
    PERSONAL   what somebody waits for: they asked for it, or put it off until now
    """

    SUPPORT = 0
    PERSONAL = 1
    SCHEDULED = 2
    SUMMARY = 3


# A delivery in one of these states has reached its person, or still may.
REACHING = (
    DeliveryState.PLANNED,
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.UNKNOWN,
)
# What the person who runs the bot may do: the state that a delivery goes to → those it may be in.
BY_HAND = {
    DeliveryState.PLANNED: (DeliveryState.FAILED,),
    DeliveryState.EXPIRED: (DeliveryState.FAILED, DeliveryState.PLANNED),
}


@dataclass(frozen=True, slots=True)
class Next:
    """The state that a delivery goes to, why, and when it is due if it waits.

    workspace_id  where it goes from now on, if not where it was to go so far
    """

    state: DeliveryState
    reason: str = ""
    due_at: datetime | None = None
    workspace_id: str | None = None


def plan_for(person: Availability, due_at: datetime, expires_at: datetime) -> Next:
    """Plan a delivery: at once, at the person's first free instant, or not at all."""
    free = first_free(person, due_at, expires_at)
    if isinstance(free, Away):
        return Next(DeliveryState.SKIPPED, free.value, due_at)
    return Next(DeliveryState.PLANNED, due_at=free)


def before_sending(person: Availability, now: datetime, expires_at: datetime) -> Next | None:
    """Check again just before sending: None to go ahead, else what becomes of the delivery."""
    if now >= expires_at:
        return Next(DeliveryState.EXPIRED)
    planned = plan_for(person, now, expires_at)
    return None if planned.due_at == now and not planned.reason else planned


def look_again(now: datetime, expires_at: datetime, until: datetime | None = None) -> Next:
    """Look again within an hour, at `until` if that is sooner, and once more when it is too late.

    Its time says neither what it waits for nor, to more than a quarter of an hour, until when.
    """
    at = _quarter_before(now + LOOKS_AGAIN_WITHIN)
    if until is not None:
        at = min(at, _quarter_before(until + QUARTER - timedelta(microseconds=1)))
    return Next(DeliveryState.PLANNED, due_at=min(at, expires_at))


def _quarter_before(at: datetime) -> datetime:
    """The last whole quarter of an hour by then."""
    return at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % QUARTER


def without_address(now: datetime, expires_at: datetime, elsewhere: str | None) -> Next:
    """What becomes of a delivery to somebody who has no account, or a team that has no channel.

    They may be `elsewhere`, in another workspace, or there again before it is too late.
    """
    if elsewhere is not None:
        return Next(DeliveryState.PLANNED, workspace_id=elsewhere)
    if now >= expires_at:
        return Next(DeliveryState.SKIPPED, SkipReason.NO_ACCOUNT)
    return look_again(now, expires_at)


def after_loss(losses: int, again_at: datetime) -> Next:
    """What becomes of a delivery that got lost once more: it is tried again, but not for ever."""
    if losses + 1 >= MOST_LOSSES:
        return Next(DeliveryState.FAILED, "gave_up")
    return Next(DeliveryState.PLANNED, due_at=again_at)


def after_error(error: PlatformError, now: datetime, lands_within: timedelta) -> Next:
    """What becomes of a delivery whose sending failed.

    What may have arrived is asked for only once it would have: a request that was cut off may
    still land for so long.
    """
    match error:
        case Undeliverable():
            return Next(DeliveryState.FAILED, "undeliverable")
        case TryLater(retry_after_s=seconds):
            return Next(DeliveryState.PLANNED, "", now + timedelta(seconds=seconds))
        case OutcomeUnknown():
            return Next(DeliveryState.UNKNOWN, "", now + lands_within)
        case _:
            return Next(DeliveryState.FAILED, "refused")
