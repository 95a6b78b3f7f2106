"""Carrying out a reply of the core's, in Teams' own way.

What stays in the chat is replaced there; words for the person alone are in the answer to their tap,
which Teams shows for a moment and keeps nowhere, or in the dialog that they are in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, Final, TypeVar

from adapters.background import Background
from adapters.teams.activities import attachment_of, message_activity
from adapters.teams.cards import form_card, notice_card
from adapters.teams.connector import Connector
from adapters.teams.incoming import Turn
from bot.message import Button, Buttons, Form, Message, Paragraph
from bot.ports import Place, Reply, Texts
from bot.usecases.core import Core
from bot.usecases.handled import first_time
from bot.words import words

Json = dict[str, Any]

SHOWN_AT_ONCE: Final = "application/vnd.microsoft.activity.message"
OK: Final = 200
# Microsoft asks for an answer or a sign of life within two seconds:
# learn.microsoft.com/microsoftteams/platform/concepts/deploy-and-publish/appsource/prepare
TYPING_AFTER_S: Final = 2.0
# Somebody waits for the answer to their tap: a card that takes longer changes after it.
REPLACED_WITHIN_S: Final = 2.0

TYPING: Final[Json] = {"type": "typing"}

Some = TypeVar("Some")


class Replies:
    """What goes to Teams' API runs in the background."""

    def __init__(self, core: Core, connector: Connector, background: Background) -> None:
        self._core, self._connector, self._background = core, connector, background

    async def to_press(
        self, turn: Turn, reply: Reply, action: str, value: str, texts: Texts
    ) -> Json:
        """What a tap is answered with. Teams may repeat one: each is answered, and posts once."""
        await self._replace(turn, reply)
        if reply.form is not None and turn.is_personal:
            self._say_once(turn, _way_to(reply.form, action, value))
        if reply.notice is None:
            return _shown(texts.say("teams_app.done"))
        if turn.is_personal and any(isinstance(part, Buttons) for part in reply.notice.parts):
            self._say_once(turn, reply.notice)
            return _shown(texts.say("teams_app.below"))
        return _shown("\n\n".join(words(reply.notice)))

    async def to_opening(self, turn: Turn, reply: Reply, texts: Texts) -> Json:
        """What a button that opens a dialog is answered with."""
        await self._replace(turn, reply)
        if reply.form is not None:
            return _dialog(reply.form.title, form_card(reply.form))
        return _notice(reply, texts)

    def to_submission(self, reply: Reply, fields: Mapping[str, str], texts: Texts) -> Json:
        """What a dialog is answered with: itself, mended; the next; a notice; or it closes."""
        if reply.errors and reply.form is not None:
            card = form_card(reply.form, errors=reply.errors, values=fields)
            return _dialog(reply.form.title, card)
        if reply.form is not None and reply.notice is None:
            return _dialog(reply.form.title, form_card(reply.form))
        return _notice(reply, texts)

    async def while_typing(self, turn: Turn, work: Awaitable[Some]) -> Some:
        """The result of some work; whoever waits for it sees that the bot is at it."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=TYPING_AFTER_S)
        if not done:
            post = self._connector.post(turn.service_url, turn.conversation.id, TYPING)
            self._background.start("typing", post)
        return await task

    def say(self, turn: Turn, message: Message) -> None:
        """Post a message where somebody acted."""
        self.say_at(_place_of(turn), message)

    def say_at(self, place: Place, message: Message) -> None:
        """Post a message somewhere else."""
        self._background.start("answer in a chat", self._post(place, message))

    def _say_once(self, turn: Turn, message: Message) -> None:
        """Post where somebody acted, once for all repetitions of what they did."""
        self._background.start("answer in a chat", self._post_once(turn, message))

    async def _post_once(self, turn: Turn, message: Message) -> None:
        # What has no id of its own can't be told from the next: better twice than never.
        if not turn.id or await first_time(self._core, turn.event_id):
            await self._post(_place_of(turn), message)

    async def _post(self, place: Place, message: Message) -> None:
        activity = message_activity(message)
        await self._connector.post(place.service_url, place.conversation_id, activity)

    async def _replace(self, turn: Turn, reply: Reply) -> None:
        """Before the tap is answered: a card that changes afterwards takes the words away again."""
        if reply.replace is not None and turn.reply_to_id and turn.is_personal:
            update = self._connector.update(
                turn.service_url,
                turn.conversation.id,
                turn.reply_to_id,
                message_activity(reply.replace),
            )
            await self._background.soon("reply to a button", update, REPLACED_WITHIN_S)


def _place_of(turn: Turn) -> Place:
    return Place(turn.conversation.id, turn.service_url)


def _notice(reply: Reply, texts: Texts) -> Json:
    """Words in a dialog; without any, it closes."""
    if reply.notice is None:
        return {}
    title = texts.say("teams_app.name")
    return _dialog(title, notice_card(reply.notice, title))


def _dialog(title: str, card: Json) -> Json:
    value = {"title": title, "height": "medium", "width": "medium", "card": attachment_of(card)}
    return {"task": {"type": "continue", "value": value}}


def _shown(words: str) -> Json:
    return {"statusCode": OK, "type": SHOWN_AT_ONCE, "value": words}


def _way_to(form: Form, action: str, value: str) -> Message:
    """A button for a form that can't open by itself."""
    button = Button(form.title, action, value)
    return Message(summary=form.title, parts=(Paragraph(form.title), Buttons((button,))))
