"""A view as Slack shows it to the bot."""

from __future__ import annotations

from typing import Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import View
from tests.fakes.slack.workspace import Workspace

DEFAULTS: Final[Json] = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "submit": None,
    "close": None,
}


def view_json(site: Site, workspace: Workspace, view: View) -> Json:
    return {
        **DEFAULTS,
        **view.payload,
        "id": view.id,
        "team_id": workspace.id,
        "state": {"values": view.state},
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": site.app.id,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.bot_id,
    }
