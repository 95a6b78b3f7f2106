"""What somebody's home page says of comments: their consent, what to read, and what to check."""

from __future__ import annotations

from bot.message import Button, Buttons, Heading, Paragraph, Part
from bot.ports import Texts
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.comments.checking import is_anything_to_check
from bot.usecases.comments.reading import comment_buttons
from bot.usecases.core import Core


async def comment_parts(core: Core, session: Session, texts: Texts, person: Person) -> list[Part]:
    """Nothing where comments are off, or for whom there is nothing."""
    if not core.comments.is_on:
        return []
    parts: list[Part] = [*_consent(texts, person)]
    if buttons := await comment_buttons(core, session, texts, person):
        parts += [Paragraph(texts.say("comments.home.read")), Buttons(tuple(buttons))]
    if await is_anything_to_check(core, session, person):
        check = Button(texts.say("comments.check.title"), "comments.review")
        parts += [Paragraph(texts.say("comments.home.check")), Buttons((check,))]
    return [Heading(texts.say("comments.home.title")), *parts] if parts else []


def _consent(texts: Texts, person: Person) -> list[Part]:
    """Only those who are asked are asked about it."""
    if not person.pulses:
        return []
    state = "in" if person.comments else "out"
    other = "no" if person.comments else "yes"
    change = Button(texts.say(f"comments.home.{state}.change"), "comments.consent", other)
    return [Paragraph(texts.say(f"comments.home.{state}.state")), Buttons((change,))]
