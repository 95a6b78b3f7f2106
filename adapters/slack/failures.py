"""What becomes of each answer of Slack that isn't the one hoped for.

Its error codes are in a table, each with its kind and the reason for it. A code that isn't in the
table is a refusal for good, and is logged: nothing was done, and nobody knows what would help.

No error here holds anything but a code of ours: Slack's answers, and what its SDK makes of them,
may repeat what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.outbound import HeldUp
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable

# Slack says for how long to wait; if it doesn't, this is what its documents ask for.
BUSY_S: Final = 30.0
# Nobody listens, or a request was cut short on its way: it may work again soon.
SOON_S: Final = 2.0
# Somebody has to put something right first.
MENDED_S: Final = 300.0
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Kind(StrEnum):
    """What a code says about a message that was to be sent."""

    GONE = "the person or channel can't be written to"
    SHUT_OUT = "the app isn't in the workspace any more"
    TO_BE_MENDED = "somebody has to put something right"
    BUSY = "Slack asks to wait"
    UNKNOWN = "it may have arrived"
    BLOCKS = "the blocks were refused"
    REFUSED = "our mistake"


class Gone(Undeliverable):
    """The person or channel can't be written to, for good."""


class ShutOut(Undeliverable):
    """The app isn't in the workspace any more."""


class BlocksRefused(PlatformError):
    """Slack doesn't take these blocks. Nothing was posted."""


class ScopeMissing(TryLater):
    """The app wasn't given a permission. Whoever installs it again can give it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A kind and the reason for it; `wait_s` where it is tried again, if Slack says nothing."""

    kind: Kind
    why: str
    wait_s: float = MENDED_S


MEANINGS: Final[Mapping[str, Meaning]] = {
    # --- this person, this channel
    "channel_not_found": Meaning(Kind.GONE, "There is no such channel, or the bot can't see it."),
    "user_not_found": Meaning(Kind.GONE, "There is no such account."),
    "user_not_visible": Meaning(Kind.GONE, "The account is hidden from the bot."),
    "user_disabled": Meaning(Kind.GONE, "The account was deactivated."),
    "users_not_found": Meaning(Kind.GONE, "There is no such account."),
    "cannot_dm_bot": Meaning(Kind.GONE, "It is a bot's account; bots have no check-ins."),
    "not_in_channel": Meaning(Kind.GONE, "The bot was taken out of the channel: invite it again."),
    "is_archived": Meaning(Kind.GONE, "The channel was archived."),
    "restricted_action": Meaning(Kind.GONE, "The workspace lets only some people post there."),
    "restricted_action_read_only_channel": Meaning(Kind.GONE, "The channel is for reading only."),
    "restricted_action_thread_only_channel": Meaning(Kind.GONE, "The channel takes replies only."),
    "restricted_action_non_threadable_channel": Meaning(Kind.GONE, "The channel takes no posts."),
    "message_not_found": Meaning(Kind.GONE, "The message that was to change was deleted."),
    "thread_not_found": Meaning(Kind.GONE, "The message that a thread began with was deleted."),
    "cannot_reply_to_message": Meaning(Kind.GONE, "No thread can begin with that message."),
    "cant_update_message": Meaning(Kind.GONE, "The message that was to change isn't the bot's."),
    "edit_window_closed": Meaning(Kind.GONE, "The workspace doesn't let old messages change."),
    # --- the whole workspace, for good
    "account_inactive": Meaning(Kind.SHUT_OUT, "The app was removed from the workspace."),
    "token_revoked": Meaning(Kind.SHUT_OUT, "The app was removed, or its token revoked."),
    "team_not_found": Meaning(Kind.SHUT_OUT, "The workspace was deleted."),
    # --- the whole workspace, until somebody does something
    "invalid_auth": Meaning(Kind.TO_BE_MENDED, "The token is wrong, or this address not allowed."),
    "not_authed": Meaning(Kind.TO_BE_MENDED, "No token was sent."),
    "token_expired": Meaning(Kind.TO_BE_MENDED, "The token is about to be replaced.", 30.0),
    "not_allowed_token_type": Meaning(Kind.TO_BE_MENDED, "It isn't a bot's token."),
    "missing_scope": Meaning(Kind.TO_BE_MENDED, "The app needs a permission: install it again."),
    "no_permission": Meaning(Kind.TO_BE_MENDED, "The app needs a permission: install it again."),
    "access_denied": Meaning(Kind.TO_BE_MENDED, "The workspace doesn't let the app do this."),
    "accesslimited": Meaning(Kind.TO_BE_MENDED, "Slack can't be used from this network."),
    "ekm_access_denied": Meaning(Kind.TO_BE_MENDED, "Admins have suspended posting."),
    "team_access_not_granted": Meaning(Kind.TO_BE_MENDED, "The app may not use this workspace."),
    "messages_tab_disabled": Meaning(Kind.TO_BE_MENDED, "The app's messages tab is switched off."),
    "org_login_required": Meaning(Kind.TO_BE_MENDED, "The workspace is being moved."),
    "team_added_to_org": Meaning(Kind.TO_BE_MENDED, "The workspace is being moved."),
    # --- later
    "ratelimited": Meaning(Kind.BUSY, "Too many requests; Slack says for how long.", BUSY_S),
    "rate_limited": Meaning(Kind.BUSY, "Too many messages; Slack says for how long.", BUSY_S),
    "message_limit_exceeded": Meaning(Kind.BUSY, "The workspace sends too many messages.", BUSY_S),
    "request_timeout": Meaning(Kind.BUSY, "The request didn't reach Slack whole.", SOON_S),
    # --- who knows
    "fatal_error": Meaning(Kind.UNKNOWN, "Slack failed, perhaps after it had posted."),
    "internal_error": Meaning(Kind.UNKNOWN, "Slack failed, perhaps after it had posted."),
    "service_unavailable": Meaning(Kind.UNKNOWN, "Slack failed, perhaps after it had posted."),
    # --- ours
    "invalid_blocks": Meaning(Kind.BLOCKS, "Slack doesn't know a block, or it has a mistake."),
    "invalid_blocks_format": Meaning(Kind.BLOCKS, "Slack can't read the blocks."),
    "msg_too_long": Meaning(Kind.REFUSED, "Texts are cut to Slack's limits: this one wasn't."),
    "msg_blocks_too_long": Meaning(Kind.REFUSED, "Texts are cut to Slack's limits: not these."),
    "no_text": Meaning(Kind.REFUSED, "Every message has a text: this one hadn't."),
    "invalid_arguments": Meaning(Kind.REFUSED, "The request has a mistake."),
    "metadata_too_large": Meaning(Kind.REFUSED, "A delivery key is short: this one wasn't."),
}


