"""What somebody asks for in words: `/wellbeing pause`, or a line typed to the bot.

The words are looked at and forgotten: they are in no row, no reply and no line of the log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from bot.message import Button, Buttons, FinePrint, Form, Heading, Item, Items, Message, Paragraph
from bot.ports import Reply, Tap, Texts, Who
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.home import home
from bot.usecases.pausing import end_pause, offer_pause
from bot.usecases.people import acting_texts
from bot.usecases.preferences import open_settings
from bot.usecases.resources import resource_items
from bot.usecases.support.asking import open_asking
from bot.usecases.support.queue_page import queue_page
from bot.usecases.support.volunteer_page import volunteer_page

# In the order in which help lists them.
COMMANDS: Final = ("support", "home", "pause", "resume", "settings", "volunteer", "privacy", "help")
FOR_COORDINATORS: Final = (*COMMANDS, "queue")
# Those that do what a button does.
AS_A_TAP: Final[Mapping[str, tuple[str, Callable[[Core, Tap], Awaitable[Reply]]]]] = {
    "resume": ("pause.end", end_pause),
    "settings": ("settings.open", open_settings),
    "support": ("support.open", open_asking),
}
# Nothing that is longer is a command.
LONGEST: Final = 80


async def command(core: Core, who: Who, words: str) -> Reply:
    """Do what the words ask for; what isn't understood gets a kind and useful answer.

    Raises Stranger for somebody unknown, with a sentence for them.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
    match meant(texts, words, commands_of(person)):
        case "home":
            return Reply(notice=await home(core, who))
        case "pause":
            return await offer_pause(core, who)
        case "volunteer":
            return Reply(notice=await volunteer_page(core, who))
        case "queue":
            return Reply(notice=await queue_page(core, who))
        case str(name) if name in AS_A_TAP:
            action, use_case = AS_A_TAP[name]
            return await use_case(core, Tap(who, action, ""))
        case other:
            return Reply(notice=_said(texts, person, other))


def _said(texts: Texts, person: Person, name: str | None) -> Message:
    """The answer to what changes nothing."""
    match name:
        case "privacy":
            return _privacy(texts)
        case "help":
            return _help(texts, person)
        case _:
            return _nobody_reads(texts, person)


def as_message(texts: Texts, reply: Reply) -> Message:
    """The answer to a typed line: a form can't open by itself, so a button opens it."""
    if reply.notice is not None:
        return reply.notice
    if reply.form is not None and reply.form.action == "support.send":
        return _way_to_ask(texts, reply.form)
    words = texts.say("settings.here")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((Button(texts.say("settings.open"), "settings.open"),)),
            FinePrint(texts.say("settings.who_sees")),
        ),
    )


def _way_to_ask(texts: Texts, form: Form) -> Message:
    """Where to turn at once, as the form has it, and the button that opens the form."""
    return Message(
        summary=form.title,
        parts=(
            *form.intro,
            Buttons((Button(texts.say("support.form.open"), "support.open", style="primary"),)),
        ),
    )


def commands_of(person: Person) -> Sequence[str]:
    """The commands that there are for somebody: what isn't theirs, the bot doesn't know."""
    return FOR_COORDINATORS if person.is_coordinator else COMMANDS


def meant(texts: Texts, words: str, commands: Sequence[str] = COMMANDS) -> str | None:
    """Which command the words are, in any case and with any punctuation; None if no one's."""
    asked = _plain(words[:LONGEST])
    if not asked and not words.strip():
        return "help"
    named = next((name for name in commands if asked in _words(texts, name)), None)
    return named or ("support" if _asks_for_a_person(texts, asked) else None)


def _asks_for_a_person(texts: Texts, asked: str) -> bool:
    """Whether somebody asks to talk to a person, in whatever sentence: it must never be missed."""
    phrases = (_plain(phrase) for phrase in texts.say("command.within.support").split(","))
    return any(f" {phrase} " in f" {asked} " for phrase in phrases)


def is_named(texts: Texts, words: str, person: Person) -> bool:
    """Whether the words are a command's own name, and not one of the many ways to ask for it.

    In a conversation "hello" and "I need help" are meant for somebody.
    """
    asked = _plain(words[:LONGEST])
    return asked in {_words(texts, name)[0] for name in commands_of(person)}


def _words(texts: Texts, name: str) -> list[str]:
    return [_plain(phrase) for phrase in texts.say(f"command.words.{name}").split(",")]


def _plain(words: str) -> str:
    """Words as they are compared: "I'm back!" is `im back`."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.findall(r"\w+", re.sub(r"['\u2019]", "", folded)))


# --- answers -------------------------------------------------------------------------------


def _help(texts: Texts, person: Person) -> Message:
    """What the bot does, where to turn, and what can be typed."""
    entries = (
        Item(
            texts.say(f"command.words.{name}").partition(",")[0], texts.say(f"command.does.{name}")
        )
        for name in commands_of(person)
    )
    return Message(
        summary=texts.say("help.summary"),
        parts=(
            Paragraph(texts.say("help.text")),
            resource_items(texts, person.region),
            Paragraph(texts.say("help.you_can_type")),
            Items(tuple(entries)),
            _ways(texts),
            FinePrint(texts.say("settled.way_out")),
        ),
    )


def _nobody_reads(texts: Texts, person: Person) -> Message:
    return Message(
        summary=texts.say("help.summary"),
        parts=(
            Paragraph(texts.say("help.nobody_reads")),
            resource_items(texts, person.region),
            _ways(texts),
            FinePrint(texts.say("settled.way_out")),
        ),
    )


def _privacy(texts: Texts) -> Message:
    """What is kept, who can see what, and the promise, word for word."""
    entries = (
        Item(texts.say(f"privacy.{name}.label"), texts.say(f"privacy.{name}.text"))
        for name in ("kept", "not_kept", "managers", "whoever_runs_it", "platform")
    )
    return Message(
        summary=texts.say("privacy.title"),
        parts=(
            Heading(texts.say("privacy.title")),
            Items(tuple(entries)),
            Paragraph(texts.say("pulse.promise")),
            _ways(texts),
            FinePrint(texts.say("settled.way_out")),
        ),
    )


def _ways(texts: Texts) -> Buttons:
    return Buttons(
        (
            Button(texts.say("support.again"), "support.open", style="primary"),
            Button(texts.say("settings.open"), "settings.open"),
            Button(texts.say("pulse.preview"), "pulse.preview"),
        )
    )
