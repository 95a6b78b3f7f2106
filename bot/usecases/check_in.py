"""Answering a check-in, skipping it, and putting things off. No answer is ever stored.

Whatever is tapped, the same rows are read and written and the same message stays in the chat; only
the words in the notice, which its writer alone sees and which doesn't stay, differ.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.availability import Away, first_free
from bot.domain.cadence import to_instant
from bot.domain.delivery import MAX_TURNS, SNOOZE, DeliveryState, Priority
from bot.domain.programme import ProgrammeKind
from bot.errors import NotFound
from bot.ports import Reply, Tap, Texts, Who
from bot.store import people, planning, received
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.compose import notice, programme_of, settled
from bot.usecases.core import Core
from bot.usecases.people import acting_texts

SKIP = "skip"
SNOOZED = frozenset({ProgrammeKind.CHECK_IN, ProgrammeKind.REFLECTION, ProgrammeKind.PULSE})


async def answer_check_in(core: Core, tap: Tap) -> Reply:
    """Thank a person for an answer, or for skipping: `value` is `delivery:choice`."""
    delivery_id, _, choice_id = tap.value.partition(":")
    person, texts, due_at = await _come_back_to(core, tap.who, delivery_id)
    words = _words(texts, choice_id)
    day = _local_day(person, due_at)
    if core.clock.now() >= _end_of(day, person):
        words = texts.say("check_in.late", day=texts.day(day))
    return Reply(replace=settled(texts, person.region), notice=notice(texts, words))


async def decline_reflection(core: Core, tap: Tap) -> Reply:
    """Put a reflection away."""
    person, texts, _ = await _come_back_to(core, tap.who, tap.value)
    words = texts.say("reflection.declined")
    return Reply(replace=settled(texts, person.region), notice=notice(texts, words))


async def snooze(core: Core, tap: Tap) -> Reply:
    """Not now: once more in an hour, if there is an hour left in the person's day."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who)
        delivery, occurrence = await _own_delivery(session, texts, tap.value, person)
        programme = programme_of(core, occurrence)
        if programme is None or programme.kind not in SNOOZED:
            raise NotFound(texts.say("error.unknown_button"))
        is_pulse = programme.kind is ProgrammeKind.PULSE
        end = (
            occurrence.expires_at
            if is_pulse
            else _end_of(_local_day(person, delivery.due_at), person)
        )
        latest = await received.latest_turn(session, delivery)
        is_waiting = latest.turn > delivery.turn and latest.state == DeliveryState.PLANNED
        again = latest if is_waiting else _again(core, person, latest, end)
        if again is not None and not is_waiting:
            await planning.insert_delivery(session, again)
    words = (
        texts.say("later.gone")
        if again is None
        else texts.say("later.at", time=f"{again.due_at.astimezone(ZoneInfo(person.zone)):%H:%M}")
    )
    # An invitation to a pulse never changes.
    stays = None if is_pulse else settled(texts, person.region)
    return Reply(replace=stays, notice=notice(texts, words))


async def _come_back_to(core: Core, who: Who, delivery_id: str) -> tuple[Person, Texts, datetime]:
    """Who acts, and when what they act on was due. What "not now" put off isn't needed any more.

    Mostly nothing was put off, and nothing is written: many people act at once in a morning.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
        found = await received.message(session, delivery_id, person.id)
    if found is None:
        raise NotFound(texts.say("error.unknown_button"))
    if found.is_put_off:
        async with core.database.writing() as session:
            await received.forget_snoozes(session, found.occurrence_id, found.recipient)
    return person, texts, found.due_at


def _words(texts: Texts, choice_id: str) -> str:
    replies = {choice.id: choice.reply for choice in texts.check_ins.choices}
    replies[SKIP] = texts.say("check_in.skipped")
    if choice_id not in replies:
        raise NotFound(texts.say("error.unknown_button"))
    return replies[choice_id]


async def _own_delivery(
    session: Session, texts: Texts, delivery_id: str, person: Person
) -> tuple[Delivery, Occurrence]:
    found = await received.delivery(session, delivery_id, person.id)
    if found is None:
        raise NotFound(texts.say("error.unknown_button"))
    return found


def _local_day(person: Person, due_at: datetime) -> date:
    """The person's day on which something was due, which a holiday may have moved."""
    return due_at.astimezone(ZoneInfo(person.zone)).date()


def _end_of(day: date, person: Person) -> datetime:
    """A check-in is over with its day."""
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return to_instant(midnight, ZoneInfo(person.zone))


def _again(core: Core, person: Person, delivery: Delivery, end: datetime) -> Delivery | None:
    """Once more in an hour, or at the person's next free time; None if too late or too often."""
    due_at = core.clock.now() + SNOOZE
    if delivery.turn + 1 >= MAX_TURNS or due_at >= end:
        return None
    free = first_free(people.availability(person), due_at, end)
    if isinstance(free, Away):
        return None
    return Delivery(
        id=core.new_id(),
        occurrence_id=delivery.occurrence_id,
        workspace_id=delivery.workspace_id,
        recipient=delivery.recipient,
        person_id=person.id,
        turn=delivery.turn + 1,
        due_at=free,
        expires_at=end,
        state=DeliveryState.PLANNED,
        priority=Priority.PERSONAL,
    )
