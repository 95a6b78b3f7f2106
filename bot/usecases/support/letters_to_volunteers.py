"""Letters to volunteers."""

from __future__ import annotations

from bot.domain.support import WAITING
from bot.message import Button, Buttons, FinePrint, Heading, Item, Items, Message, Paragraph
from bot.store import support
from bot.usecases.support.desk import asker_name
from bot.usecases.support.letter import Letter, once_over, report_button, to_volunteer


async def offer(letter: Letter) -> Message | None:
    texts, request = letter.texts, letter.request
    answer = (await support.offers(letter.session, request.id)).get(letter.reader.id)
    if answer != support.ASKED or request.state not in WAITING:
        return to_volunteer(texts, _offer_went(letter, answer)) if letter.was_sent else None
    items = [
        Item(
            texts.say("support.ask.urgency.label"),
            texts.say(f"support.ask.urgency.{request.urgency}"),
        ),
        Item(
            texts.say("support.ask.contact.label"),
            texts.say(f"support.ask.contact.{request.contact}"),
        ),
        Item(texts.say("support.ask.language.label"), texts.say(f"language.{request.language}")),
    ]
    if request.topic:
        topic = texts.say(f"support.ask.topic.{request.topic}")
        items.append(Item(texts.say("support.ask.topic.label"), topic))
    words = letter.texts.say("support.letter.offer.text")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Items(tuple(items)),
            Buttons(
                (
                    Button(texts.say("support.claim.take"), "support.claim", request.id, "primary"),
                    Button(texts.say("support.claim.decline"), "support.decline", request.id),
                )
            ),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )


def _offer_went(letter: Letter, answer: str | None) -> str:
    """What became of a request that a volunteer was asked for."""
    texts, request = letter.texts, letter.request
    if answer == support.DECLINED:
        return texts.say("support.claim.declined")
    if answer == support.TAKEN and request.warrior_id == letter.reader.id:
        return texts.say("support.claim.yours")
    return texts.say("support.claim.picked_up" if request.warrior_id else "support.claim.gone")


async def yours(letter: Letter) -> Message | None:
    """The beginning of a conversation, for the volunteer."""
    texts, request = letter.texts, letter.request
    if not letter.goes_on():
        return once_over(letter, texts.say("support.talk.over"))
    name = await asker_name(letter.session, texts, request)
    return Message(
        summary=texts.say("support.letter.yours.summary", name=name),
        parts=(
            Heading(name),
            Paragraph(letter.texts.say("support.letter.yours.text")),
            Paragraph(texts.say(f"support.talk.by.{request.contact}")),
            Paragraph(texts.say("support.talk.confidential")),
            Buttons(
                (
                    Button(texts.say("support.write"), "support.write", request.id, "primary"),
                    Button(texts.say("support.script.button"), "support.script", request.id),
                    Button(texts.say("support.hand_over.button"), "support.hand_over", request.id),
                    Button(texts.say("support.hand_back"), "support.hand_back", request.id),
                    Button(texts.say("support.close"), "support.close", request.id, "quiet"),
                )
            ),
            Buttons(
                (
                    Button(texts.say("support.harm.button"), "support.harm", request.id),
                    report_button(letter),
                )
            ),
            FinePrint(texts.say("support.talk.kept")),
        ),
    )


async def shown(letter: Letter) -> Message | None:
    name = await asker_name(letter.session, letter.texts, letter.request)
    words = letter.texts.say("support.letter.shown.text", alias=letter.request.alias, name=name)
    return to_volunteer(letter.texts, words)


async def stays_with_you(letter: Letter) -> Message | None:
    name = await asker_name(letter.session, letter.texts, letter.request)
    words = letter.texts.say("support.letter.stays_with_you.text", name=name)
    return to_volunteer(letter.texts, words)


async def handed_over(letter: Letter) -> Message | None:
    name = await asker_name(letter.session, letter.texts, letter.request)
    words = letter.texts.say("support.letter.handed_over.text", name=name)
    return to_volunteer(letter.texts, words)


async def please_look_in(letter: Letter) -> Message | None:
    name = await asker_name(letter.session, letter.texts, letter.request)
    words = letter.texts.say("support.letter.please_look_in.text", name=name)
    return to_volunteer(letter.texts, words)


async def reassigned(letter: Letter) -> Message | None:
    name = await asker_name(letter.session, letter.texts, letter.request)
    words = letter.texts.say("support.letter.reassigned.text", name=name)
    return to_volunteer(letter.texts, words)


async def ended_for_you(letter: Letter) -> Message | None:
    texts, request = letter.texts, letter.request
    name = await asker_name(letter.session, texts, request)
    words = texts.say("support.letter.ended_for_you.text", name=name)
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons(
                (
                    Button(texts.say("support.goodbye.button"), "support.goodbye", request.id),
                    Button(texts.say("support.tough.button"), "support.tough", request.id),
                    report_button(letter),
                )
            ),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )
