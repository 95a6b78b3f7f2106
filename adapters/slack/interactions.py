"""What people do in Slack: press, send a form, type, open the home page.

Slack vouches for who acts; the core decides what they may do. The reply is committed before Slack
is answered, and carried out by `replies`. Nothing of what somebody chose is kept or logged here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

import structlog

from adapters.background import Background
from adapters.payloads import Json, Malformed, read
from adapters.slack.blocks import action_of, value_of
from adapters.slack.bolt import Body, Handler
from adapters.slack.client import SlackClient
from adapters.slack.ids import workspace_of
from adapters.slack.incoming import (
    Command,
    HomeOpened,
    Line,
    Pressed,
    Shortcut,
    Submitted,
)
from adapters.slack.lines import line_of
from adapters.slack.pages import Pages
from adapters.slack.replies import Acts, Replies
from adapters.slack.views import fields_of
from bot.errors import NotAllowed, NotFound, Stranger
from bot.message import sentence
from bot.ports import AccountId, Reply, Submission, Tap
from bot.usecases.core import Core
from bot.usecases.crisis import crisis_card
from bot.usecases.dispatch import asked, submit, tap, typed
from bot.usecases.handled import first_time
from bot.usecases.resources import for_a_stranger, not_now
from bot.usecases.workspaces import is_installed

log = structlog.get_logger(__name__)


class Interactions:
    """Implements most of `bolt.Handlers`; `more` are the events that aren't anybody's doing."""

    def __init__(
        self,
        core: Core,
        client: SlackClient,
        background: Background,
        more: Mapping[str, Handler],
        region: str,
    ) -> None:
        self._core, self._client, self._background = core, client, background
        self._region = region
        self._pages = Pages(core, client, region)
        self._replies = Replies(client, self._pages, background)
        self._more = more
        self._texts = core.library.texts("en")  # of what is said to nobody known

    @property
    def events(self) -> Mapping[str, Handler]:
        return {"app_home_opened": self.home_opened, "message": self.line, **self._more}

    async def pressed(self, body: Json) -> Body | None:
        pressed = read(Pressed, body)
        reply = await self._said(self._tap(pressed))
        self._replies.to_press(pressed, reply, self._texts)
        return None

    async def submitted(self, body: Json) -> Body | None:
        """A form that can't be taken now stays open, with all that was filled in."""
        submitted = read(Submitted, body)
        fields = _fields(submitted)
        reply = await self._said(self._submit(submitted, fields), at_field=next(iter(fields), ""))
        return self._replies.to_submission(submitted, reply, self._texts)

    async def command(self, body: Json) -> Body | None:
        typed_command = read(Command, body)
        reply = await self._said(self._command(typed_command), written=typed_command.text)
        return self._replies.to_command(typed_command, reply, self._texts)

    async def shortcut(self, body: Json) -> Body | None:
        shortcut = read(Shortcut, body)
        reply = await self._said(self._talk_to_someone(shortcut))
        self._replies.to_shortcut(shortcut, reply, self._texts)
        return None

    async def home_opened(self, body: Json) -> Body | None:
        opened = read(HomeOpened, body)
        if opened.event.tab == "home":
            show = self._pages.show(workspace_of(opened.team_id), opened.event.user)
            self._background.start("home page", show)
        return None

    async def line(self, body: Json) -> Body | None:
        """A line typed to the bot. Its answer is posted once, however often Slack tells of it."""
        line = read(Line, body)
        if line.event.channel_type != "im" or not line.event.is_from_a_person:
            return None
        workspace_id = workspace_of(line.team_id)
        if not await is_installed(self._core, workspace_id):
            return None  # anybody can have a workspace, and nothing is kept of what it tells
        if await first_time(self._core, f"{workspace_id}/{line.event_id}"):
            reply = await self._said(self._answer(line), written=line.event.text)
            self._replies.to_line(line, reply)
        return None

    # --- who, and what the core says to it -------------------------------------------------

    async def _tap(self, pressed: Pressed) -> Reply:
        action = pressed.actions[0]
        tapped = Tap(_who(pressed), action_of(action.action_id), value_of(action.value))
        return await tap(self._core, tapped)

    async def _submit(self, submitted: Submitted, fields: dict[str, str]) -> Reply:
        view = submitted.view
        submission = Submission(_who(submitted), view.callback_id, view.private_metadata, fields)
        return await submit(self._core, submission)

    async def _command(self, typed_command: Command) -> Reply:
        return await asked(self._core, _who(typed_command), typed_command.text)

    async def _talk_to_someone(self, shortcut: Shortcut) -> Reply:
        return await tap(self._core, Tap(_who(shortcut), "support.open", ""))

    async def _answer(self, line: Line) -> Reply:
        said = line_of(line, somebody=self._texts.say("slack_app.somebody"))
        return Reply(notice=await typed(self._core, said))

    async def _said(self, work: Awaitable[Reply], at_field: str = "", written: str = "") -> Reply:
        """A use case's reply; what it refuses, or can't do now, is said kindly.

        What can't be done now is said at a form's field, if there is one; otherwise with where to
        turn, which may be what somebody came for. `written` is what they typed: words of a crisis
        are answered whoever it is, and whatever fails.
        """
        try:
            return await work
        except Stranger as stranger:
            card = crisis_card(self._texts, self._region, written)
            return Reply(notice=card or for_a_stranger(self._texts, self._region, stranger))
        except (NotAllowed, NotFound) as error:
            return Reply(notice=sentence(str(error)))
        except Malformed:
            raise
        except Exception as error:  # noqa: BLE001 - nothing above would answer kindly
            # Its message, or a value in its traceback, could be what somebody chose.
            log.error("what somebody did in Slack failed", kind=type(error).__name__)  # noqa: TRY400
            if at_field:
                return Reply(errors={at_field: self._texts.say("error.try_again")})
            card = crisis_card(self._texts, self._region, written)
            return Reply(notice=card or not_now(self._texts, self._region))


def _fields(submitted: Submitted) -> dict[str, str]:
    try:
        return fields_of(submitted.view.state)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Malformed("not the state of a form") from None


def _who(acting: Acts) -> AccountId:
    return AccountId(workspace_of(acting.team_id), acting.user_id)
