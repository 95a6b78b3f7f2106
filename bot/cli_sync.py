"""What the command does that asks every chat platform who is there."""

from __future__ import annotations

from rich.console import Console

from bot import chats
from bot.app import open_core
from bot.errors import PlatformError, SettingsError
from bot.settings import Settings
from bot.usecases.sync_directory import Synced


async def sync_roster(settings: Settings, out: Console) -> None:
    """Ask every workspace who is there. Raises SettingsError, or PlatformError if none can say."""
    if not settings.has_platform:
        raise SettingsError(["No chat platform is set up: see docs/slack.md and docs/teams.md."])
    async with open_core(settings) as core, chats.opened(settings, core) as there:
        answers = [await chat.platform.sync_all() for chat in there]
    if None in answers:
        out.print(
            "The bot is asking just now, and asks again right afterwards. What is wrong then is "
            "said by: wellbeing doctor",
            soft_wrap=True,
        )
        return
    done = {workspace: synced for answer in answers for workspace, synced in (answer or {}).items()}
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
