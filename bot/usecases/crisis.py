"""The crisis card: where to turn, for whoever wrote words that may tell of a crisis.

It is shown to them alone. That it was shown is in no row, no count and no line of the log.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.ports import Reply, Submission, Texts, Who
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.resources import resource_items

# The forms whose words go to somebody else.
PASSED_ON: Final = frozenset({"support.say", "support.say_goodbye"})


def crisis_card(
    texts: Texts, region: str, text: str, *, is_passed_on: bool = False
) -> Message | None:
    """The card for somebody who wrote this, or None if it says nothing of a crisis.

    Words of a conversation are passed on all the same; that the card came up isn't.
    """
    if not texts.tells_of_crisis(text):
        return None
    return Message(
        summary=texts.say("resources.title"),  # others may see it on a screen that is locked
        parts=(
            Paragraph(texts.say("crisis.intro")),
            resource_items(texts, region),
            Paragraph(texts.say("crisis.person")),
            Buttons((Button(texts.say("resources.button"), "resources.open"),)),
            FinePrint(texts.say("crisis.passed_on" if is_passed_on else "crisis.automatic")),
        ),
    )


async def crisis_card_for(
    core: Core, who: Who, text: str, *, is_passed_on: bool = False
) -> Message | None:
    """The same in the language and region of somebody who acts. Raises Stranger."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
    return crisis_card(texts, person.region, text, is_passed_on=is_passed_on)


async def with_crisis_card(core: Core, submitted: Submission, reply: Reply) -> Reply:
    """A form's reply with the card above its own words, if it is called for. Raises Stranger.

    All fields are looked at. What was chosen says nothing: it comes as a number or an id of ours.
    """
    written = "\n".join(each for each in submitted.fields.values() if not each.isnumeric())
    # Most forms hold nothing of the kind; and some have made a stranger of whoever sent them.
    if not any(
        core.library.texts(each).tells_of_crisis(written) for each in core.library.languages
    ):
        return reply
    passes_on = submitted.action in PASSED_ON
    card = await crisis_card_for(core, submitted.who, written, is_passed_on=passes_on)
    if card is None:
        return reply
    if reply.form is not None and not reply.errors:
        # The next form is shown, and no notice: the card goes before what it says.
        form = replace(reply.form, intro=(*card.parts, *reply.form.intro))
        return replace(reply, form=form)
    return replace(reply, notice=above(card, reply.notice))


def above(card: Message, notice: Message | None) -> Message:
    """The card, and below it what would have been said without it."""
    return replace(card, parts=(*card.parts, *(notice.parts if notice else ())))
