"""What the app is at Slack: its scopes, each with its reason, and the manifest that sets it up.

Fewest scopes: each is asked for by a method or an event that the bot uses, and named below. What
needs none is `views.open`, `views.push`, `views.publish`, `app_home_opened`, `app_uninstalled` and
`tokens_revoked`. Not asked for, on purpose: `chat:write.public` (the bot speaks where it was
invited), `users.profile:read` (`users.list` tells what is needed), `metadata.message:read` (for
apps that listen to others' metadata), `im:read`, and anything of `mpim`, `files` or `admin`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from bot.errors import SettingsError
from bot.ports import Texts

TeamsFrom = Literal["roster", "usergroups", "channels"]

COMMAND: Final = "/wellbeing"
TALK: Final = "talk_to_someone"
EVENTS_PATH: Final = "/slack/events"
REDIRECT_PATH: Final = "/slack/oauth_redirect"

# Scope → why. In the order in which they are asked for.
SCOPES: Final[Mapping[str, str]] = {
    "chat:write": "Send messages, and change one in place after a tap (chat.postMessage, "
    "chat.update).",
    "commands": "Offer /wellbeing, and the shortcut 'Talk to someone'.",
    "im:history": "Answer 'help' in the bot's own direct messages, and look there whether a "
    "message has arrived before it is sent again (message.im, conversations.history/replies).",
    "im:write": "Find the direct messages with a person to look there (conversations.open).",
    "users:read": "Know who is there: name, time zone, language, who has left, who is a guest or a "
    "bot; and see a status that asks for quiet (users.list, user_change, team_join).",
    "users:read.email": "Match people with the roster, which knows them by email (users.list).",
    "channels:read": "Find the team's channel among the public ones that the bot was invited to, "
    "and who is in it (users.conversations, conversations.members).",
    "groups:read": "The same among the private channels that the bot was invited to.",
    "channels:history": "Look in a public channel that the bot was invited to whether a summary "
    "has arrived before it is sent again (conversations.history).",
    "groups:history": "The same in a private channel that the bot was invited to.",
    "usergroups:read": "Take teams, or who leads them, from user groups, if you set that "
    "(usergroups.list).",
    "dnd:read": "Wait while somebody has notifications paused (dnd.teamInfo). Without it the bot "
    "works, and can't know.",
}
# Without these the bot works, with less regard.
OPTIONAL: Final = frozenset({"dnd:read"})
# What is asked for only if teams come from there.
ONLY_FOR: Final[Mapping[str, frozenset[TeamsFrom]]] = {
    "usergroups:read": frozenset({"usergroups", "channels"}),
}

EVENTS: Final[Sequence[str]] = (
    "app_home_opened",
    "app_uninstalled",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)

NO_ADDRESS: Final = (
    "Slack has to know where the bot is: set PUBLIC_URL, such as https://wellbeing.example.org, "
    "or give --public-url. Without an address that Slack can reach, use Socket Mode: --socket-mode."
)
NO_WAY_BACK: Final = (
    "To be installed in many workspaces, the bot needs an address that browsers can come back to, "
    "in Socket Mode too: set PUBLIC_URL, or give --public-url."
)


def scopes(teams_from: TeamsFrom) -> list[str]:
    """The scopes that are asked for, in order."""
    return [scope for scope in SCOPES if teams_from in ONLY_FOR.get(scope, {teams_from})]


def manifest(
    texts: Texts,
    *,
    public_url: str,
    socket_mode: bool,
    many_workspaces: bool,
    teams_from: TeamsFrom,
) -> dict[str, Any]:
    """Raises SettingsError if an address is needed and isn't there."""
    if not public_url and not socket_mode:
        raise SettingsError([NO_ADDRESS])
    if not public_url and many_workspaces:
        raise SettingsError([NO_WAY_BACK])
    base = public_url.rstrip("/")
    to_us = None if socket_mode else f"{base}{EVENTS_PATH}"
    request_url = {"request_url": to_us} if to_us else {}
    return {
        "display_information": {
            "name": texts.say("slack_app.name"),
            "description": texts.say("slack_app.description"),
            "long_description": texts.say("slack_app.about"),
        },
        "features": _features(texts, to_us),
        "oauth_config": {
            **({"redirect_urls": [f"{base}{REDIRECT_PATH}"]} if many_workspaces else {}),
            "scopes": {"bot": scopes(teams_from)},
        },
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            # A fixed token in the settings can't be renewed; one that was installed can.
            "token_rotation_enabled": many_workspaces,
        },
    }


def _features(texts: Texts, to_us: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": texts.say("slack_app.name"), "always_online": True},
        "shortcuts": [
            {
                "name": texts.say("resources.button"),
                "type": "global",
                "callback_id": TALK,
                "description": texts.say("slack_app.talk"),
            }
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                **({"url": to_us} if to_us else {}),
                "description": texts.say("slack_app.command"),
                "usage_hint": texts.say("slack_app.hint"),
                "should_escape": False,
            }
        ],
    }
