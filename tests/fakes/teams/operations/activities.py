"""Sending, updating and deleting messages; and typing."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.teams.card_checks import problems_of_attachment
from tests.fakes.teams.gate import Answer
from tests.fakes.teams.operations.asked import Asked, bad_argument, operation
from tests.fakes.teams.refused import Refused, RefusedBelow
from tests.fakes.teams.state import Person, Sent, Team
from tests.fakes.teams.tenant import Tenant

BYTES_AT_MOST: Final = 28 * 1024
ACTIVITIES: Final = "conversations/{conversation}/activities"


@operation("send", "POST", ACTIVITIES)
def send(asked: Asked) -> Answer:
    tenant = writable(asked)
    kind = asked.body.get("type")
    if kind == "typing":
        tenant.typing.append(asked.conversation)
        return 201, {"id": asked.site.clock.message_id()}
    if kind != "message":
        raise bad_argument(f"Unknown activity type '{kind}'.")
    sent = new_message(asked, tenant, asked.body, asked.conversation, asked.thread)
    return 201, {"id": sent.id}


@operation("send", "POST", f"{ACTIVITIES}/{{activity}}")
def reply(asked: Asked) -> Answer:
    """In a personal chat a reply is a message like any other; in a channel it is in a thread."""
    return send(asked)


@operation("update", "PUT", f"{ACTIVITIES}/{{activity}}")
def update(asked: Asked) -> Answer:
    tenant = writable(asked)
    sent = own_message(asked, tenant)
    tenant.change(sent, **content_of(asked, asked.body))
    return 200, {"id": sent.id}


@operation("delete", "DELETE", f"{ACTIVITIES}/{{activity}}")
def delete(asked: Asked) -> Answer:
    tenant = writable(asked)
    tenant.remove(own_message(asked, tenant))
    return 200, None


def new_message(
    asked: Asked, tenant: Tenant, activity: dict[str, Any], conversation: str, thread: str = ""
) -> Sent:
    content = content_of(asked, activity)
    message_id, bot_id = asked.site.clock.message_id(), asked.site.app.bot_id
    return tenant.post(Sent(message_id, conversation, bot_id, thread_id=thread, **content))


def writable(asked: Asked) -> Tenant:
    """The tenant of a conversation in which the bot may write now."""
    tenant, place = asked.site.find(asked.conversation)
    check_writable(place)
    return tenant


def check_writable(place: Person | Team) -> None:
    if isinstance(place, Team):
        if not place.has_bot:
            raise Refused("BotNotInConversationRoster")
        return
    if not place.active:
        raise Refused("ConversationNotFound")
    if not place.installed:
        raise Refused("BotNotInConversationRoster")
    if place.blocking:
        refusal = RefusedBelow if place.blocking == "sub_code" else Refused
        raise refusal("MessageWritesBlocked")


def own_message(asked: Asked, tenant: Tenant) -> Sent:
    sent = tenant.message(asked.conversation, asked.path["activity"])
    if sent is None:
        raise Refused("ActivityNotFoundInConversation")
    if sent.sender_id != asked.site.app.bot_id:
        raise Refused("NotEnoughPermissions", "A bot changes only what it sent itself.")
    return sent


def content_of(asked: Asked, activity: dict[str, Any]) -> dict[str, Any]:
    """What a message says, if Teams takes it."""
    if asked.size > BYTES_AT_MOST:
        raise Refused("MessageSizeTooBig")
    attachments = activity.get("attachments") or []
    text, summary = activity.get("text") or "", activity.get("summary") or ""
    if not text and not attachments:
        raise bad_argument("Message has neither text nor attachments.")
    problems = [problem for each in attachments for problem in problems_of_attachment(each)]
    if problems:
        raise bad_argument("; ".join(problems))
    return {"text": text, "summary": summary, "attachments": attachments}
