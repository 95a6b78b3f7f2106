"""What commands about Slack do: print the app's manifest, and ask who is there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rich.console import Console

from adapters.content import load_library
from adapters.content.library import FALLBACK
from adapters.slack.manifest import manifest
from bot import slack
from bot.app import open_core
from bot.errors import PlatformError, SettingsError
from bot.settings import Settings, our_address
from bot.usecases.sync_directory import Synced


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command. What is None is as the settings say."""

    public_url: str | None = None
    socket_mode: bool | None = None
    many_workspaces: bool | None = None


def print_manifest(settings: Settings, wanted: Wanted, out: Console) -> None:
    """Raises SettingsError or ContentError."""
    texts = load_library(settings.wellbeing_prompts).texts(FALLBACK)
    url = wanted.public_url
    made = manifest(
        texts,
        public_url=settings.public_url if url is None else our_address(url),
        socket_mode=_either(wanted.socket_mode, settings.slack_app_token),
        many_workspaces=_either(wanted.many_workspaces, settings.slack_client_id),
        teams_from=settings.wellbeing_teams_from,
    )
    out.print(json.dumps(made, indent=2, ensure_ascii=False), soft_wrap=True, markup=False)


def _either(wanted: bool | None, setting: str) -> bool:
    return bool(setting) if wanted is None else wanted


async def sync_roster(settings: Settings, out: Console) -> None:
    """Ask every workspace who is there. Raises SettingsError, or PlatformError if none can say."""
    if not settings.has_slack:
        raise SettingsError(["Slack isn't set up: set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID."])
    async with open_core(settings) as core, slack.opened(settings, core) as platform:
        done = await platform.sync_all()
    if done is None:
        out.print(
            "The bot is asking just now, and asks again right afterwards. What is wrong then is "
            "said by: wellbeing doctor",
            soft_wrap=True,
        )
        return
    if not done:
        raise PlatformError("No workspace could be asked. More is said by: wellbeing doctor")
    for workspace_id, synced in done.items():
        _print_synced(workspace_id, synced, out)


def _print_synced(workspace_id: str, synced: Synced, out: Console) -> None:
    lines = [
        f"{workspace_id}: {synced.connected} people of the roster are there.",
        f"{synced.disconnected} aren't any more, {synced.unknown} members aren't on the roster.",
    ]
    if synced.imported is not None:
        roster = synced.imported
        lines.append(f"{roster.added} added, {roster.updated} updated, {roster.left} left.")
    for line in (*lines, *synced.problems):
        out.print(line, soft_wrap=True, markup=False)
