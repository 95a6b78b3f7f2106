"""What a team is, and which channels it has."""

from __future__ import annotations

from tests.fakes.teams.gate import Answer
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.operations.asked import Asked, operation
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.state import Channel, Team
from tests.fakes.teams.tenant import Tenant


@operation("team", "GET", "teams/{team}")
def details(asked: Asked) -> Answer:
    tenant, team = _team(asked)
    return 200, {
        "id": team.id,
        "name": team.name,
        "type": "standard",
        "aadGroupId": team.group_id,
        "tenantId": tenant.id,
        "channelCount": len(team.channels),
        "memberCount": len(tenant.members_of(team)),
    }


@operation("channels", "GET", "teams/{team}/conversations")
def channels(asked: Asked) -> Answer:
    _, team = _team(asked)
    return 200, {"conversations": [_channel(team, each) for each in team.channels]}


def _channel(team: Team, channel: Channel) -> Json:
    """The General channel has no name, since every client shows one in its own language."""
    name = None if channel.id == team.id else channel.name
    return {"id": channel.id, "name": name, "type": "standard"}


def _team(asked: Asked) -> tuple[Tenant, Team]:
    for tenant in asked.site.tenants.values():
        if (team := tenant.teams.get(asked.path["team"])) is not None:
            if not team.has_bot:
                raise Refused("BotNotInConversationRoster")
            return tenant, team
    raise Refused("ConversationNotFound")
