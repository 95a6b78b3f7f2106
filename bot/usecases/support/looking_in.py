"""Looking in on somebody on a day that they choose: the volunteer does, or the bot."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.availability import Away, first_free
from bot.domain.cadence import to_instant
from bot.domain.support import HELD, LookIn
from bot.errors import NotFound
from bot.message import Choice, ChoiceField, Form, Paragraph
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import people, support
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.support.desk import changing, own_request
from bot.usecases.support.letters import Kind, send

# A request is known for fourteen days after its end, so that every day offered can be kept.
DAYS_AHEAD: Final = 10
AT: Final = time(10)


async def open_look_in(core: Core, tap: Tap) -> Reply:
    """Let somebody choose a day, and who looks in."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await own_request(session, texts, tap.value, person)
    return Reply(form=_form(core, texts, person, request))


async def save_look_in(core: Core, submission: Submission) -> Reply:
    """Keep the day, in place of an earlier one; without one, nobody looks in."""
    fields = submission.fields
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, submission.who)
        request = await own_request(session, texts, submission.value, person)
        chosen = fields.get("day", "")
        days = {day.isoformat(): day for day in _days(core, person)}
        if chosen and chosen not in days:
            raise NotFound(texts.say("support.look_in.past"))
        request.look_in_at = _morning_of(person, days[chosen]) if chosen else None
        by = fields.get("by", "")
        request.look_in_by = by if by in set(LookIn) else LookIn.BOT
        await session.flush()
    if not chosen:
        return Reply(notice=notice(texts, texts.say("support.look_in.nobody")))
    words = texts.say("support.look_in.saved", day=texts.day(days[chosen]))
    return Reply(notice=notice(texts, words))


async def look_in(core: Core, now: datetime) -> None:
    """Look in on everybody whose time it is, once."""
    async with core.database.reading() as session:
        due = await support.to_look_in_on(session, now)
    for request_id in due:
        async with changing(core) as session:
            request = await support.request(session, request_id)
            if request is not None and request.look_in_at is not None:
                await _look_in_on(core, session, request)


async def _look_in_on(core: Core, session: Session, request: SupportRequest) -> None:
    """The volunteer is asked to if they still talk; otherwise it is the bot who does."""
    request.look_in_at = None
    await session.flush()
    if request.look_in_by == LookIn.VOLUNTEER and request.state in HELD and request.warrior_id:
        await send(core, session, Kind.PLEASE_LOOK_IN, request.warrior_id, request.id)
    else:
        await send(core, session, Kind.LOOK_IN, request.requester_id, request.id)


def _form(core: Core, texts: Texts, person: Person, request: SupportRequest) -> Form:
    days = tuple(Choice(day.isoformat(), texts.day(day)) for day in _days(core, person))
    chosen = request.look_in_at
    before = chosen.astimezone(ZoneInfo(person.zone)).date().isoformat() if chosen else ""
    return Form(
        title=texts.say("support.look_in.title"),
        intro=(Paragraph(texts.say("support.look_in.intro")),),
        fields=(
            ChoiceField(
                name="day",
                label=texts.say("support.look_in.day"),
                choices=days,
                chosen=before if before in {day.value for day in days} else "",
                leave_out=texts.say("support.look_in.no_day"),
            ),
            ChoiceField(
                name="by",
                label=texts.say("support.look_in.by.label"),
                choices=tuple(Choice(by, texts.say(f"support.look_in.by.{by}")) for by in LookIn),
                required=True,
                chosen=request.look_in_by or LookIn.BOT,
            ),
        ),
        action="support.look_in.save",
        value=request.id,
        submit=texts.say("support.look_in.save"),
        cancel=texts.say("form.cancel"),
    )


def _days(core: Core, person: Person) -> list[date]:
    """The next days on which somebody works."""
    first = today(core, person)
    ahead = (first + timedelta(days=number) for number in range(1, DAYS_AHEAD + 1))
    return [day for day in ahead if day.weekday() in set(map(int, person.working_days))]


def _morning_of(person: Person, day: date) -> datetime:
    """Ten in the morning where somebody is, or later if that is a quiet hour of theirs."""
    zone = ZoneInfo(person.zone)
    at = to_instant(datetime.combine(day, AT), zone)
    end = to_instant(datetime.combine(day + timedelta(days=1), time.min), zone)
    free = first_free(people.availability(person), at, end)
    return at if isinstance(free, Away) else free
