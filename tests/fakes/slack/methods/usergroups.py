"""`usergroups.*`."""

from __future__ import annotations

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.state import Group


def group_json(group: Group, team_id: str, *, users: bool) -> Json:
    shown: Json = {
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "is_external": False,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "date_create": 1_600_000_000,
        "date_update": 1_600_000_000,
        "date_delete": 1_600_000_000 if group.deleted else 0,
        "auto_type": None,
        "prefs": {"channels": list(group.channels), "groups": []},
        "user_count": len(group.users),
    }
    return {**shown, "users": list(group.users)} if users else shown


@method("usergroups.list", "usergroups:read", tier=2)
def list_all(asked: Asked) -> Json:
    users, disabled = (
        asked.arguments.flag("include_users"),
        asked.arguments.flag("include_disabled"),
    )
    groups = [each for each in asked.workspace.groups.values() if disabled or not each.deleted]
    return {"usergroups": [group_json(each, asked.workspace.id, users=users) for each in groups]}


@method("usergroups.users.list", "usergroups:read", tier=2)
def users_list(asked: Asked) -> Json:
    group = asked.workspace.groups.get(asked.arguments.required("usergroup"))
    if group is None or (group.deleted and not asked.arguments.flag("include_disabled")):
        raise Refused("no_such_subteam")
    return {"users": list(group.users)}
