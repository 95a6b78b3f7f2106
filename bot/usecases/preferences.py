"""A person's own settings: how often, what, and when not. Nobody else reads or changes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Final

from bot.domain.availability import is_paused
from bot.domain.programme import Audience
from bot.message import Choice, ChoiceField, FinePrint, Form, Message, Paragraph
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import accounts
from bot.store.people import availability
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, blocks_led, today
from bot.usecases.second_account import keep_only

HOW_OFTEN: Final = ("daily", "weekly", "off")
ON_OFF: Final = ("on", "off")
# Local times before and after which nothing comes.
MORNINGS: Final = ("07:00", "08:00", "08:30", "09:00", "10:00", "11:00")
EVENINGS: Final = ("16:00", "17:00", "18:00", "18:30", "20:00", "22:00")
# How long a pause lasts, in days; None is until the person comes back.
PAUSES: Final[dict[str, int | None]] = {"week": 7, "two_weeks": 14, "month": 28, "open": None}
NO_PAUSE: Final = "none"
KEEP_PAUSE: Final = "keep"
ALL_ACCOUNTS: Final = "all"


def wants(person: Person, audience: Audience) -> bool:
    """Whether a person's settings and consents put them in an audience now.

    Somebody who hasn't been welcomed wants the welcome and nothing else, but what concerns them.
    """
    if audience is Audience.CONCERNED:
        return True
    if person.welcomed_on is None:
        return audience is Audience.NOT_WELCOMED
    return {
        Audience.NOT_WELCOMED: False,
        Audience.DAILY_CHECK_INS: person.check_ins == "daily",
        Audience.WEEKLY_CHECK_INS: person.check_ins == "weekly",
        Audience.REFLECTIONS: person.reflections,
        Audience.PULSES: person.pulses,
        Audience.LEADERS_AND_CHANNELS: person.summaries,
        Audience.EVERYBODY: True,
        Audience.CONCERNED: True,
    }[audience]


async def open_settings(core: Core, tap: Tap) -> Reply:
    """Show a person their settings as a form."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        leads = bool(await blocks_led(session, person))
        platforms = await accounts.platforms_of(session, person.id)
    return Reply(form=_form(texts, person, today(core, person), platforms, leads=leads))


async def save_settings(core: Core, submission: Submission) -> Reply:
    """Save the settings form. What is missing or unknown leaves its setting as it is."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, submission.who, to_change=True)
        chosen = submission.fields
        if chosen.get("check_ins") in HOW_OFTEN:
            person.check_ins = chosen["check_ins"]
        if chosen.get("not_before") in MORNINGS:
            person.quiet_until = time.fromisoformat(chosen["not_before"])
        if chosen.get("not_after") in EVENINGS:
            person.quiet_from = time.fromisoformat(chosen["not_after"])
        if chosen.get("reflections") in ON_OFF:
            person.reflections = chosen["reflections"] == "on"
        if chosen.get("summaries") in ON_OFF:
            person.summaries = chosen["summaries"] == "on"
        if chosen.get("platform") in await accounts.platforms_of(session, person.id):
            person.platform = chosen["platform"]
        pause(person, chosen.get("pause", KEEP_PAUSE), today(core, person))
    if chosen.get("accounts", ALL_ACCOUNTS) != ALL_ACCOUNTS:
        await keep_only(core, submission.who, chosen["accounts"])
    return Reply(notice=_saved(texts), home=True)


def pause(person: Person, length: str, day: date) -> None:
    """Pause everything from a day on for a while, or end a pause."""
    if length == NO_PAUSE:
        person.paused_from = person.paused_until = None
    elif length in PAUSES:
        days = PAUSES[length]
        person.paused_from = day
        person.paused_until = None if days is None else day + timedelta(days=days - 1)


def _form(
    texts: Texts, person: Person, day: date, platforms: Sequence[str], *, leads: bool
) -> Form:
    for_leaders = (_on_off(texts, "summaries", is_on=person.summaries),) if leads else ()
    paused = is_paused(availability(person), day)
    pauses = ((KEEP_PAUSE, NO_PAUSE) if paused else (NO_PAUSE,)) + tuple(PAUSES)
    return Form(
        title=texts.say("settings.title"),
        intro=(Paragraph(texts.say("settings.intro")),),
        fields=(
            _choices(texts, "check_ins", HOW_OFTEN, person.check_ins),
            _on_off(texts, "reflections", is_on=person.reflections),
            *for_leaders,
            *_places(texts, person, platforms),
            _times(texts, "not_before", MORNINGS, person.quiet_until),
            _times(texts, "not_after", EVENINGS, person.quiet_from),
            _choices(texts, "pause", pauses, KEEP_PAUSE if paused else NO_PAUSE),
        ),
        action="settings.save",
        submit=texts.say("settings.save"),
        cancel=texts.say("form.cancel"),
    )


def _places(texts: Texts, person: Person, platforms: Sequence[str]) -> tuple[ChoiceField, ...]:
    """Where to be written to, and where to be known, for those who have a choice."""
    if len(platforms) <= 1:
        return ()
    first = person.platform if person.platform in platforms else platforms[0]
    return (
        _choices(texts, "platform", tuple(platforms), first),
        _choices(texts, "accounts", (ALL_ACCOUNTS, *platforms), ALL_ACCOUNTS),
    )


def _times(texts: Texts, name: str, values: tuple[str, ...], chosen: time) -> ChoiceField:
    return ChoiceField(
        name=name,
        label=texts.say(f"settings.{name}.label"),
        choices=tuple(Choice(value, value) for value in values),
        required=True,
        chosen=f"{chosen:%H:%M}",
    )


def _on_off(texts: Texts, name: str, *, is_on: bool) -> ChoiceField:
    return _choices(texts, name, ON_OFF, "on" if is_on else "off")


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
