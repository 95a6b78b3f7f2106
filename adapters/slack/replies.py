"""Carrying out a reply of the core's, in Slack's own way.

In a direct message the message is replaced and a notice is ephemeral, both by the response URL,
which has no rate limit to speak of. On the home page and in a modal a notice is a modal: there is
nothing else there that only one person sees and that doesn't stay.
"""

from __future__ import annotations

from typing import Protocol

from adapters.background import Background
from adapters.slack.answering import answer_line
from adapters.slack.blocks import message_payload
from adapters.slack.bolt import Body
from adapters.slack.client import SlackClient
from adapters.slack.ids import workspace_of
from adapters.slack.incoming import Command, Line, Pressed, Shortcut, Submitted
from adapters.slack.pages import Pages
from adapters.slack.responding import respond
from adapters.slack.views import form_view, notice_view
from bot.errors import PlatformError
from bot.message import Message, sentence
from bot.ports import Reply, Texts


class Replies:
    """`pages` shows home pages; what goes to Slack's API runs in the background."""

    def __init__(self, client: SlackClient, pages: Pages, background: Background) -> None:
        self._client, self._pages, self._background = client, pages, background

    def to_press(self, pressed: Pressed, reply: Reply, texts: Texts) -> None:
        self._background.start("reply to a button", self._to_press(pressed, reply, texts))
        self._show_home(pressed, reply)

    def to_submission(self, submitted: Submitted, reply: Reply, texts: Texts) -> Body:
        """What goes into the acknowledgement: the modal is mended, or becomes the notice."""
        self._show_home(submitted, reply)
        if reply.errors:
            return {"response_action": "errors", "errors": dict(reply.errors)}
        if reply.notice is not None:
            return {"response_action": "update", "view": _notice(reply.notice, texts)}
        return {"response_action": "clear"}

    def to_command(self, command: Command, reply: Reply) -> Body:
        """What goes into the acknowledgement: only who typed the command sees it."""
        self._show_home(command, reply)
        if reply.form is not None:
            view = form_view(reply.form)
            self._background.start("form of a command", self._open(command, view))
        if reply.notice is not None:
            return {"response_type": "ephemeral", **message_payload(reply.notice)}
        return {}

    def to_shortcut(self, shortcut: Shortcut, reply: Reply, texts: Texts) -> None:
        if reply.notice is not None:
            view = _notice(reply.notice, texts)
            self._background.start("reply to a shortcut", self._open(shortcut, view))

    def to_line(self, line: Line, reply: Reply) -> None:
        if reply.notice is not None:
            answer = answer_line(self._client, line, reply.notice)
            self._background.start("answer to a line", answer)

    async def _to_press(self, pressed: Pressed, reply: Reply, texts: Texts) -> None:
        on_a_message = pressed.place == "message"
        if reply.replace is not None and on_a_message:
            await self._respond(pressed, reply.replace, replace_original=True)
        if reply.notice is not None and on_a_message:
            await self._respond(
                pressed, reply.notice, replace_original=False, response_type="ephemeral"
            )
        elif reply.notice is not None:
            await self._open(pressed, _notice(reply.notice, texts))
        if reply.form is not None:
            await self._open_form(pressed, form_view(reply.form), texts)

    async def _open_form(self, pressed: Pressed, view: Body, texts: Texts) -> None:
        """A form that could not be opened, such as too late, is said where it was asked for."""
        try:
            await self._open(pressed, view)
        except PlatformError:
            if pressed.place != "message":
                raise
            sorry = sentence(texts.say("error.try_again"))
            await self._respond(pressed, sorry, replace_original=False, response_type="ephemeral")

    async def _open(self, acting: _Opens, view: Body) -> None:
        """Over a modal, if it was in one that somebody acted; Slack allows it for three seconds."""
        stacked = isinstance(acting, Pressed) and acting.place == "modal"
        method = "views.push" if stacked else "views.open"
        await self._client.call(acting.team_id, method, trigger_id=acting.trigger_id, view=view)

    async def _respond(self, pressed: Pressed, message: Message, **how: object) -> None:
        payload = {**message_payload(message), **how}
        await respond(self._client.session, pressed.response_url, payload)

    def _show_home(self, acting: Acts, reply: Reply) -> None:
        if reply.home:
            show = self._pages.show(workspace_of(acting.team_id), acting.user_id)
            self._background.start("home page", show)


class Acts(Protocol):
    @property
    def team_id(self) -> str: ...
    @property
    def user_id(self) -> str: ...


class _Opens(Acts, Protocol):
    @property
    def trigger_id(self) -> str: ...


def _notice(message: Message, texts: Texts) -> Body:
    return notice_view(message, texts.say("slack_app.name"))
