"""With whom somebody would rather not be put together: theirs alone to read, and to forget."""

from __future__ import annotations

from bot.message import Button, Buttons, FinePrint, Item, Items, Message, Paragraph
from bot.ports import Reply, Tap
from bot.store import people, support
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts


async def open_wishes(core: Core, tap: Tap) -> Reply:
    """Show somebody whom they have named. They are never told if somebody has named them."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        named = await support.named_not_these(session, person.id)
        found = await people.active_people_by_id(session, named)
        met = await support.has_not_again(session, person.id)
    if not found and not met:
        return Reply(notice=notice(texts, texts.say("support.wishes.none")))
    words = texts.say("support.wishes.intro")
    entries = sorted(each.name for each in found.values())
    if met:  # never who: that would lift a pseudonym
        entries.append(texts.say("support.wishes.met"))
    forget = Button(texts.say("support.wishes.forget"), "support.wishes.forget")
    return Reply(
        notice=Message(
            summary=words,
            parts=(
                Paragraph(words),
                Items(tuple(Item(entry) for entry in entries)),
                Buttons((forget,)),
                FinePrint(texts.say("support.wishes.who_sees")),
            ),
        )
    )


async def forget_wishes(core: Core, tap: Tap) -> Reply:
    """Forget whom somebody has named."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who)
        await support.drop_not_these(session, person.id)
    return Reply(notice=notice(texts, texts.say("support.wishes.forgotten")))
