"""A call that Microsoft refuses, in its own words."""

from __future__ import annotations

import json
from typing import Final

from tests.fakes.teams.json_types import Json

# From «Status codes from bot conversational APIs», learn.microsoft.com/microsoftteams.
DOCUMENTED: Final[dict[str, tuple[int, str]]] = {
    "BadArgument": (400, "The request is invalid."),
    "BadSyntax": (400, "The request body isn't JSON."),
    "BotNotRegistered": (401, "No registration found for this bot."),
    "BotDisabledByAdmin": (403, "The tenant admin disabled this bot."),
    "BotNotInConversationRoster": (403, "The bot is not part of the conversation roster."),
    "ConversationBlockedByUser": (403, "User blocked the conversation with the bot."),
    "ForbiddenOperationException": (403, "Bot is not installed in user's personal scope."),
    "MessageWritesBlocked": (403, "Thread is blocked from message writes."),
    "NotEnoughPermissions": (403, "The bot doesn't have the permissions that this needs."),
    "ActivityNotFoundInConversation": (404, "Conversation not found."),
    "ConversationNotFound": (404, "Conversation not found."),
    "MemberNotFoundInConversation": (404, "Member not found in conversation."),
    "PreconditionFailed": (412, "Precondition failed, please try again."),
    "MessageSizeTooBig": (413, "Message size too large."),
    "Throttled": (429, "Too many requests."),
    "ServiceError": (500, "An error has occurred."),
    "ServiceUnavailable": (503, "Service is unavailable."),
}


class Refused(Exception):
    """`retry_after` is a header, where it is set. A code that isn't documented needs a status."""

    def __init__(
        self, code: str, message: str = "", *, status: int = 0, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        documented_status, documented_message = DOCUMENTED.get(code, (status, code))
        self.code = code
        self.status = status or documented_status
        self.message = message or documented_message
        self.retry_after = retry_after

    def body(self) -> Json:
        return {"error": {"code": self.code, "message": self.message}}

    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


class RefusedBelow(Refused):
    """Refused by the chat service below the connector, whose words come through as they are."""

    def body(self) -> Json:
        details = {"subCode": self.code, "details": self.message, "errorCode": None}
        return {"errorCode": 209, "message": json.dumps(details, indent=2)}


class Denied(Refused):
    """The bearer token is none that the connector takes."""

    def __init__(self, why: str) -> None:
        super().__init__(why, status=401)

    def body(self) -> Json:
        return {"message": "Authorization has been denied for this request."}
