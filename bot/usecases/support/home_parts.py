"""What somebody's home page says of the support desk."""

from __future__ import annotations

from bot.domain.volunteering import WarriorState
from bot.message import Button, Buttons, Heading, Paragraph, Part
from bot.ports import Texts
from bot.store import support, warriors
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.support.volunteer_page import is_barred


async def support_parts(session: Session, texts: Texts, person: Person) -> list[Part]:
    """Talking to someone, one's own request, and volunteering."""
    asked = await support.of_asker(session, person.id)
    if asked is None:
        words = texts.say("support.home.text")
        talk = Button(texts.say("support.again"), "support.open", style="primary")
    else:
        words = texts.say(f"support.home.{asked.state}")
        talk = Button(texts.say("support.withdraw"), "support.withdraw", asked.id)
    return [
        Heading(texts.say("support.home.title")),
        Paragraph(words),
        Buttons(
            (talk, *await _volunteering(session, texts, person), *_coordinating(texts, person))
        ),
    ]


async def _volunteering(session: Session, texts: Texts, person: Person) -> list[Button]:
    warrior = await warriors.warrior(session, person.id)
    if warrior is not None and warrior.state != WarriorState.LEFT:
        return [Button(texts.say("support.volunteer.title"), "support.volunteer", style="quiet")]
    if await is_barred(session, person):
        return []
    return [Button(texts.say("support.volunteer.about.title"), "support.volunteer", style="quiet")]


def _coordinating(texts: Texts, person: Person) -> list[Button]:
    if not person.is_coordinator:
        return []
    return [Button(texts.say("support.queue.button"), "support.queue", style="quiet")]
