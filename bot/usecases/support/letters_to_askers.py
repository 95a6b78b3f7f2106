"""Letters to whoever asked."""

from __future__ import annotations

from bot.domain.support import ENDED, HELD, WAITING, Shown, next_step
from bot.message import Button, Buttons, FinePrint, Heading, Message, Paragraph
from bot.store import support
from bot.usecases.resources import resource_items
from bot.usecases.support.desk import warrior_name
from bot.usecases.support.letter import (
    Letter,
    once_over,
    report_button,
    to_asker,
    turn_button,
    with_places_to_turn,
    withdraw_button,
)


async def asked(letter: Letter) -> Message | None:
    if letter.request.state in ENDED:
        return once_over(letter, letter.texts.say("support.over"))
    return to_asker(letter, letter.texts.say("support.letter.asked.text"))


async def still_looking(letter: Letter) -> Message | None:
    return _while_waiting(letter, letter.texts.say("support.letter.still_looking.text"))


async def coordinator_called(letter: Letter) -> Message | None:
    return _while_waiting(letter, letter.texts.say("support.letter.coordinator_called.text"))


async def looking_again(letter: Letter) -> Message | None:
    return _while_waiting(letter, letter.texts.say("support.letter.looking_again.text"))


def _while_waiting(letter: Letter, words: str) -> Message | None:
    """News of a request that waits; nothing if it doesn't any more."""
    if letter.request.state not in WAITING:
        return once_over(letter, letter.texts.say("support.over"))
    return to_asker(letter, words)


async def nobody_free(letter: Letter) -> Message | None:
    if letter.request.state not in WAITING:
        return once_over(letter, letter.texts.say("support.over"))
    go_on = Button(letter.texts.say("support.look_on"), "support.look_on", letter.request.id)
    words = letter.texts.say("support.letter.nobody_free.text")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            resource_items(letter.texts, letter.reader.region),
            Buttons((go_on, withdraw_button(letter))),
            FinePrint(letter.texts.say("support.way_out")),
        ),
    )


async def picked_up(letter: Letter) -> Message | None:
    """The beginning of a conversation, for whoever asked."""
    texts, request = letter.texts, letter.request
    if not letter.goes_on():
        return once_over(letter, texts.say("support.talk.over"))
    name = await warrior_name(letter.session, texts, request)
    shown = next_step(Shown(request.shown))
    show = (
        [Button(texts.say(f"support.show.{shown}"), "support.show", f"{request.id}:{shown}")]
        if shown is not None
        else []
    )
    return Message(
        summary=texts.say("support.letter.picked_up.summary", name=name),
        parts=(
            Heading(name),
            Paragraph(letter.texts.say("support.letter.picked_up.text")),
            Paragraph(texts.say(f"support.talk.by.{request.contact}")),
            Paragraph(texts.say("support.talk.confidential")),
            Buttons(
                (
                    Button(texts.say("support.write"), "support.write", request.id, "primary"),
                    *show,
                    Button(texts.say("support.look_in.button"), "support.look_in", request.id),
                    Button(texts.say("support.close"), "support.close", request.id, "quiet"),
                )
            ),
            Buttons((turn_button(letter), report_button(letter))),
            FinePrint(texts.say("support.talk.kept")),
        ),
    )


async def may_we_hand_over(letter: Letter) -> Message | None:
    texts, request = letter.texts, letter.request
    if not request.asks_to_hand_over or request.state not in HELD:
        return once_over(letter, texts.say("support.over"))
    words = letter.texts.say("support.letter.may_we_hand_over.text")
    yes = Button(
        texts.say("support.hand_over.yes"), "support.hand_over.answer", f"{request.id}:yes"
    )
    no = Button(texts.say("support.hand_over.no"), "support.hand_over.answer", f"{request.id}:no")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((yes, no, withdraw_button(letter))),
            FinePrint(texts.say("support.way_out")),
        ),
    )


async def ended(letter: Letter) -> Message | None:
    texts, request = letter.texts, letter.request
    words = letter.texts.say("support.letter.ended.text")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons(
                (
                    Button(texts.say("support.goodbye.button"), "support.goodbye", request.id),
                    Button(texts.say("support.look_in.button"), "support.look_in", request.id),
                )
            ),
            Buttons((turn_button(letter), report_button(letter))),
            FinePrint(texts.say("support.way_out")),
        ),
    )


async def look_in(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.look_in.text")
    again = Button(letter.texts.say("support.again"), "support.open", style="primary")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((again, turn_button(letter))),
            FinePrint(letter.texts.say("support.way_out")),
        ),
    )


async def closed_by_coordinator(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.closed_by_coordinator.text")
    return with_places_to_turn(letter, words)


async def asking_paused(letter: Letter) -> Message | None:
    """Nothing if the pause was lifted before this went out."""
    pause = await support.pause_of(letter.session, letter.reader.id)
    if pause is None:
        return None
    until = letter.texts.day(pause.until)
    words = letter.texts.say("support.letter.asking_paused.text", until=until)
    return with_places_to_turn(letter, words)


async def may_ask_again(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.may_ask_again.text")
    return with_places_to_turn(letter, words)
