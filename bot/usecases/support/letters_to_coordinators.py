"""Letters to coordinators."""

from __future__ import annotations

from bot.domain.support import WAITING
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.store import people
from bot.usecases.support.letter import Letter, once_over, queue_button, to_coordinator


async def nobody_picked_up(letter: Letter) -> Message | None:
    texts, request = letter.texts, letter.request
    if request.state not in WAITING:
        return once_over(letter, texts.say("support.over"))
    urgency = texts.say(f"support.ask.urgency.{request.urgency}")
    words = texts.say("support.letter.nobody_picked_up.text", urgency=urgency)
    take = Button(texts.say("support.take_over"), "support.take_over", request.id, "primary")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((take, queue_button(texts))),
            FinePrint(texts.say("support.coordinator.way_out")),
        ),
    )


async def reported(letter: Letter) -> Message | None:
    """Either side says that it wasn't right. A volunteer has a name, and whoever asked hasn't."""
    texts, request = letter.texts, letter.request
    volunteer = await people.any_person(letter.session, request.warrior_id or "")
    name, alias = volunteer.name, request.alias
    if letter.notice.about_id == volunteer.id:
        words = texts.say("support.letter.reported.by_volunteer", name=name, alias=alias)
        buttons = [
            Button(texts.say(f"support.pause.for.{each}"), "support.pause", f"{request.id}:{each}")
            for each in ("week", "month")
        ]
    else:
        words = texts.say("support.letter.reported.by_asker", name=name, alias=alias)
        buttons = [Button(texts.say("support.stop.button"), "support.stop_volunteer", request.id)]
    return to_coordinator(texts, words, *buttons, queue_button(texts))
