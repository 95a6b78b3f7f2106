"""`dnd.*`: when somebody doesn't want to be disturbed."""

from __future__ import annotations

from typing import Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.state import User

PEOPLE_AT_MOST: Final = 50


def dnd_json(user: User, now: float) -> Json:
    """Somebody without a time of rest has the time stamps 1, as at Slack."""
    if user.dnd_until <= now:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    start, end = int(now) - 3_600, int(user.dnd_until)
    return {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


@method("dnd.info", "dnd:read")
def info(asked: Asked) -> Json:
    return {**dnd_json(asked.person(), asked.site.clock.now()), "snooze_enabled": False}


@method("dnd.teamInfo", "dnd:read", tier=2)
def team_info(asked: Asked) -> Json:
    """Who isn't known is left out."""
    names = asked.arguments.names("users")
    if not names:
        raise Refused("missing_required_argument")
    if len(names) > PEOPLE_AT_MOST:
        raise Refused("too_many_users")
    users, now = asked.workspace.users, asked.site.clock.now()
    return {"users": {name: dnd_json(users[name], now) for name in names if name in users}}
