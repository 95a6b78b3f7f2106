"""The gate's rules in the words that people read: which hold, and what was raised."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.gate import GateRules
from bot.domain.raising import Change, changes, numbers_of
from bot.message import Button, Buttons, FinePrint, Heading, Item, Items, Message, Paragraph, Part
from bot.ports import Texts
from bot.store import rules as store
from bot.store.database import Session
from bot.store.tables import Person


def rules_parts(texts: Texts, rules: GateRules) -> list[Part]:
    """All rules with their numbers, and that they are only ever raised."""
    entries = (
        Item(texts.say(f"rules.label.{name}"), _meaning(texts, name, number))
        for name, number in numbers_of(rules).items()
    )
    return [
        Heading(texts.say("rules.title")),
        Items(tuple(entries)),
        Paragraph(texts.say("rules.only_stricter")),
    ]


async def announcement(session: Session, texts: Texts, person: Person, rules_id: int) -> Message:
    """What was raised, from which number to which, since when and why: the same for everybody."""
    raised = await store.by_id(session, rules_id)
    before = await store.by_id(session, rules_id - 1)
    entries = (
        Item(texts.say(f"rules.label.{change.rule}"), _change(texts, change))
        for change in changes(numbers_of(before), numbers_of(raised))
    )
    day = texts.day(raised.recorded_at.astimezone(ZoneInfo(person.zone)).date())
    return Message(
        summary=texts.say("rules.announcement.summary"),
        parts=(
            Heading(texts.say("rules.announcement.title")),
            Paragraph(texts.say("rules.announcement.what")),
            Items(tuple(entries)),
            Paragraph(texts.say("rules.announcement.since", day=day)),
            Paragraph(texts.say("rules.announcement.why")),
            Buttons(
                (
                    Button(texts.say("pulse.preview"), "pulse.preview"),
                    Button(texts.say("settings.open"), "settings.open", style="quiet"),
                )
            ),
            FinePrint(texts.say("rules.announcement.to_everybody")),
        ),
    )


def _change(texts: Texts, change: Change) -> str:
    meaning = _meaning(texts, change.rule, change.after)
    return texts.say("rules.change", before=change.before, after=change.after, meaning=meaning)


def _meaning(texts: Texts, rule: str, number: int) -> str:
    return texts.say(f"rules.meaning.{rule}", number=number)
