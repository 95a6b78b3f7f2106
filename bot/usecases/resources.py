"""Where to turn: the list that is never more than a tap away."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import Stranger
from bot.message import Button, Buttons, FinePrint, Item, Items, Message, Paragraph, Part
from bot.ports import Texts


def resource_items(texts: Texts, region: str) -> Items:
    """The resources of a region as a list."""
    found = texts.resources(region).resources
    return Items(tuple(Item(entry.name, entry.text, entry.url) for entry in found))


def for_a_stranger(texts: Texts, region: str, stranger: Stranger) -> Message:
    """For somebody who isn't on the roster, and may need somebody all the same.

    Whoever may be on it, by another platform, can say so.
    """
    words = texts.say("error.stranger")
    question: tuple[Part, ...] = (Paragraph(words),)
    if stranger.looks_like:
        words = texts.say("account.question", name=stranger.looks_like)
        yes = Button(texts.say("account.yes"), "account.confirm", style="primary")
        no = Button(texts.say("account.no"), "account.deny")
        question = (Paragraph(words), Buttons((yes, no)))
    return Message(
        summary=words,
        parts=(
            *question,
            Paragraph(texts.say("resources.intro")),
            resource_items(texts, region),
            FinePrint(texts.say("resources.who_sees")),
        ),
    )


def not_now(texts: Texts, region: str) -> Message:
    """For somebody for whom something failed; where to turn needs nothing that could be away."""
    return places_to_turn(texts, region, texts.say("error.try_again"))


def places_to_turn(
    texts: Texts, region: str, words: str, *buttons: Button, fine_print: str = ""
) -> Message:
    """The resources of a region below a sentence, and below what can be done about it.

    fine_print  what to say last, in the place of who sees that somebody looked
    """
    row = (Buttons(buttons),) if buttons else ()
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            *row,
            resource_items(texts, region),
            FinePrint(fine_print or texts.say("resources.who_sees")),
        ),
    )


def resources(texts: Texts, region: str) -> Message:
    """The resources of a region as a message of their own."""
    return replace(
        places_to_turn(texts, region, texts.say("resources.intro")),
        summary=texts.say("resources.title"),
    )
