"""Bolt, with few listeners: what somebody did is looked up in dictionaries behind them.

Every listener ends before Slack is answered (`process_before_response`): what was decided is
committed by then, so that a repeated request finds it. What a reply needs of Slack's API is done
afterwards: see `background`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.payloads import Json, Malformed
from adapters.slack.manifest import COMMAND, TALK
from adapters.slack.quiet_logger import quiet_logger
from bot.errors import WellbeingError

log = structlog.get_logger(__name__)

ANYTHING: Final = re.compile(".*", re.DOTALL)
# Slack repeats an event that got this, at once, after a minute and after five.
TRY_AGAIN: Final = 503

Body = dict[str, Any]
# What becomes of a payload: None, or what goes into the acknowledgement.
Handler = Callable[[Json], Awaitable[Body | None]]


class Handlers(Protocol):
    """What is done with everything that people do in Slack, and Slack tells of them."""

    async def pressed(self, body: Json) -> Body | None: ...
    async def submitted(self, body: Json) -> Body | None: ...
    async def command(self, body: Json) -> Body | None: ...
    async def shortcut(self, body: Json) -> Body | None: ...

    @property
    def events(self) -> Mapping[str, Handler]:
        """Event type → what is done with it."""
        ...


class _EverybodyIsKnown(AsyncAuthorize):
    """Who may do what is decided by the core; Bolt's own client and tokens aren't used."""

    async def __call__(self, *, team_id: str | None, **_rest: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token="unused")  # noqa: S106


def bolt_app(handlers: Handlers, signing_secret: str) -> AsyncApp:
    """Without a signing secret only Socket Mode works: every HTTP request is refused."""
    with _without_the_environment():
        app = AsyncApp(
            name="wellbeing",
            logger=quiet_logger("bolt"),
            signing_secret=signing_secret,
            client=AsyncWebClient(logger=quiet_logger("bolt")),
            authorize=_EverybodyIsKnown(),  # type: ignore[no-untyped-call]
            process_before_response=True,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
        )
    app.action(ANYTHING)(_answering(handlers.pressed))
    app.view(ANYTHING)(_answering(handlers.submitted))
    app.command(COMMAND)(_answering(handlers.command))
    app.shortcut(TALK)(_answering(handlers.shortcut))
    for kind, handler in handlers.events.items():
        app.event(kind)(_answering(handler))
    app.error(_refuse)
    return app


@contextmanager
def _without_the_environment() -> Iterator[None]:
    """Bolt reads SLACK_* by itself when it is made, and makes what we do ourselves out of it.

    No argument keeps it from that: with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET there is a flow for
    installing, with a store in the home directory, and SLACK_BOT_TOKEN is a warning.
    """
    slacks = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(slacks)


class _Failed(WellbeingError):
    """What was asked could be read, and not be done now. The message is the kind of error."""


def _answering(handler: Handler) -> Callable[[AsyncAck, Body], Awaitable[None]]:
    async def listener(ack: AsyncAck, body: Body) -> None:
        try:
            answer = await handler(body)
        except Malformed:
            raise
        except Exception as error:  # noqa: BLE001 - its message may hold content
            raise _Failed(type(error).__name__) from None
        await ack(**(answer or {}))

    return listener


async def _refuse(error: Exception) -> BoltResponse:
    """What failed at our end may pass by itself. What we, or Bolt, can't read is malformed."""
    if isinstance(error, _Failed):
        log.error("a request of Slack's failed", kind=str(error))
        return BoltResponse(status=TRY_AGAIN, body="")
    reason = str(error) if isinstance(error, Malformed) else type(error).__name__
    log.warning("a request of Slack's was malformed", reason=reason)
    return BoltResponse(status=400, body="")
