"""`api.*`, `auth.*`, `apps.*`, `bots.*` and `team.*`."""

from __future__ import annotations

import secrets

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import SPECIAL, Asked, method
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.uninstalling import uninstall


@method("api.test", tier=4, by="none")
def api_test(asked: Asked) -> Json:
    if error := asked.arguments.text("error"):
        raise Refused(error)
    shown = {name: value for name, value in asked.arguments.values.items() if name != "token"}
    return {"args": shown}


@method("auth.test", tier=SPECIAL)
def auth_test(asked: Asked) -> Json:
    workspace, token = asked.workspace, asked.token
    answer: Json = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }
    if token.expires_at is not None:
        answer["expires_in"] = int(token.expires_at - asked.site.clock.now())
    return answer


@method("auth.revoke")
def auth_revoke(asked: Asked) -> Json:
    if asked.arguments.flag("test"):
        return {"revoked": False}
    asked.token.revoked = True
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [asked.workspace.bot.id]}}
    asked.site.happens(asked.workspace, revoked)
    return {"revoked": True}


@method("apps.uninstall")
def apps_uninstall(asked: Asked) -> Json:
    app = asked.site.app
    given = asked.arguments.text("client_id"), asked.arguments.text("client_secret")
    if given[0] != app.client_id:
        raise Refused("invalid_client_id")
    if given[1] != app.client_secret:
        raise Refused("bad_client_secret")
    for event in uninstall(asked.site, asked.workspace):
        asked.site.happens(asked.workspace, event)
    return {}


@method("apps.connections.open", "connections:write", tier=1, by="app")
def apps_connections_open(asked: Asked) -> Json:
    ticket = secrets.token_urlsafe(12)
    asked.site.tickets.add(ticket)
    base = asked.site.url.replace("http://", "ws://")
    return {"url": f"{base}/link/?ticket={ticket}&app_id={asked.site.app.id}"}


@method("bots.info", "users:read")
def bots_info(asked: Asked) -> Json:
    workspace = asked.workspace
    if asked.arguments.text("bot", workspace.bot_id) != workspace.bot_id:
        raise Refused("bot_not_found")
    bot = {
        "id": workspace.bot_id,
        "deleted": False,
        "name": workspace.bot.name,
        "updated": workspace.bot.updated,
        "app_id": asked.site.app.id,
        "user_id": workspace.bot.id,
        "icons": {},
    }
    return {"bot": bot}


@method("team.info", "team:read")
def team_info(asked: Asked) -> Json:
    workspace = asked.workspace
    if asked.arguments.text("team", workspace.id) != workspace.id:
        raise Refused("team_not_found")
    return {
        "team": {
            "id": workspace.id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "example.org",
            "icon": {},
            "url": f"https://{workspace.domain}.slack.com/",
        }
    }
