"""Ids that look like Microsoft's, the same for the same name."""

from __future__ import annotations

import hashlib
import uuid
from base64 import urlsafe_b64encode
from typing import Final

NAMES: Final = uuid.UUID("5f0c5f0c-0000-4000-8000-000000000000")


def guid(*names: str) -> str:
    """The id of a tenant, of an account or of a group."""
    return str(uuid.uuid5(NAMES, "/".join(names)))


def person_id(*names: str) -> str:
    """How a bot knows a person; another bot would know them by another."""
    return f"29:1{_opaque(*names)}"


def personal_chat_id(*names: str) -> str:
    return f"a:1{_opaque('chat', *names)}"


def channel_id(*names: str) -> str:
    return f"19:{hashlib.sha256('/'.join(names).encode()).hexdigest()[:32]}@thread.tacv2"


def event_id() -> str:
    """The id of an activity that isn't a message."""
    return f"f:{uuid.uuid4()}"


def _opaque(*names: str) -> str:
    digest = hashlib.sha512("/".join(names).encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")[:60]
