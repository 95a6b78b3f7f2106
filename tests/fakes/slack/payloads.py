"""What goes to the bot when something happens, as Slack words it."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.delivering import Parcel
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.posting import message_json
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import Posted, User, View
from tests.fakes.slack.view_json import view_json
from tests.fakes.slack.workspace import Workspace


def event_parcel(site: Site, workspace: Workspace, event: Json, event_id: str = "") -> Parcel:
    now = int(site.clock.now())
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.id,
        "user_id": workspace.bot.id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return Parcel(
        "events_api",
        {
            "token": site.app.verification_token,
            "team_id": workspace.id,
            "context_team_id": workspace.id,
            "context_enterprise_id": None,
            "api_app_id": site.app.id,
            "event": {"event_ts": site.clock.ts(), **event},
            "type": "event_callback",
            "event_id": event_id or f"Ev{site.number():08d}",
            "event_time": now,
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"fake-context-{workspace.id}",
        },
    )


def interaction(site: Site, workspace: Workspace, user: User, kind: str) -> Json:
    """What every interaction has; with a trigger id, since somebody did something."""
    team = {"id": workspace.id, "domain": workspace.domain}
    return {
        "type": kind,
        "team": team,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": workspace.id,
        },
        "api_app_id": site.app.id,
        "token": site.app.verification_token,
        "trigger_id": site.triggers.issue(workspace.id, user.id),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def in_message(site: Site, workspace: Workspace, user: User, posted: Posted) -> Json:
    """Where a press happened, for a message. Of an ephemeral one Slack sends no more."""
    channel = workspace.channels[posted.channel]
    secret = site.response_urls.issue(workspace.id, channel.id, user.id, posted.ts)
    ephemeral = bool(posted.ephemeral_to)
    in_thread = {"thread_ts": posted.thread_ts} if posted.thread_ts else {}
    where: dict[str, Any] = {
        "container": {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **in_thread,
        },
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "response_url": f"{site.url}/response/{secret}",
    }
    if not ephemeral:
        where["message"] = message_json(posted, workspace.id, site.app.id)
    return where


def in_view(site: Site, workspace: Workspace, view: View) -> Json:
    shown = view_json(site, workspace, view)
    return {"container": {"type": "view", "view_id": view.id}, "view": shown}


def command_parcel(site: Site, workspace: Workspace, user: User, command: str, text: str) -> Parcel:
    channel = workspace.dm(user.id)
    secret = site.response_urls.issue(workspace.id, channel.id, user.id)
    return Parcel(
        "slash_commands",
        {
            "token": site.app.verification_token,
            "team_id": workspace.id,
            "team_domain": workspace.domain,
            "channel_id": channel.id,
            "channel_name": "directmessage",
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": site.app.id,
            "is_enterprise_install": "false",
            "response_url": f"{site.url}/response/{secret}",
            "trigger_id": site.triggers.issue(workspace.id, user.id),
        },
    )
