"""What Slack sends, checked before anything else is done with it.

Slack signs what it sends, but not its shape: a payload that isn't as expected is malformed, and
gets a 4xx. Nothing here keeps what somebody chose any longer than its use case needs it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from adapters.payloads import Id, Payload, Text, Typed, storable
from adapters.slack.ids import message_id_of


class _Team(Payload):
    id: Id


class _User(Payload):
    id: Id
    team_id: Text = ""


class _View(Payload):
    id: Id
    type: Literal["home", "modal"]
    callback_id: Text = ""
    private_metadata: Text = ""
    state: dict[str, Any] = Field(default_factory=dict)


class _Action(Payload):
    action_id: Id
    value: Text = ""


class _Container(Payload):
    """What a button is in."""

    message_ts: Text = ""
    thread_ts: Text = ""


class _Acting(Payload):
    """Somebody did something in a workspace; Slack may name it with the person only."""

    user: _User
    team: _Team | None = None
    trigger_id: Text = ""
    response_url: Text = ""

    @property
    def user_id(self) -> str:
        return self.user.id

    @property
    def team_id(self) -> str:
        return self.team.id if self.team else self.user.team_id


class Pressed(_Acting):
    """A button: on a message (`view` is None), on the home page, or in a modal."""

    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None
    container: _Container = _Container()

    @property
    def thread_ts(self) -> str:
        """The thread that it was pressed in; "" on a message that is outside, or that began one."""
        thread_ts = self.container.thread_ts
        return "" if thread_ts == self.container.message_ts else thread_ts

    @property
    def place(self) -> Literal["message", "home", "modal"]:
        return self.view.type if self.view else "message"


class Submitted(_Acting):
    """A modal that was sent."""

    view: _View


class Shortcut(_Acting):
    callback_id: Id


class Command(Payload):
    """A slash command."""

    team_id: Id
    user_id: Id
    text: Typed = ""
    trigger_id: Text = ""
    response_url: Text = ""


class _Envelope(Payload):
    team_id: Id
    event_id: Id
    event_time: Annotated[int, Field(ge=0, le=2**40)] = 0

    @property
    def at(self) -> datetime:
        """When it happened at Slack."""
        return datetime.fromtimestamp(self.event_time, UTC)


class _ActorEvent(Payload):
    user: Id


class _HomeEvent(_ActorEvent):
    tab: Text = ""


FILE: Final = "file_share"
# A line, one with a file, and one that is shown outside of its thread too.
WRITTEN: Final = frozenset({"", FILE, "thread_broadcast"})


class _LineEvent(Payload):
    """`user` is missing and `bot_id` or `subtype` is there where no person wrote it."""

    user: Text = ""
    bot_id: Text = ""
    subtype: Text = ""
    channel: Id
    channel_type: Text = ""
    ts: Text = ""
    thread_ts: Text = ""
    text: Typed = ""
    # What they are is looked at by nobody: that there are any is all that is read.
    files: Annotated[bool, BeforeValidator(bool)] = False

    @property
    def is_from_a_person(self) -> bool:
        return bool(self.user) and not self.bot_id and self.subtype in WRITTEN

    @property
    def has_files(self) -> bool:
        return self.files or self.subtype == FILE

    @property
    def thread(self) -> str:
        """The core's id for the message that the thread begins with; "" outside of one."""
        return message_id_of(self.channel, self.thread_ts) if self.thread_ts else ""


class _ProfileEvent(Payload):
    user: Annotated[dict[str, Any], AfterValidator(storable)]


class _Tokens(Payload):
    """Slack may leave out what it has none of, or say null."""

    bot: list[str] | None = None


class _TokensEvent(Payload):
    tokens: _Tokens = _Tokens()


class HomeOpened(_Envelope):
    event: _HomeEvent


class Line(_Envelope):
    event: _LineEvent


class ProfileChanged(_Envelope):
    event: _ProfileEvent


class TokensRevoked(_Envelope):
    event: _TokensEvent


class Uninstalled(_Envelope):
    pass
