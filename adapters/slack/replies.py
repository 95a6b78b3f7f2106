"""Carrying out a reply of the core's, in Slack's own way.

In a direct message the message is replaced and a notice is ephemeral, both by the response URL,
which has no rate limit to speak of. On the home page and in a modal a notice is a modal: there is
nothing else there that only one person sees and that doesn't stay. Where no modal can be opened, it
is a direct message after all: somebody may be looking for help.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from adapters.background import Background
from adapters.slack.answering import answer_line
from adapters.slack.blocks import action_of, message_payload
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

WHERE_TO_TURN: Final = frozenset({"resources.open", "support.open"})


class Replies:
    """`pages` shows home pages; what goes to Slack's API runs in the background."""

    def __init__(self, client: SlackClient, pages: Pages, background: Background) -> None:
        self._client, self._pages, self._background = client, pages, background

    def to_press(self, pressed: Pressed, reply: Reply, texts: Texts) -> None:
        self._background.start("reply to a button", self._to_press(pressed, reply, texts))
        self._show_home(pressed, reply)

    def to_submission(self, submitted: Submitted, reply: Reply, texts: Texts) -> Body:
        """What goes into the acknowledgement: the modal is mended, or shows what comes next."""
        self._show_home(submitted, reply)
        if reply.errors:
            return {"response_action": "errors", "errors": dict(reply.errors)}
        if reply.notice is not None:
            return {"response_action": "update", "view": _notice(reply.notice, texts)}
        if reply.form is not None:
            return {"response_action": "update", "view": form_view(reply.form)}
        return {"response_action": "clear"}

    def to_command(self, command: Command, reply: Reply, texts: Texts) -> Body:
        """What goes into the acknowledgement: only who typed the command sees it."""
        self._show_home(command, reply)
        if reply.form is not None:
            form = self._open_form(command, form_view(reply.form), texts)
            self._background.start("form of a command", form)
        if reply.notice is not None:
            return {"response_type": "ephemeral", **message_payload(reply.notice)}
        return {}

    def to_shortcut(self, shortcut: Shortcut, reply: Reply, texts: Texts) -> None:
        if reply.notice is not None:
            notice = self._open_notice(shortcut, reply.notice, reply.notice, texts)
            self._background.start("reply to a shortcut", notice)
        if reply.form is not None:
            form = self._open_form(shortcut, form_view(reply.form), texts)
            self._background.start("form of a shortcut", form)

    def to_line(self, line: Line, reply: Reply) -> None:
        if reply.notice is not None:
            answer = answer_line(self._client, line, reply.notice)
            self._background.start("answer to a line", answer)

    async def _to_press(self, pressed: Pressed, reply: Reply, texts: Texts) -> None:
        on_a_message = pressed.place == "message"
        if reply.replace is not None and on_a_message:
            await self._respond(pressed, reply.replace, replace_original=True)
        if reply.notice is not None and on_a_message:
            await self._respond(pressed, reply.notice, **_only_they_see(pressed))
        elif reply.notice is not None:
            # A direct message stays, and what was chosen must not show in what stays.
            is_where_to_turn = action_of(pressed.actions[0].action_id) in WHERE_TO_TURN
            sorry = sentence(texts.say("error.try_again"))
            instead = reply.notice if is_where_to_turn else sorry
            await self._open_notice(pressed, reply.notice, instead, texts)
        if reply.form is not None:
            await self._open_form(pressed, form_view(reply.form), texts)

    async def _open_form(self, acting: _Opens, view: Body, texts: Texts) -> None:
        """A form that could not be opened, such as too late, is said where it was asked for."""
        try:
            await self._open(acting, view)
        except PlatformError:
            await self._say_instead(acting, sentence(texts.say("error.try_again")))

    async def _open_notice(
        self, acting: _Opens, notice: Message, instead: Message, texts: Texts
    ) -> None:
        """A notice that could not be opened may be where to turn: then it is said all the same."""
        try:
            await self._open(acting, _notice(notice, texts))
        except PlatformError:
            await self._say_instead(acting, instead)

    async def _say_instead(self, acting: _Opens, message: Message) -> None:
        """Where somebody acted; as a direct message if that isn't a place that takes one."""
        if acting.response_url:
            await self._respond(acting, message, **_only_they_see(acting))
            return
        await self._client.call(
            acting.team_id,
            "chat.postMessage",
            channel=acting.user_id,
            **message_payload(message, with_charts=False),
        )

    async def _open(self, acting: _Opens, view: Body) -> None:
        """Over a modal, if it was in one that somebody acted; Slack allows it for three seconds."""
        stacked = isinstance(acting, Pressed) and acting.place == "modal"
        method = "views.push" if stacked else "views.open"
        await self._client.call(acting.team_id, method, trigger_id=acting.trigger_id, view=view)

    async def _respond(self, acting: _Opens, message: Message, **how: object) -> None:
        await respond(self._client.session, acting.response_url, message, how)

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
    """`response_url` is "" on the home page, in a modal, and with a shortcut."""

    @property
    def trigger_id(self) -> str: ...
    @property
    def response_url(self) -> str: ...


def _only_they_see(acting: _Opens) -> Mapping[str, object]:
    """Without the thread, it would be outside of the conversation that somebody looks at."""
    how = {"replace_original": False, "response_type": "ephemeral"}
    if isinstance(acting, Pressed) and acting.thread_ts:
        return {**how, "thread_ts": acting.thread_ts}
    return how


def _notice(message: Message, texts: Texts) -> Body:
    return notice_view(message, texts.say("slack_app.name"))
