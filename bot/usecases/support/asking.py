"""Asking for a volunteer: where to turn comes first, then a form without a box to write in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict, TypeVar

from bot.domain.matching import Asker, Candidate, could_ever, is_free
from bot.domain.support import Contact, Event, RequestState, Shown, Topic, Urgency
from bot.domain.support_clock import LASTS, next_step_at
from bot.message import Button, Buttons, Choice, ChoiceField, FinePrint, Form, Message, Paragraph
from bot.message import Field as FormField
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import people, support, warriors
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.resources import places_to_turn, resource_items, resources
from bot.usecases.support.desk import changing, move, note, own_request
from bot.usecases.support.ending import end
from bot.usecases.support.letters import Kind, send
from bot.usecases.support.offering import offer
from bot.usecases.support.pseudonyms import new_alias
from bot.usecases.support.volunteers import asker, candidates

BY_NAME: Final = "name"
NOBODY: Final = "nobody"
# A list that somebody scrolls through on a phone; both platforms take more.
MOST_NAMES: Final = 90

Chosen = TypeVar("Chosen", bound=StrEnum)


async def open_asking(core: Core, tap: Tap) -> Reply:
    """Show where to turn, and the form; only where to turn if there is no volunteer at all."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        closed = await _closed(core, session, texts, person)
        if closed is not None:
            return Reply(notice=closed)
        everybody = await candidates(core, session)
        own = await asker(session, person.id, person.language)
        names = await _names(session, everybody, own)
    return Reply(form=_form(core, texts, person, everybody, own, names))


async def send_request(core: Core, submission: Submission) -> Reply:
    """Take the form. What is missing or unknown is as it was suggested; nothing is typed in it."""
    fields = submission.fields
    urgency = _one_of(Urgency, fields.get("urgency"), Urgency.SOMETIME)
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, submission.who)
        if urgency is Urgency.WHERE_TO_TURN:
            return Reply(notice=resources(texts, person.region))
        closed = await _closed(core, session, texts, person)
        if closed is not None:
            return Reply(notice=closed)
        everybody = await candidates(core, session)
        await _remember_not_these(core, session, person, fields, everybody)
        request = await _begin(core, session, texts, person, urgency, fields, everybody)
        await note(core, session, Event.ASK)
        await send(core, session, Kind.ASKED, person.id, request.id)
        await offer(core, session, request)
    return Reply(notice=notice(texts, texts.say("support.sent")), home=True)


async def withdraw(core: Core, tap: Tap) -> Reply:
    """Take a request back, in one tap, whatever has become of it."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await own_request(session, texts, tap.value, person)
        done = await end(core, session, request, Event.WITHDRAW, to_asker=None)
    words = texts.say("support.withdrawn" if done else "support.over")
    return Reply(replace=_stays(texts, person.region, words), notice=notice(texts, words))


async def look_on(core: Core, tap: Tap) -> Reply:
    """Have the search go on after nobody was free: the clock starts anew."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, tap.who)
        request = await own_request(session, texts, tap.value, person)
        done = await move(
            core, session, request, Event.LOOK_ON, **first_step(core, person, request.urgency)
        )
        if done:
            await offer(core, session, request)
    words = texts.say("support.looking_on" if done else "support.over")
    return Reply(replace=_stays(texts, person.region, words), notice=notice(texts, words))


class Clock(TypedDict):
    """The columns of a request that say how long it has waited."""

    since: datetime
    done: str
    next_at: datetime | None


def first_step(core: Core, person: Person, urgency: str) -> Clock:
    """Of a request whose clock starts now."""
    now = core.clock.now()
    step = next_step_at(people.availability(person), now, Urgency(urgency), None)
    return Clock(since=now, done="", next_at=step[1] if step else None)


# --- the form --------------------------------------------------------------------------------


def _form(
    core: Core,
    texts: Texts,
    person: Person,
    everybody: Sequence[Candidate],
    own: Asker,
    names: Sequence[Choice],
) -> Form:
    is_there = any(is_free(one, own, core.support.new_a_week) for one in everybody)
    languages = sorted({language for one in everybody for language in one.languages})
    leave_out = texts.say("support.form.leave_out")
    fields: list[FormField] = [
        _choices(texts, "urgency", list(Urgency), Urgency.SOMETIME),
        _choices(texts, "contact", list(Contact), Contact.CHAT),
        _choices(texts, "called", ["pseudonym", BY_NAME], "pseudonym"),
        ChoiceField(
            name="topic",
            label=texts.say("support.ask.topic.label"),
            choices=tuple(Choice(one, texts.say(f"support.ask.topic.{one}")) for one in Topic),
            leave_out=leave_out,
        ),
    ]
    if len(languages) > 1:
        chosen = person.language if person.language in languages else languages[0]
        options = tuple(Choice(one, texts.say(f"language.{one}")) for one in languages)
        label = texts.say("support.ask.language.label")
        fields.append(
            ChoiceField(name="language", label=label, choices=options, required=True, chosen=chosen)
        )
    if names:
        fields += [
            ChoiceField(
                name=name,
                label=texts.say(f"support.form.{name}"),
                choices=tuple(names),
                leave_out=leave_out,
            )
            for name in ("wanted", "not_this", "nor_this")
        ]
    return Form(
        title=texts.say("support.form.title"),
        intro=(
            Paragraph(texts.say("support.form.first")),
            resource_items(texts, person.region),
            Paragraph(texts.say("support.form.what")),
            Paragraph(
                texts.say("support.form.there_now" if is_there else "support.form.nobody_now")
            ),
            *_may_be_revealed(core, texts),
            FinePrint(texts.say("support.form.who_sees")),
        ),
        fields=tuple(fields),
        action="support.send",
        submit=texts.say("support.form.send"),
        cancel=texts.say("form.cancel"),
    )