def codes_of(*kinds: Kind) -> frozenset[str]:
    """Slack's codes of these kinds."""
    return frozenset(code for code, meaning in MEANINGS.items() if meaning.kind in kinds)


def failure_of(error: Exception) -> PlatformError:
    """What a request's failure comes to, with nothing in it of what was sent or answered."""
    if any(isinstance(cause, HeldUp) for cause in _causes(error)):
        return TryLater(SOON_S)
    if isinstance(error, SlackApiError):
        return _refusal(error)
    if isinstance(error, SlackClientError):
        return PlatformError("the SDK refuses to send this")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return TryLater(SOON_S)
    # Cut off, too slow, or an answer that can't be read.
    return OutcomeUnknown("there was no answer that can be read")


def code_of(error: Exception) -> str:
    """Slack's error code, or "" if there is none, or one that doesn't look like it."""
    data = getattr(getattr(error, "response", None), "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _refusal(error: SlackApiError) -> PlatformError:
    """What an answer says that isn't a yes."""
    status, code = _status(error.response), code_of(error)
    meaning = MEANINGS.get(code)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater(_retry_after(error.response, BUSY_S))
    if meaning is not None:
        return _error(code, meaning, error.response)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown("Slack broke down")
    if code:
        return PlatformError(code)
    if status >= HTTPStatus.BAD_REQUEST:  # a proxy on the way doesn't let it through
        return TryLater(MENDED_S)
    return OutcomeUnknown("there was no answer that can be read")


def _error(code: str, meaning: Meaning, response: object) -> PlatformError:
    match meaning.kind:
        case Kind.GONE:
            return Gone(code)
        case Kind.SHUT_OUT:
            return ShutOut(code)
        case Kind.TO_BE_MENDED | Kind.BUSY:
            later = ScopeMissing if code == "missing_scope" else TryLater
            return later(_retry_after(response, meaning.wait_s))
        case Kind.UNKNOWN:
            return OutcomeUnknown(code)
        case Kind.BLOCKS:
            return BlocksRefused(code)
        case Kind.REFUSED:
            return PlatformError(code)


def _status(response: Any) -> int:
    """Of an answer as the SDK has it, or of a bare one whose body it couldn't read."""
    status = getattr(response, "status_code", getattr(response, "status", 0))
    return status if isinstance(status, int) else 0


def _retry_after(response: Any, otherwise: float) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return otherwise


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
