"""Where to turn: the list that is never more than a tap away."""

from __future__ import annotations

from bot.message import FinePrint, Item, Items, Message, Paragraph
from bot.ports import Texts


def resource_items(texts: Texts, region: str) -> Items:
    """The resources of a region as a list."""
    found = texts.resources(region).resources
    return Items(tuple(Item(entry.name, entry.text, entry.url) for entry in found))


def for_a_stranger(texts: Texts, region: str) -> Message:
    """For somebody who isn't on the roster, and may need somebody all the same."""
    words = texts.say("error.stranger")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Paragraph(texts.say("resources.intro")),
            resource_items(texts, region),
            FinePrint(texts.say("resources.who_sees")),
        ),
    )


def resources(texts: Texts, region: str) -> Message:
    """The resources of a region as a message of their own."""
    return Message(
        summary=texts.say("resources.title"),
        parts=(
            Paragraph(texts.say("resources.intro")),
            resource_items(texts, region),
            FinePrint(texts.say("resources.who_sees")),
        ),
    )
