"""What somebody typed, as they see it: Slack sends it with markup and escapes of its own.

Bold and the like are left as they were typed. Nobody is looked up: a mention is a name if Slack
sends one with it.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.slack.ids import workspace_of
from adapters.slack.incoming import Line as Told
from bot.ports import AccountId, Line

# `<` and `>` that somebody typed are escaped, so these are always Slack's.
_MARKUP: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SCHEME: Final = re.compile(r"^(?:https?://|mailto:|tel:)")


def line_of(told: Told, somebody: str) -> Line:
    """The line that Slack tells of. `somebody` stands for who is mentioned without a name."""
    event = told.event
    who = AccountId(workspace_of(told.team_id), event.user)
    return Line(who, _as_seen(event.text, somebody), event.thread, has_files=event.has_files)


def _as_seen(text: str, somebody: str) -> str:
    words = _MARKUP.sub(lambda found: _words(found[1], found[2] or "", somebody), text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _words(target: str, label: str, somebody: str) -> str:
    kind, name = target[:1], label.removeprefix("@").removeprefix("#")
    if kind == "@":
        return f"@{name or somebody}"
    if kind == "#":
        return f"#{name or target[1:]}"
    if kind == "!":
        return _special(target[1:], label, somebody)
    return _link(target, label)


def _special(target: str, label: str, somebody: str) -> str:
    """A user group, a date, or everybody who is there."""
    command, *more = target.split("^")
    if command == "subteam":
        return label or f"@{somebody}"
    return label if more else f"@{command}"


def _link(url: str, label: str) -> str:
    """The label, and where it leads if that isn't what it says."""
    address = _SCHEME.sub("", url)
    if label in {"", url, address}:
        return label or url
    return f"{label} ({url})"
