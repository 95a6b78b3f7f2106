"""What became of deliveries, as the person who runs the bot may see it: counts, and nobody's names.

Who opted in to pulses must not show, so the counts of a pulse are never exact: they are the bands
that its summary uses, and its progress goes in tenths. Why somebody is skipped (a day off, a pause)
is theirs, so small counts of that are never exact either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.domain.bands import n_band
from bot.domain.delivery import DeliveryState

FEW = 5  # what is less is "fewer than 5", as in a summary
MANY = 30  # where the last band starts: from here on a pulse's progress says nothing of how many
TENTH = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many: `low` to `high`, which is None for "or more". Equal where the number is exact."""

    low: int
    high: int | None

    def __bool__(self) -> bool:
        return self.high != 0

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low} or more"
        if self.low == self.high:
            return f"{self.low:,}"
        return f"fewer than {FEW}" if self.high < FEW else f"{self.low} to {self.high}"


def exact(number: int) -> Count:
    return Count(number, number)


def blurred(number: int) -> Count:
    """The band that holds a number; that there is none at all is said as it is."""
    if number == 0:
        return exact(0)
    return Count(1, FEW - 1) if number < FEW else Count(*n_band(number, FEW))


def blurred_if_few(number: int) -> Count:
    return blurred(number) if number < FEW else exact(number)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many deliveries of one programme and local time, over all zones, are in one state.

    local_at  local date and time, such as `2026-11-23T09:30`
    is_due    planned ones only: it is time to send them
    """

    programme_id: str
    local_at: str
    state: DeliveryState
    reason: str
    is_due: bool
    number: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What has become of one programme at one local time, over all zones.

    waiting    due, and not in hand yet
    later      planned for later
    in_hand    claimed by a worker
    failed, skipped, expired  reason → how many; see `REASONS`
    progress   of what is due, how much is done, in percent; None if that can't be said. It is
               there while something is being sent, and after it
    missed_in  in how many zones nothing was planned: the bot was off for too long, or a pulse
               or its summary had nothing to ask or say
    """

    programme_id: str
    local_at: str
    sent: Count
    waiting: Count
    later: Count
    in_hand: Count
    unknown: Count
    failed: Mapping[str, Count]
    skipped: Mapping[str, Count]
    expired: Mapping[str, Count]
    progress: int | None
    missed_in: int = 0

    @property
    def is_running(self) -> bool:
        """Something is being sent, or should be."""
        return bool(self.waiting or self.in_hand or self.unknown)


@dataclass(frozen=True, slots=True)
class WorkspacePace:
    """How fast one workspace may be written to just now.

    share        how much of its limit is used: (0, 1]; less than 1 after a platform's refusal
    rests_until  when all that was sent no longer counts against the limit, if that is to come
    lag          how long the delivery that is due the longest has been due; None if nothing is due
    """

    workspace_id: str
    platform: str
    share: float
    rests_until: datetime | None
    lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What became of the occurrences of the last days, the latest first, and how sending goes."""

    at: datetime
    since: datetime
    outcomes: tuple[Outcomes, ...]
    workspaces: tuple[WorkspacePace, ...]

    @property
    def running(self) -> tuple[Outcomes, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.is_running)

    @property
    def lag(self) -> timedelta | None:
        """How long the delivery that is due the longest has been due."""
        lags = [workspace.lag for workspace in self.workspaces if workspace.lag is not None]
        return max(lags, default=None)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which deliveries of the last days somebody means; what is None leaves none out."""

    programme_id: str | None = None
    local_at: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """How many deliveries were changed by hand, for each programme of which there were any."""

    programmes: tuple[tuple[str, Count], ...]

    def __bool__(self) -> bool:
        return bool(self.programmes)

    def __str__(self) -> str:
        return ", ".join(f"{programme} ({count})" for programme, count in self.programmes)


