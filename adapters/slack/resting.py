"""What asks for rest in Slack: somebody's do-not-disturb, or their status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

Json = Mapping[str, Any]

# Status pictures that ask for rest, with the reason why each is here. Others, such as a meeting, a
# journey or working from home, don't: a message can wait in the conversation for somebody busy.
ASK_FOR_REST: Final = {
    "palm_tree": "Slack's own for a holiday",
    "face_with_thermometer": "Slack's own for being ill",
    "no_entry": "says that nobody should come in",
    "no_bell": "says that nothing should ring",
}
# A status without an end may have been forgotten: it is looked at again after this.
WITHOUT_AN_END: Final = timedelta(hours=4)


def rests_by_status(user: Json, now: datetime) -> datetime | None:
    """Until when somebody's status asks for rest, or None if it doesn't now."""
    profile = user.get("profile") or {}
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]
    if emoji not in ASK_FOR_REST:
        return None
    if not profile.get("status_expiration"):
        return now + WITHOUT_AN_END
    return _later(profile["status_expiration"], now)


def rests_by_dnd(dnd: Json, now: datetime) -> datetime | None:
    """Until when somebody has do-not-disturb on, or None if they haven't now."""
    started = not _later(dnd.get("next_dnd_start_ts"), now)
    return _later(dnd.get("next_dnd_end_ts"), now) if dnd.get("dnd_enabled") and started else None


def _later(timestamp: object, now: datetime) -> datetime | None:
    """The instant, if it is one that is still to come."""
    if not isinstance(timestamp, int | float):
        return None
    try:
        instant = datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return instant if instant > now else None
