"""How Teams' ids are written in the core's tables."""

from __future__ import annotations

from typing import Final

TEAMS: Final = "teams"


def workspace_of(tenant_id: str) -> str:
    """The core's id for a tenant."""
    return f"{TEAMS}:{tenant_id}"


def tenant_of(workspace_id: str) -> str:
    """Microsoft's own id for a workspace of the core's."""
    return workspace_id.removeprefix(f"{TEAMS}:")


def is_teams(workspace_id: str) -> bool:
    return workspace_id.startswith(f"{TEAMS}:")


def message_id_of(conversation_id: str, activity_id: str) -> str:
    """The core's id for a message: Teams' own are unique in a conversation only."""
    return f"{conversation_id}/{activity_id}"


def place_of(message_id: str) -> tuple[str, str]:
    """A message's conversation and its id there."""
    conversation_id, _, activity_id = message_id.rpartition("/")
    return conversation_id, activity_id
