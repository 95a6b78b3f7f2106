"""The states of a support request, and what brings it from one to another.

A request is a *draft* while somebody fills in the form: nothing of it is kept. From then on every
request has a way to an end, from every state, without anybody's doing: see `Event.EXPIRE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RequestState(StrEnum):
    """Where a request is.

    draft        being filled in; kept nowhere
    open         sent; nobody has been asked yet, or nobody who was asked is left
    offered      up to three volunteers have been asked, and any of them may pick it up
    escalated    it took too long: the coordinator was told, and those who were asked still may
    nobody_free  its writer was told that nobody is free, and where to turn meanwhile
    claimed      one volunteer has picked it up, and nobody has said anything yet
    talking      the two have begun to talk
    handed_back  the volunteer can't go on; others are looked for
    closed       over, by either of the two, the coordinator, or time
    withdrawn    taken back by its writer
    """

    DRAFT = "draft"
    OPEN = "open"
    OFFERED = "offered"
    ESCALATED = "escalated"
    NOBODY_FREE = "nobody_free"
    CLAIMED = "claimed"
    TALKING = "talking"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What happens to it.

    ask        the form is sent
    offer      volunteers are asked
    let_go     nobody who was asked is left: they declined, or may not any more
    escalate   the clock calls the coordinator
    give_up    the clock says that nobody is free
    look_on    its writer wants the search to go on
    claim      a volunteer, or the coordinator, picks it up
    talk       something was said
    hand_back  the volunteer can't go on, or hands over with its writer's consent
    close      either of the two, or the coordinator, ends it; or its writer has left
    withdraw   its writer takes it back
    expire     its last day is over
    """

    ASK = "ask"
    OFFER = "offer"
    LET_GO = "let_go"
    ESCALATE = "escalate"
    GIVE_UP = "give_up"
    LOOK_ON = "look_on"
    CLAIM = "claim"
    TALK = "talk"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Incident(StrEnum):
    """What happens beside that, and is noted by the day as well.

    report  either side said that a conversation wasn't right
    pause   a coordinator paused asking for somebody
    harm    a volunteer called for help, because a life may be at risk
    reveal  two named people learned whose pseudonym it is
    """

    REPORT = "report"
    PAUSE = "pause"
    HARM = "harm"
    REVEAL = "reveal"


S, E = RequestState, Event

# The search goes on in these: a volunteer may be asked, and may pick it up.
WAITING: Final = (S.OPEN, S.OFFERED, S.ESCALATED, S.NOBODY_FREE, S.HANDED_BACK)
# A volunteer has it.
HELD: Final = (S.CLAIMED, S.TALKING)
ENDED: Final = (S.CLOSED, S.WITHDRAWN)
ALIVE: Final = (*WAITING, *HELD)

TRANSITIONS: Final[Mapping[tuple[RequestState, Event], RequestState]] = MappingProxyType(
    {
        (S.DRAFT, E.ASK): S.OPEN,
        (S.OPEN, E.OFFER): S.OFFERED,
        (S.HANDED_BACK, E.OFFER): S.OFFERED,
        (S.OFFERED, E.OFFER): S.OFFERED,
        # Whoever is asked later changes nothing of what has been said to others.
        (S.ESCALATED, E.OFFER): S.ESCALATED,
        (S.NOBODY_FREE, E.OFFER): S.NOBODY_FREE,
        (S.OFFERED, E.LET_GO): S.OPEN,
        (S.OPEN, E.ESCALATE): S.ESCALATED,
        (S.OFFERED, E.ESCALATE): S.ESCALATED,
        (S.HANDED_BACK, E.ESCALATE): S.ESCALATED,
        (S.ESCALATED, E.GIVE_UP): S.NOBODY_FREE,
        (S.NOBODY_FREE, E.LOOK_ON): S.OPEN,
        **{(state, E.CLAIM): S.CLAIMED for state in WAITING},
        (S.CLAIMED, E.TALK): S.TALKING,
        (S.TALKING, E.TALK): S.TALKING,
        **{(state, E.HAND_BACK): S.HANDED_BACK for state in HELD},
        **{(state, E.CLOSE): S.CLOSED for state in ALIVE},
        **{(state, E.WITHDRAW): S.WITHDRAWN for state in ALIVE},
        **{(state, E.EXPIRE): S.CLOSED for state in ALIVE},
    }
)


def after(state: RequestState, event: Event) -> RequestState | None:
    """The state that an event leads to, or None if it isn't allowed in this one."""
    return TRANSITIONS.get((state, event))


class Urgency(StrEnum):
    """Chosen by whoever asks, never inferred."""

    SOMETIME = "sometime"
    TODAY = "today"
    WHERE_TO_TURN = "where_to_turn"


class Contact(StrEnum):
    CHAT = "chat"
    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


class Topic(StrEnum):
    """What it is about, if somebody wants to say: a word, never a text."""

    WORKLOAD = "workload"
    PEOPLE = "people"
    CHANGE = "change"
    HOME = "home"
    MONEY = "money"
    HEALTH = "health"
    LOSS = "loss"
    CARING = "caring"


class Shown(StrEnum):
    """How much of whoever asks the volunteer sees; it grows, and only they make it grow."""

    PSEUDONYM = "pseudonym"
    FIRST_NAME = "first_name"
    NAME_AND_TEAM = "name_and_team"


class LookIn(StrEnum):
    """Who looks in on somebody who wants it."""

    VOLUNTEER = "volunteer"
    BOT = "bot"


def next_step(shown: Shown) -> Shown | None:
    """What may be shown next, or None if all is."""
    steps = list(Shown)
    later = steps[steps.index(shown) + 1 :]
    return later[0] if later else None