def outcomes(
    tallies: Iterable[Tally],
    discreet: Collection[str],
    missed: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Outcomes, ...]:
    """Tallies by programme and local time, the latest first.

    discreet  the programmes whose counts must not be exact
    missed    (programme id, local time) → the zones in which nothing was planned
    """
    together: dict[tuple[str, str], list[Tally]] = {firing: [] for firing in missed or {}}
    for tally in tallies:
        together.setdefault((tally.programme_id, tally.local_at), []).append(tally)
    found = [
        _outcomes_of(firing, some, is_discreet=firing[0] in discreet, missed=(missed or {}))
        for firing, some in together.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.local_at, one.programme_id), reverse=True))


def _outcomes_of(
    firing: tuple[str, str],
    tallies: Collection[Tally],
    *,
    is_discreet: bool,
    missed: Mapping[tuple[str, str], int],
) -> Outcomes:
    say = blurred if is_discreet else exact

    def number(state: DeliveryState, *, is_due: bool = False) -> int:
        wanted = (tally for tally in tallies if (tally.state, tally.is_due) == (state, is_due))
        return sum(tally.number for tally in wanted)

    waiting = number(DeliveryState.PLANNED, is_due=True)
    in_hand, unknown = number(DeliveryState.CLAIMED), number(DeliveryState.UNKNOWN)
    sent = number(DeliveryState.SENT)
    done = sent + number(DeliveryState.FAILED) + number(DeliveryState.EXPIRED)
    return Outcomes(
        programme_id=firing[0],
        local_at=firing[1],
        sent=say(sent),
        waiting=say(waiting),
        later=say(number(DeliveryState.PLANNED)),
        in_hand=say(in_hand),
        unknown=say(unknown),
        failed=_by_reason(tallies, DeliveryState.FAILED, say),
        skipped=_by_reason(
            tallies, DeliveryState.SKIPPED, blurred if is_discreet else blurred_if_few
        ),
        expired=_by_reason(tallies, DeliveryState.EXPIRED, say),
        progress=_progress(done, done + waiting + in_hand + unknown, is_discreet=is_discreet),
        missed_in=missed.get(firing, 0),
    )


def _by_reason(
    tallies: Iterable[Tally], state: DeliveryState, say: Callable[[int], Count]
) -> dict[str, Count]:
    of_state = sorted((t.reason, t.number) for t in tallies if t.state is state)
    return {
        reason: say(sum(number for _, number in some))
        for reason, some in groupby(of_state, key=lambda pair: pair[0])
    }


def _progress(done: int, total: int, *, is_discreet: bool) -> int | None:
    """Percent, rounded down so that 100 means done. Of a small pulse it would give numbers away."""
    if total == 0:
        return None
    if not is_discreet or done == total:
        return 100 * done // total
    return None if total < MANY else TENTH * done // total * 100 // TENTH


# What the reasons of deliveries mean, for the person who runs the bot.
REASONS: Mapping[str, str] = {
    "": "too late",
    "by_hand": "called off by hand",
    "day_off": "a day off",
    "gave_up": "tried too often",
    "gone": "left the organisation",
    "holiday": "a public holiday",
    "no_account": "no account",
    "nothing_to_say": "nothing to say",
    "opted_out": "opted out meanwhile",
    "paused": "on pause",
    "quiet_hours": "quiet hours",
    "refused": "refused by the platform",
    "undeliverable": "no such account or channel",
}


def in_words(reason: str) -> str:
    """A reason in words; one that nobody foresaw as it is."""
    return REASONS.get(reason, reason.replace("_", " "))


def duration_in_words(duration: timedelta) -> str:
    """A duration for reading: "12 s", "3 min 20 s", "2 h 5 min", "3 days"."""
    seconds = int(duration.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if minutes == 0:
        return f"{seconds} s"
    if hours == 0:
        return f"{minutes} min {seconds % 60} s"
    if days == 0:
        return f"{hours} h {minutes % 60} min"
    return "1 day" if days == 1 else f"{days} days"
