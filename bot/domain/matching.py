"""Which volunteers may be asked for a request, and which of them are.

Who may is decided from the roster and from what volunteers say of themselves, and again at the very
moment at which one picks a request up. Nothing of it is shown to anybody, nor why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from bot.domain.blocks import managers_above

# How many are asked at the same time: DESIGN 5.3.
MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer, as far as it matters whether they may be asked.

    is_ready      trained, the confidentiality line confirmed, neither resting nor suspended
    is_on_shift   there for others just now
    manages       line-manages somebody
    handles_cases  a case handler, such as in HR
    open_now      how many conversations they have
    new_lately    how many they picked up in the last seven days
    cap           how many they want to have at once
    recent        how many they picked up or were asked for lately: fewer is asked first
    asked_on      when they were asked last
    """

    person_id: str
    languages: frozenset[str]
    is_ready: bool
    is_on_shift: bool
    manages: bool
    handles_cases: bool
    open_now: int
    new_lately: int
    cap: int
    recent: int = 0
    asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, as far as it matters who may be asked.

    language     the language to talk in
    not_these    those whom they don't want, who had the request before, or who declined
    manager_of   person → manager, for everybody on the roster
    """

    person_id: str
    language: str
    not_these: frozenset[str]
    manager_of: Mapping[str, str | None]


def is_too_close(one: str, other: str, manager_of: Mapping[str, str | None]) -> bool:
    """Whether two people are the same, in one line of management, or have the same manager."""
    if one == other:
        return True
    if other in managers_above(one, manager_of) or one in managers_above(other, manager_of):
        return True
    manager = manager_of.get(one)
    return manager is not None and manager == manager_of.get(other)


def could_ever(candidate: Candidate, asker: Asker) -> bool:
    """Whether a volunteer may be asked for somebody, if they are free."""
    return (
        candidate.is_ready
        and not candidate.manages
        and not candidate.handles_cases
        and asker.language in candidate.languages
        and candidate.person_id not in asker.not_these
        and not is_too_close(candidate.person_id, asker.person_id, asker.manager_of)
    )


def may_take(candidate: Candidate, asker: Asker, new_a_week: int) -> bool:
    """The same, and they have room for one more: what is checked again when they pick it up."""
    return (
        could_ever(candidate, asker)
        and candidate.open_now < candidate.cap
        and candidate.new_lately < new_a_week
    )


def is_free(candidate: Candidate, asker: Asker, new_a_week: int) -> bool:
    """The same, and they are there now."""
    return candidate.is_on_shift and may_take(candidate, asker, new_a_week)


def choose(
    candidates: Sequence[Candidate],
    asker: Asker,
    new_a_week: int,
    request_id: str,
    already: Collection[str],
    preferred: str | None,
) -> list[str]:
    """Whom to ask now, beside those who have been asked and not yet answered.

    Whoever was asked for by name is waited for, and asked alone, as long as they may be. The others
    come in turn: those with the least lately, then those who were asked longest ago.
    """
    waiting = [one for one in candidates if one.person_id not in already]
    wanted = [one for one in candidates if one.person_id == preferred]
    if any(may_take(one, asker, new_a_week) for one in wanted):
        waiting = [one for one in waiting if one in wanted]
    waiting = [one for one in waiting if is_free(one, asker, new_a_week)]
    waiting.sort(key=lambda one: _turn(one, request_id))
    room = max(0, MOST_OFFERS - len(already))
    return [one.person_id for one in waiting[:room]]


def _turn(one: Candidate, request_id: str) -> tuple[int, date, str]:
    """Whose turn it is; a draw between equals, which falls out differently each time."""
    draw = sha256(f"{request_id}/{one.person_id}".encode()).hexdigest()
    return one.recent + one.open_now, one.asked_on or date.min, draw
