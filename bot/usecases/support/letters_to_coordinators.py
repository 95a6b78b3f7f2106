"""Letters to coordinators."""

from __future__ import annotations

from bot.domain.support import WAITING
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.usecases.support.letter import Letter, once_over, queue_button


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
