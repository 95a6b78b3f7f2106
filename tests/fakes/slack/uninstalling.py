"""Somebody removes the app from a workspace."""

from __future__ import annotations

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.site import Site
from tests.fakes.slack.workspace import Workspace


def uninstall(site: Site, workspace: Workspace) -> list[Json]:
    """Its tokens end, and these two events go out, in no order that Slack promises."""
    site.tokens.revoke_team(workspace.id, inactive=True)
    return [
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot.id]}},
        {"type": "app_uninstalled"},
    ]
