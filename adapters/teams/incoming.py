"""What Teams sends, as values: people's taps, forms and lines, and news of who is where.

Microsoft signs what it sends, but not its shape: see `adapters.payloads`. Nothing here keeps what
somebody chose any longer than its use case needs it.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from adapters.payloads import Id, Payload, Text, Typed, storable
from adapters.teams.ids import workspace_of

PERSONAL: Final = "personal"


def _dictionary(value: Any) -> Any:
    return {} if value is None else value


def _list(value: Any) -> Any:
    return [] if value is None else value


class _TeamsPayload(Payload):
    model_config = ConfigDict(alias_generator=to_camel)


class _Account(_TeamsPayload):
    """`aad_object_id` is the person's own id in the tenant; `id` is how this bot knows them."""

    id: Text = ""
    aad_object_id: Text = ""


class _Conversation(_TeamsPayload):
    id: Id
    conversation_type: Text = ""


class _Named(_TeamsPayload):
    id: Text = ""
    name: Text = ""


class _Attachment(_TeamsPayload):
    """Of what kind it is; no more of it is looked at."""

    content_type: Text = ""


class _ChannelData(_TeamsPayload):
    tenant: _Named | None = None
    team: _Named | None = None
    channel: _Named | None = None
    event_type: Text = ""


class Turn(_TeamsPayload):
    """Anything that Teams sends."""

    type: Id
    name: Text = ""
    id: Text = ""
    service_url: Id
    sender: Annotated[_Account, Field(alias="from")]
    conversation: _Conversation
    channel_data: Annotated[_ChannelData, BeforeValidator(_dictionary)] = _ChannelData()
    reply_to_id: Text = ""
    text: Typed = ""
    attachments: Annotated[list[_Attachment], BeforeValidator(_list)] = Field(default_factory=list)
    local_timezone: Text = ""
    locale: Text = ""
    value: Annotated[Any, AfterValidator(storable)] = None
    action: Text = ""
    members_added: list[_Account] = Field(default_factory=list)
    members_removed: list[_Account] = Field(default_factory=list)
    recipient: _Account = _Account()

    @property
    def tenant_id(self) -> str:
        """Of the tenant; it is in no other place that can be relied on."""
        return self.channel_data.tenant.id if self.channel_data.tenant else ""

    @property
    def event_id(self) -> str:
        """Of this and its repetitions. Teams' own are times, and unique in a conversation only."""
        return workspace_of(f"{self.tenant_id}/{self.conversation.id}/{self.id}")

    @property
    def user_id(self) -> str:
        """Of whoever acts, in their tenant."""
        return self.sender.aad_object_id

    @property
    def is_personal(self) -> bool:
        return self.conversation.conversation_type == PERSONAL

    @property
    def key(self) -> tuple[str, str]:
        """What kind of thing it is."""
        return self.type, self.name

    def concerns_the_bot(self, accounts: list[_Account]) -> bool:
        return any(each.id == self.recipient.id for each in accounts)
