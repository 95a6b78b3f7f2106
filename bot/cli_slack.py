"""What commands about Slack do: print the app's manifest, and ask who is there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rich.console import Console

from adapters.content import load_library
from adapters.content.library import FALLBACK
from adapters.slack.manifest import manifest
from bot.settings import Settings, our_address


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