def _may_be_revealed(core: Core, texts: Texts) -> tuple[Paragraph, ...]:
    """Where a pseudonym can be lifted, everybody is told before they ask."""
    return (Paragraph(texts.say("support.reveal.beforehand")),) if core.support.reveal else ()


def _choices(texts: Texts, name: str, values: Sequence[str], chosen: str) -> ChoiceField:
    return ChoiceField(
        name=name,
        label=texts.say(f"support.ask.{name}.label"),
        choices=tuple(Choice(value, texts.say(f"support.ask.{name}.{value}")) for value in values),
        required=True,
        chosen=chosen,
    )


async def _names(
    session: Session, everybody: Sequence[Candidate], own: Asker
) -> tuple[Choice, ...]:
    """The volunteers whom somebody may ask for by name, or not want: never anybody else's name."""
    may = {one.person_id for one in everybody if could_ever(one, own)}
    listed = [each for each in await warriors.listed(session) if each.id in may]
    return tuple(Choice(each.id, each.name) for each in listed[:MOST_NAMES])


def _has_asked(texts: Texts, region: str) -> Message:
    words = texts.say("support.has_asked")
    return _stays(texts, region, words)


def _stays(texts: Texts, region: str, words: str) -> Message:
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            resource_items(texts, region),
            Buttons(
                (
                    Button(texts.say("support.again"), "support.open", style="quiet"),
                    Button(texts.say("support.wishes.button"), "support.wishes", style="quiet"),
                )
            ),
            FinePrint(texts.say("support.way_out")),
        ),
    )


# --- taking it -------------------------------------------------------------------------------


async def _closed(core: Core, session: Session, texts: Texts, person: Person) -> Message | None:
    """What to say to somebody who can't ask now; None if they can."""
    organisation = await people.organisation(session)
    is_launched = organisation is not None and organisation.launched_at is not None
    if not is_launched or not await warriors.is_anybody_there(session):
        return resources(texts, person.region)
    pause = await support.pause_of(session, person.id)
    if pause is not None and today(core, person) <= pause.until:
        words = texts.say("support.pause.is", until=texts.day(pause.until))
        return places_to_turn(texts, person.region, words)
    if await support.of_asker(session, person.id) is not None:
        return _has_asked(texts, person.region)
    return None


async def _begin(
    core: Core,
    session: Session,
    texts: Texts,
    person: Person,
    urgency: Urgency,
    fields: Mapping[str, str],
    everybody: Sequence[Candidate],
) -> SupportRequest:
    by_name = fields.get("called") == BY_NAME
    spoken = {language for one in everybody for language in one.languages}
    language = fields.get("language", person.language)
    own = await asker(session, person.id, language)
    names = {choice.value for choice in await _names(session, everybody, own)}
    wanted = fields.get("wanted", "")
    request = SupportRequest(
        id=core.new_id(),
        state=RequestState.OPEN,
        requester_id=person.id,
        wanted_id=wanted if wanted in names else None,
        urgency=urgency,
        contact=_one_of(Contact, fields.get("contact"), Contact.CHAT),
        language=language if language in spoken else person.language,
        topic=_topic(fields.get("topic", "")),
        alias=await new_alias(core, session, texts),
        shown=Shown.NAME_AND_TEAM if by_name else Shown.PSEUDONYM,
        opened_on=today(core, person),
        may_reveal=core.support.reveal,
        expires_at=core.clock.now() + LASTS,
        **first_step(core, person, urgency),
    )
    session.add(request)
    await session.flush()
    return request


async def _remember_not_these(
    core: Core,
    session: Session,
    person: Person,
    fields: Mapping[str, str],
    everybody: Sequence[Candidate],
) -> None:
    """Whom somebody doesn't want is their own wish, and stays until they change it."""
    known = {one.person_id for one in everybody}
    chosen = {fields.get("not_this", ""), fields.get("nor_this", "")}
    await support.add_not_these(session, person.id, chosen & known)


def _one_of(kind: type[Chosen], value: str | None, otherwise: Chosen) -> Chosen:
    return kind(value) if value in set(kind) else otherwise


def _topic(value: str) -> str:
    return value if value in set(Topic) else ""
