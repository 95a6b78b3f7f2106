"""A break from everything: beginning one, and ending it."""

from __future__ import annotations

from bot.domain.availability import is_paused
from bot.errors import NotFound
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.ports import Reply, Tap, Texts, Who
from bot.store.people import availability
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.preferences import NO_PAUSE, PAUSES, pause


async def offer_pause(core: Core, who: Who) -> Reply:
    """Ask for how long. Nothing changes by asking."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
    has_one = is_paused(availability(person), today(core, person))
    lengths = [Button(texts.say(f"settings.pause.{each}"), "pause.start", each) for each in PAUSES]
    end = [Button(texts.say("pause.end"), "pause.end")] if has_one else []
    return Reply(
        notice=Message(
            summary=texts.say("pause.summary"),
            parts=(
                *([Paragraph(in_words(texts, person))] if has_one else []),
                Paragraph(texts.say("pause.question")),
                Buttons((*lengths, *end)),
                FinePrint(texts.say("pause.way_out")),
            ),
        )
    )


async def start_pause(core: Core, tap: Tap) -> Reply:
    """Begin a break today, of the length on the button. Another one takes its place."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who, to_change=True)
        if tap.value not in PAUSES:
            raise NotFound(texts.say("error.unknown_button"))
        pause(person, tap.value, today(core, person))
    return _answer(texts, in_words(texts, person))


async def end_pause(core: Core, tap: Tap) -> Reply:
    """End a break now. Without one it changes nothing."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who, to_change=True)
        day = today(core, person)
        had_one = is_paused(availability(person), day)
        pause(person, NO_PAUSE, day)
    return _answer(texts, texts.say("pause.ended" if had_one else "pause.none"))


def in_words(texts: Texts, person: Person) -> str:
    """How long somebody's break lasts."""
    if person.paused_until is None:
        return texts.say("home.paused")
    return texts.say("home.paused_until", day=texts.day(person.paused_until))


def _answer(texts: Texts, words: str) -> Reply:
    message = Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((Button(texts.say("settings.open"), "settings.open"),)),
            FinePrint(texts.say("pause.way_out")),
        ),
    )
    return Reply(notice=message, home=True)
