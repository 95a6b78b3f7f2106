"""What becomes of each answer of Teams that isn't the one hoped for.

No error here holds anything but a code of ours or Microsoft's: an answer may repeat what was sent.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from adapters.outbound import HeldUp
from bot.errors import OutcomeUnknown, PlatformError, TryLater, TryThisLater, Undeliverable

# Nobody listens, or Teams is busy: it may work again soon, for some sooner than for others.
SOON_S: Final = 2.0
BUSY_S: Final = 5.0
# Somebody has to put something right first.
MENDED_S: Final = 300.0
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
# Some of Teams' servers say it in a text that is JSON again.
_SUB_CODE: Final = re.compile(r'"subCode"\s*:\s*"([A-Za-z0-9_]+)"')


class Kind(StrEnum):
    """What an answer says about a message that was to be sent."""

    GONE = "the person or channel can't be written to"
    TO_BE_MENDED = "somebody has to put something right"
    NOT_NOW = "this person or channel can't be written to now"
    BUSY = "Teams asks to wait"
    UNKNOWN = "it may have arrived"
    REFUSED = "our mistake"


class Gone(Undeliverable):
    """The person blocked the bot or took it away, or the channel is gone."""


@dataclass(frozen=True, slots=True)
class Meaning:
    kind: Kind
    why: str


# By Microsoft's code; whatever isn't here is told by its status.
# learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability and
# …/bots/how-to/conversations/send-proactive-messages have most of them.
CODES: Final[Mapping[str, Meaning]] = {
    "MessageWritesBlocked": Meaning(Kind.GONE, "The person blocked the bot, or took it away."),
    "ConversationBlockedByUser": Meaning(Kind.GONE, "The person blocked the bot."),
    "BotNotInConversationRoster": Meaning(Kind.GONE, "The bot isn't in this conversation."),
    "ForbiddenOperationException": Meaning(Kind.GONE, "The person took the bot away."),
    "ConversationNotFound": Meaning(Kind.GONE, "There is no such conversation."),
    "MemberNotFoundInConversation": Meaning(Kind.GONE, "The person has left."),
    "BotDisabledByAdmin": Meaning(Kind.NOT_NOW, "An admin has switched the app off, for some."),
    "MessageSizeTooBig": Meaning(Kind.REFUSED, "Cards are cut to Teams' limits: this one wasn't."),
    "BadSyntax": Meaning(Kind.REFUSED, "The card or the request has a mistake."),
    "BadArgument": Meaning(Kind.REFUSED, "The request has a mistake."),
}
# Microsoft asks to try these again, a little later each time and not all at once:
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
STATUSES: Final[Mapping[int, Meaning]] = {
    HTTPStatus.UNAUTHORIZED: Meaning(Kind.TO_BE_MENDED, "Teams doesn't take the bot's token."),
    HTTPStatus.FORBIDDEN: Meaning(Kind.NOT_NOW, "Teams doesn't let the bot write there."),
    # Without a code it may be a door before Teams that says so: a conversation is told of once.
    HTTPStatus.NOT_FOUND: Meaning(Kind.NOT_NOW, "Nobody knows this conversation now."),
    HTTPStatus.GONE: Meaning(Kind.NOT_NOW, "Nobody knows this conversation now."),
    HTTPStatus.PRECONDITION_FAILED: Meaning(Kind.NOT_NOW, "Something else changed it just now."),
    HTTPStatus.TOO_MANY_REQUESTS: Meaning(Kind.BUSY, "Too many messages."),
    HTTPStatus.BAD_GATEWAY: Meaning(Kind.BUSY, "Teams can't be reached behind its door."),
    HTTPStatus.SERVICE_UNAVAILABLE: Meaning(Kind.BUSY, "Teams is down for a while."),
    HTTPStatus.GATEWAY_TIMEOUT: Meaning(Kind.BUSY, "Teams can't be reached behind its door."),
}


def refusal_of(status: int, answer: object, retry_after: str | None) -> tuple[str, PlatformError]:
    """Microsoft's code for it, or its status as a word, and what it comes to."""
    code = code_of(answer)
    meaning = CODES.get(code) or STATUSES.get(status)
    if meaning is None:
        broke_down = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        meaning = Meaning(Kind.UNKNOWN if broke_down else Kind.REFUSED, "")
    named = code or str(status)
    match meaning.kind:
        case Kind.GONE:
            return named, Gone(named)
        case Kind.TO_BE_MENDED:
            return named, TryLater(MENDED_S)
        case Kind.NOT_NOW:
            soon = status == HTTPStatus.PRECONDITION_FAILED
            return named, TryThisLater(_wait_s(retry_after) if soon else MENDED_S)
        case Kind.BUSY:
            return named, TryLater(_wait_s(retry_after))
        case Kind.UNKNOWN:
            return named, OutcomeUnknown(named)
        case Kind.REFUSED:
            return named, PlatformError(named)


def failure_of(error: Exception) -> PlatformError:
    """What a request comes to that wasn't answered."""
    if isinstance(error, HeldUp):
        return TryLater(SOON_S)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater(SOON_S)
    return OutcomeUnknown("there was no answer that can be read")


def code_of(answer: object) -> str:
    """Microsoft's error code, or "" if there is none, or one that doesn't look like it."""
    if not isinstance(answer, dict):
        return ""
    error: Any = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    said = [answer.get("message"), error.get("message") if isinstance(error, dict) else ""]
    if found := _SUB_CODE.search(" ".join(map(str, said))):
        code = found[1]
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _wait_s(retry_after: str | None) -> float:
    """As long as Teams says, or a few seconds; not the same for all who were told so at once."""
    try:
        asked = float(retry_after or "")
    except ValueError:
        asked = BUSY_S
    return asked * random.uniform(1.0, 1.5)  # noqa: S311 - no secret
