"""What a letter of the desk is written from, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.support import HELD
from bot.domain.volunteering import SupportRules
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.ports import Texts
from bot.store.database import Session
from bot.store.support_tables import SupportNotice, SupportRequest
from bot.store.tables import Person
from bot.usecases.resources import places_to_turn


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter is written from, on its reader's local day.

    was_sent  it is replaced, and may not become nothing
    """

    session: Session
    texts: Texts
    reader: Person
    notice: SupportNotice
    was_sent: bool
    day: date
    rules: SupportRules
    about: SupportRequest | None = None

    @property
    def request(self) -> SupportRequest:
        """The request that it is about. Raises ValueError for a letter that is about none."""
        if self.about is None:
            raise ValueError("this letter is about no request")
        return self.about

    def goes_on(self) -> bool:
        """Whether the conversation that it began goes on with the same volunteer."""
        return self.request.state in HELD and self.notice.about_id == self.request.warrior_id


def withdraw_button(letter: Letter) -> Button:
    words = letter.texts.say("support.withdraw")
    return Button(words, "support.withdraw", letter.request.id, "quiet")


def turn_button(letter: Letter) -> Button:
    return Button(letter.texts.say("support.resources"), "resources.open", style="quiet")


def report_button(letter: Letter) -> Button:
    words = letter.texts.say("support.report.button")
    return Button(words, "support.report", letter.request.id, "quiet")


def queue_button(texts: Texts, label: str = "support.queue.button", value: str = "") -> Button:
    return Button(texts.say(label), "support.queue", value)


def to_asker(letter: Letter, words: str) -> Message:
    """News for whoever asked, while they wait."""
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((turn_button(letter), withdraw_button(letter))),
            FinePrint(letter.texts.say("support.way_out")),
        ),
    )


def with_places_to_turn(letter: Letter, words: str) -> Message:
    """News for whoever asked that may be hard to read."""
    way_out = letter.texts.say("support.way_out")
    return places_to_turn(letter.texts, letter.reader.region, words, fine_print=way_out)


def once_over(letter: Letter, words: str) -> Message | None:
    """What stays of a letter that isn't so any more; it isn't sent if it wasn't yet."""
    if not letter.was_sent:
        return None
    way_out = letter.texts.say("support.way_out")
    return Message(summary=words, parts=(Paragraph(words), FinePrint(way_out)))


def to_volunteer(texts: Texts, words: str, *buttons: Button) -> Message:
    """News for a volunteer, and what they can do about it."""
    rows = (Buttons(buttons),) if buttons else ()
    way_out = FinePrint(texts.say("support.volunteer.way_out"))
    return Message(summary=words, parts=(Paragraph(words), *rows, way_out))


def to_coordinator(texts: Texts, words: str, *buttons: Button) -> Message:
    """News for a coordinator, and what they can do about it."""
    rows = (Buttons(buttons),) if buttons else ()
    way_out = FinePrint(texts.say("support.coordinator.way_out"))
    return Message(summary=words, parts=(Paragraph(words), *rows, way_out))
