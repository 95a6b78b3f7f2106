"""What the app is in Teams: the manifest of its package.

It asks for nothing: no permission, no sign-in, no consent of a team's. Whoever has the app has a
chat with the bot, and the roster of a conversation that the bot is in needs no permission. No page
is shown in Teams, so no domain is named either.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.ports import Texts
from bot.text import one_line
from bot.usecases.commands import COMMANDS

# learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema. All later versions
# take this one too, and the bot uses nothing that they have more.
MANIFEST_VERSION: Final = "1.22"
SCHEMA: Final = (
    f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/"
    "MicrosoftTeams.schema.json"
)
COLOR, OUTLINE = "color.png", "outline.png"
ACCENT: Final = "#2F6F73"
DEVELOPER: Final = 32
_VERSION: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What differs from one organisation to the next.

    bot_id   the id that the bot has in Azure
    version  of the package: Teams takes a changed package only with a higher one
    website  pages of the organisation's own that people can look up: Teams asks for all three
    """

    bot_id: str
    organisation: str
    version: str
    website: str
    privacy: str
    terms: str


def manifest(texts: Texts, app: App) -> dict[str, Any]:
    """Raises SettingsError if something is missing, or can't be used."""
    if problems := _problems(app):
        raise SettingsError(problems)
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": app.version,
        "id": _app_id(app.bot_id),
        "developer": {
            "name": one_line(app.organisation)[:DEVELOPER].strip(),
            "websiteUrl": app.website,
            "privacyUrl": app.privacy,
            "termsOfUseUrl": app.terms,
        },
        "name": {"short": texts.say("teams_app.name")},
        "description": {
            "short": texts.say("teams_app.description"),
            "full": f"{texts.say('teams_app.about')}\n\n{texts.say('teams_app.run_by')}",
        },
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": ACCENT,
        "bots": [_bot(texts, app.bot_id)],
        "defaultInstallScope": "personal",
        "validDomains": [],
    }


def _bot(texts: Texts, bot_id: str) -> dict[str, Any]:
    """In a team it writes summaries, and hears nothing: what can be typed is for its own chat."""
    return {
        "botId": bot_id.lower(),
        "scopes": ["personal", "team"],
        "isNotificationOnly": False,
        "supportsFiles": False,
        "commandLists": [
            {"scopes": ["personal"], "commands": [_command(texts, name) for name in COMMANDS]}
        ],
    }


def _command(texts: Texts, name: str) -> dict[str, str]:
    return {
        "title": texts.say(f"command.words.{name}").partition(",")[0],
        "description": texts.say(f"command.does.{name}"),
    }


def _app_id(bot_id: str) -> str:
    """The same for the same bot, so that a new package takes the place of the one before."""
    return str(uuid.uuid5(uuid.UUID(bot_id), "wellbeing-warrior"))


# --- what is missing -----------------------------------------------------------------------


def _problems(app: App) -> list[str]:
    problems = []
    if not app.bot_id:
        problems.append("Teams has to know which bot it is: set MICROSOFT_APP_ID.")
    elif not _is_guid(app.bot_id):
        problems.append(
            "MICROSOFT_APP_ID can't be used: write it as Azure shows it, such as "
            "00000000-0000-0000-0000-000000000000."
        )
    if not _VERSION.fullmatch(app.version):
        problems.append("--app-version can't be used: write it like 1.2.3.")
    if not app.website:
        problems.append(
            "Teams asks for pages about the app, its privacy and its terms: give --website, such "
            "as https://intranet.example.org/wellbeing, and --privacy and --terms if those are "
            "pages of their own. With PUBLIC_URL set, that is used if nothing is given."
        )
    named = {"website": app.website, "privacy": app.privacy, "terms": app.terms}
    problems += [
        f"--{name} can't be used: Teams takes addresses only that begin with https://."
        for name, url in named.items()
        if url and not _is_page(url)
    ]
    return problems


def _is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
