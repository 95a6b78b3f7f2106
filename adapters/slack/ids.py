"""How Slack's ids are written in the core's tables, and in messages."""

from __future__ import annotations

from typing import Final

SLACK: Final = "slack"
# The type of a message's metadata, and where its delivery key is in it.
DELIVERY: Final = "wellbeing_delivery"


def workspace_of(team_id: str) -> str:
    """The core's id for a Slack workspace."""
    return f"{SLACK}:{team_id}"


def team_of(workspace_id: str) -> str:
    """Slack's own id for a workspace of the core's."""
    return workspace_id.removeprefix(f"{SLACK}:")


def is_slack(workspace_id: str) -> bool:
    return workspace_id.startswith(f"{SLACK}:")


def message_id_of(channel_id: str, ts: str) -> str:
    """The core's id for a message: Slack's time stamps are unique in a channel only."""
    return f"{channel_id}/{ts}"


def place_of(message_id: str) -> tuple[str, str]:
    """A message's channel and its time stamp there."""
    channel_id, _, ts = message_id.partition("/")
    return channel_id, ts


def metadata_of(key: str) -> dict[str, object]:
    """What a message carries, so that it can be looked up before it is sent again."""
    return {"event_type": DELIVERY, "event_payload": {"key": key}}


def key_of(metadata: object) -> str | None:
    """The delivery key in a message's metadata, or None if it isn't one of ours."""
    if not isinstance(metadata, dict) or metadata.get("event_type") != DELIVERY:
        return None
    payload = metadata.get("event_payload")
    key = payload.get("key") if isinstance(payload, dict) else None
    return key if isinstance(key, str) else None
