"""What goes to the bot when something happens, as Teams words it."""

from __future__ import annotations

from html import escape
from typing import Any

from tests.fakes.teams.ids import event_id
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.site import Site
from tests.fakes.teams.state import Channel, Person, Sent, Team
from tests.fakes.teams.tenant import Tenant


def activity(site: Site, tenant: Tenant, person: Person, kind: str, **more: Any) -> Json:
    """What every activity has. `person` is who brought it about, in their personal chat."""
    return {
        "type": kind,
        "id": event_id(),
        "timestamp": site.clock.stamp(),
        "localTimestamp": site.clock.stamp(person.zone),
        "localTimezone": person.zone,
        "channelId": "msteams",
        "serviceUrl": site.service_url,
        "from": {"id": person.id, "name": person.name, "aadObjectId": person.aad_id},
        "recipient": {"id": site.app.bot_id, "name": site.app.name},
        "conversation": personal_chat(tenant, person),
        "locale": person.locale,
        "entities": [client_info(person)],
        "channelData": {"tenant": {"id": tenant.id}},
        **more,
    }


def personal_chat(tenant: Tenant, person: Person) -> Json:
    return {"id": person.chat_id, "conversationType": "personal", "tenantId": tenant.id}


def client_info(person: Person) -> Json:
    return {
        "type": "clientInfo",
        "locale": person.locale,
        "country": person.locale.rpartition("-")[2],
        "platform": "Web",
        "timezone": person.zone,
    }


# --- messages ------------------------------------------------------------------------------


def message(site: Site, tenant: Tenant, person: Person, sent: Sent) -> Json:
    """What somebody wrote in their personal chat."""
    html = {"contentType": "text/html", "content": f"<p>{escape(sent.text)}</p>"}
    return activity(
        site,
        tenant,
        person,
        "message",
        id=sent.id,
        text=sent.text,
        textFormat="plain",
        attachments=[*sent.attachments, html],
    )


def file(name: str) -> Json:
    """A file as it comes with a line, in a personal chat only."""
    return {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": f"https://example.sharepoint.com/personal/{name}",
        "name": name,
        "content": {"uniqueId": "f1", "fileType": "pdf", "downloadUrl": f"https://dl/{name}"},
    }


def picture(name: str) -> Json:
    """A picture that was pasted into a line."""
    url = f"https://smba.trafficmanager.net/emea/v3/attachments/{name}/views/original"
    return {"contentType": "image/png", "contentUrl": url}


def mention(
    site: Site, tenant: Tenant, person: Person, place: tuple[Team, Channel], sent: Sent
) -> Json:
    """What somebody wrote to the bot in a channel, where it is heard only if it is mentioned."""
    team, channel = place
    bot = {"id": site.app.bot_id, "name": site.app.name}
    entity = {"type": "mention", "mentioned": bot, "text": f"<at>{site.app.name}</at>"}
    written = message(site, tenant, person, sent)
    written["entities"].append(entity)
    written["conversation"] = in_thread(tenant, channel, sent)
    written["channelData"] |= in_team(team, channel)
    return written


def submitted(site: Site, tenant: Tenant, person: Person, sent: Sent, data: Json) -> Json:
    """A pressed Action.Submit of a message is a message without a text."""
    more = {"value": data, "id": site.clock.message_id()}
    return _about(sent, tenant, activity(site, tenant, person, "message", **more))


# --- invokes -------------------------------------------------------------------------------


def invoke(
    site: Site, tenant: Tenant, person: Person, name: str, value: Json, sent: Sent | None = None
) -> Json:
    """`sent` is the message whose card it is in; what is submitted from a dialog has none."""
    asked = activity(site, tenant, person, "invoke", name=name, value=value)
    asked["channelData"]["source"] = {"name": "message"}
    return asked if sent is None else _about(sent, tenant, asked)


def _about(sent: Sent, tenant: Tenant, told: Json) -> Json:
    """Something that somebody pressed in a message, and where that is."""
    told["replyToId"] = sent.id
    told["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": "1:fake"}}
    if not isinstance(tenant.place(sent.conversation_id), Person):
        team, channel = tenant.channel(sent.conversation_id)
        told["conversation"] = in_thread(tenant, channel, sent)
        told["channelData"] |= in_team(team, channel)
    return told


# --- installing ----------------------------------------------------------------------------


def added_to_chat(site: Site, tenant: Tenant, person: Person) -> Json:
    members = [{"id": site.app.bot_id}, {"id": person.id, "aadObjectId": person.aad_id}]
    return activity(site, tenant, person, "conversationUpdate", membersAdded=members)


def installation(site: Site, tenant: Tenant, person: Person, action: str) -> Json:
    """`action` is "add", "remove" or "add-upgrade"."""
    told = activity(site, tenant, person, "installationUpdate", action=action)
    told["channelData"] |= {
        "settings": {"selectedChannel": {"id": person.chat_id}},
        "source": {"name": "message"},
    }
    return told


# --- teams ---------------------------------------------------------------------------------


def in_channel(tenant: Tenant, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": tenant.id,
        "name": channel.name,
    }


def in_thread(tenant: Tenant, channel: Channel, sent: Sent) -> Json:
    """The thread that a message is in, or begins."""
    thread = f"{channel.id};messageid={sent.thread_id or sent.id}"
    return {
        "id": thread,
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": tenant.id,
    }


def in_team(team: Team, channel: Channel) -> Json:
    """The channel data of what happens in a channel."""
    return {
        "teamsChannelId": channel.id,
        "teamsTeamId": team.id,
        "channel": {"id": channel.id},
        "team": {"id": team.id},
    }


def team_update(
    site: Site, tenant: Tenant, person: Person, team: Team, event: str, **more: Any
) -> Json:
    """`event` is like "teamMemberAdded". The conversation is the team's, with its id."""
    told = activity(site, tenant, person, "conversationUpdate", **more)
    told["conversation"] = in_channel(tenant, team.channels[0])
    told["channelData"] |= {"eventType": event, "team": team_json(team)}
    return told


def channel_update(
    site: Site, tenant: Tenant, person: Person, team: Team, event: str, channel: Channel
) -> Json:
    told = team_update(site, tenant, person, team, event)
    told["channelData"]["channel"] = {"id": channel.id, "name": channel.name}
    return told


def team_installation(
    site: Site, tenant: Tenant, person: Person, team: Team, channel: Channel, action: str
) -> Json:
    told = activity(site, tenant, person, "installationUpdate", action=action)
    told["conversation"] = in_channel(tenant, channel)
    told["channelData"] |= {
        "settings": {"selectedChannel": {"id": channel.id}},
        "channel": {"id": channel.id},
        "team": team_json(team),
        "source": {"name": "message"},
    }
    return told


def team_json(team: Team) -> Json:
    return {"id": team.id, "name": team.name, "aadGroupId": team.group_id}
