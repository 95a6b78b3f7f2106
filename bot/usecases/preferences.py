"""A person's own settings: how often, what, and when not. Nobody else reads or changes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.programme import Programme, ProgrammeKind
from bot.message import Choice, ChoiceField, FinePrint, Form, Message, Paragraph
from bot.ports import Reply, Submission, Tap, Texts
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_person

HOW_OFTEN: Final = ("daily", "weekly", "off")
ON_OFF: Final = ("on", "off")
# How long a pause lasts, in days; None is until the person comes back.
PAUSES: Final[dict[str, int | None]] = {"week": 7, "two_weeks": 14, "month": 28, "open": None}
NO_PAUSE: Final = "none"
KEEP_PAUSE: Final = "keep"


def still_wants(person: Person, programme: Programme) -> bool:
    """Whether a person's settings and consents allow this programme now."""
    if programme.kind is not ProgrammeKind.WELCOME and person.welcomed_on is None:
        return False
    match programme.kind:
        case ProgrammeKind.CHECK_IN:
            return person.check_ins != "off"
        case ProgrammeKind.REFLECTION:
            return person.reflections
        case ProgrammeKind.PULSE:
            return person.pulses
        case ProgrammeKind.WELCOME | ProgrammeKind.SUMMARY:
            return True


async def open_settings(core: Core, tap: Tap) -> Reply:
    """Show a person their settings as a form."""
    async with core.database.reading() as session:
        person = await acting_person(session, tap.person_id)
    return Reply(form=_form(core.library.texts(person.language), person, _today(core, person)))


async def save_settings(core: Core, submission: Submission) -> Reply:
    """Save the settings form. What is missing or unknown leaves its setting as it is."""
    async with core.database.writing() as session:
        person = await acting_person(session, submission.person_id)
        chosen = submission.fields
        if chosen.get("check_ins") in HOW_OFTEN:
            person.check_ins = chosen["check_ins"]
        if chosen.get("reflections") in ON_OFF:
            person.reflections = chosen["reflections"] == "on"
        pause(person, chosen.get("pause", KEEP_PAUSE), _today(core, person))
        session.add(person)
    texts = core.library.texts(person.language)
    return Reply(notice=_saved(texts), home=True)


def pause(person: Person, length: str, today: date) -> None:
    """Pause everything from today for a while, or end a pause."""
    if length == NO_PAUSE:
        person.paused_from = person.paused_until = None
    elif length in PAUSES:
        days = PAUSES[length]
        person.paused_from = today
        person.paused_until = None if days is None else today + timedelta(days=days - 1)


def is_paused(person: Person, today: date) -> bool:
    """Whether a pause is running."""
    if person.paused_from is None:
        return False
    return person.paused_until is None or person.paused_until >= today


async def acting_texts(core: Core, session: Session, person_id: str) -> tuple[Person, Texts]:
    """Who acts, and the texts in their language."""
    person = await acting_person(session, person_id)
    return person, core.library.texts(person.language)


def _form(texts: Texts, person: Person, today: date) -> Form:
    paused = is_paused(person, today)
    pauses = ((KEEP_PAUSE, NO_PAUSE) if paused else (NO_PAUSE,)) + tuple(PAUSES)
    return Form(
        title=texts.say("settings.title"),
        intro=(Paragraph(texts.say("settings.intro")),),
        fields=(
            _choices(texts, "check_ins", HOW_OFTEN, person.check_ins),
            _choices(texts, "reflections", ON_OFF, "on" if person.reflections else "off"),
            _choices(texts, "pause", pauses, KEEP_PAUSE if paused else NO_PAUSE),
        ),
        action="settings.save",
        submit=texts.say("settings.save"),
        cancel=texts.say("form.cancel"),
    )


def _choices(texts: Texts, name: str, values: tuple[str, ...], chosen: str) -> ChoiceField:
    return ChoiceField(
        name=name,
        label=texts.say(f"settings.{name}.label"),
        choices=tuple(Choice(value, texts.say(f"settings.{name}.{value}")) for value in values),
        required=True,
        chosen=chosen,
    )


def _saved(texts: Texts) -> Message:
    return Message(
        summary=texts.say("settings.saved"),
        parts=(
            Paragraph(texts.say("settings.saved")),
            FinePrint(texts.say("settings.who_sees")),
        ),
    )


def _today(core: Core, person: Person) -> date:
    return core.clock.now().astimezone(ZoneInfo(person.zone)).date()
