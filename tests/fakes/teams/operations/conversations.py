"""Opening a chat with somebody, or a thread in a channel."""

from __future__ import annotations

from tests.fakes.teams.gate import Answer
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.operations.activities import check_writable, new_message
from tests.fakes.teams.operations.asked import Asked, bad_argument, operation
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.state import Person
from tests.fakes.teams.tenant import Tenant


@operation("create_conversation", "POST", "conversations")
def create(asked: Asked) -> Answer:
    """With a member: their personal chat, the same one every time. With a channel: a thread."""
    channel_data = asked.body.get("channelData") or {}
    if (channel := channel_data.get("channel")) is not None:
        return _thread(asked, channel)
    tenant = _tenant(asked, channel_data)
    members = asked.body.get("members") or []
    if len(members) != 1 or asked.body.get("isGroup"):
        raise bad_argument("A chat is opened with one member.")
    person = _person(tenant, str(members[0].get("id")))
    if not person.active or not person.installed:
        raise Refused("ForbiddenOperationException")
    return 201, {"id": person.chat_id}


def _thread(asked: Asked, channel: Json) -> Answer:
    tenant, place = asked.site.find(str(channel.get("id")))
    check_writable(place)
    if isinstance(place, Person) or "activity" not in asked.body:
        raise bad_argument("A thread is opened in a channel, with its first message.")
    sent = new_message(asked, tenant, asked.body["activity"], channel["id"])
    return 201, {"id": f"{channel['id']};messageid={sent.id}", "activityId": sent.id}


def _tenant(asked: Asked, channel_data: Json) -> Tenant:
    tenant_id = (channel_data.get("tenant") or {}).get("id") or asked.body.get("tenantId")
    if (tenant := asked.site.tenants.get(str(tenant_id))) is None:
        raise bad_argument("Tenant ID is missing or unknown.")
    return tenant


def _person(tenant: Tenant, member_id: str) -> Person:
    if (person := tenant.account(member_id)) is None:
        raise bad_argument("Failed to decrypt pairwise id")
    return person
