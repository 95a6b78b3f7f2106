"""The letters of the desk: planned in the transaction of what they tell of, and sent as all else.

So none is lost with a process, none goes out twice, and none before what it tells of is certain.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.availability import Away, first_free
from bot.domain.delivery import DeliveryState, Priority
from bot.domain.programme import SUPPORT_ID
from bot.store import people, planning, warriors
from bot.store.database import Session, driver_connection
from bot.store.support_tables import SupportNotice, SupportRequest
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.core import Core

# Who can't be reached for so long hears of it another way.
LASTS: Final = timedelta(days=2)
# What can wait for somebody's working time waits for so long at most.
WAITS: Final = timedelta(days=30)


class Kind(StrEnum):
    """What a letter is about; `prompts/en/support.yaml` has its words under this name."""

    # to whoever asks
    ASKED = "asked"
    STILL_LOOKING = "still_looking"
    COORDINATOR_CALLED = "coordinator_called"
    NOBODY_FREE = "nobody_free"
    PICKED_UP = "picked_up"
    LOOKING_AGAIN = "looking_again"
    MAY_WE_HAND_OVER = "may_we_hand_over"
    ENDED = "ended"
    LOOK_IN = "look_in"
    CLOSED_BY_COORDINATOR = "closed_by_coordinator"
    ASKING_PAUSED = "asking_paused"
    MAY_ASK_AGAIN = "may_ask_again"
    # to volunteers
    OFFER = "offer"
    YOURS = "yours"
    SHOWN = "shown"
    STAYS_WITH_YOU = "stays_with_you"
    HANDED_OVER = "handed_over"
    ENDED_FOR_YOU = "ended_for_you"
    PLEASE_LOOK_IN = "please_look_in"
    REASSIGNED = "reassigned"
    # to volunteers, on being one
    APPROVED = "approved"
    NOT_NOW = "not_now"
    SUSPENDED = "suspended"
    MAY_RETURN = "may_return"
    NO_LONGER = "no_longer"
    TRAINING_ENDS = "training_ends"
    TRAINING_ENDED = "training_ended"
    HOW_ARE_YOU = "how_are_you"
    # to coordinators
    APPLICATION = "application"
    DEBRIEF = "debrief"
    NOBODY_PICKED_UP = "nobody_picked_up"
    REPORTED = "reported"
    # when a life may be at risk: to coordinators, the volunteer, a second named person, and whoever
    # asked
    HARM = "harm"
    HELP_COMES = "help_comes"
    HELP_ASKED = "help_asked"
    REVEAL_ASKED = "reveal_asked"
    REVEALED = "revealed"
    REVEAL_REFUSED = "reveal_refused"
    YOU_WERE_NAMED = "you_were_named"


async def send(
    core: Core,
    session: Session,
    kind: Kind,
    person_id: str,
    request_id: str | None = None,
    about_id: str | None = None,
    at: datetime | None = None,
    lasts: timedelta = LASTS,
) -> bool:
    """Plan a letter, for now or a later instant. False if its reader has no account anywhere."""
    workspaces = (await people.external_accounts(session, {person_id})).get(person_id)
    reader = await people.person(session, person_id)
    if not workspaces or reader is None:
        return False
    now = core.clock.now()
    due_at = at or now
    letter_id, workspace_id = core.new_id(), next(iter(workspaces))
    session.add(
        Occurrence(
            id=letter_id,
            programme_id=SUPPORT_ID,
            zone="",
            local_at=letter_id,
            due_at=due_at,
            expires_at=due_at + lasts,
        )
    )
    await session.flush()
    session.add(
        SupportNotice(
            occurrence_id=letter_id,
            kind=kind,
            person_id=person_id,
            request_id=request_id,
            about_id=about_id,
            on_day=due_at.astimezone(ZoneInfo(reader.zone)).date(),
        )
    )
    delivery = Delivery(
        id=core.new_id(),
        occurrence_id=letter_id,
        workspace_id=workspace_id,
        recipient=person_id,
        person_id=person_id,
        due_at=due_at,
        expires_at=due_at + lasts,
        state=DeliveryState.PLANNED,
        priority=Priority.SUPPORT,
    )
    await planning.insert_delivery(session, delivery)
    if due_at <= now:
        await core.queue.enqueue([workspace_id], await driver_connection(session))
    return True


async def send_to_coordinators(
    core: Core, session: Session, kind: Kind, request: SupportRequest, about_id: str | None = None
) -> bool:
    """Plan a letter to each coordinator who isn't part of a request. False if there is nobody."""
    two = {request.requester_id, request.warrior_id}
    planned = [
        await send(core, session, kind, each.id, request.id, about_id)
        for each in await warriors.coordinators(session)
        if each.id not in two
    ]
    return any(planned)


async def send_when_free(
    core: Core,
    session: Session,
    kind: Kind,
    reader: Person,
    about_id: str | None = None,
) -> bool:
    """Plan a letter that can wait for its reader's working time.

    False if they have no account anywhere, or are on a break that is longer than we wait.
    """
    now = core.clock.now()
    at = first_free(people.availability(reader), now, now + WAITS)
    if isinstance(at, Away):
        return False
    return await send(core, session, kind, reader.id, about_id=about_id, at=at)
