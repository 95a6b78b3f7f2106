"""The app as it is registered at Slack: its ids, secrets, addresses and scopes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

EVERY_SCOPE: Final = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "dnd:read",
    "groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:read", "team:read",
    "usergroups:read", "users.profile:read", "users:read", "users:read.email",
)  # fmt: skip


@dataclass(slots=True)
class SlackApp:
    """`request_url` takes events, interactivity and commands, as with Bolt. `events` are those it
    subscribed to; None is all of them. `shortcuts` are callback ids by their names."""

    id: str = "A0001"
    name: str = "Wellbeing"
    client_id: str = "1001.2002"
    client_secret: str = "fake-client-secret"
    signing_secret: str = "fake-signing-secret"
    verification_token: str = "fake-verification-token"
    request_url: str = ""
    redirect_urls: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=lambda: list(EVERY_SCOPE))
    events: set[str] | None = None
    rotates_tokens: bool = False
    app_token: str = ""
    commands: list[str] = field(default_factory=lambda: ["/wellbeing"])
    shortcuts: dict[str, str] = field(
        default_factory=lambda: {"Talk to someone": "talk_to_someone"}
    )
