"""Looks at everything of Slack's that can be wrong, and says what to do about it.

It sends nothing to anybody and changes nothing. No token, secret or address of a socket is ever in
what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.check_ups import clock_checks
from adapters.slack.asking import Answer, Asking
from adapters.slack.manifest import EVENTS_PATH, OPTIONAL, TeamsFrom, scopes
from adapters.slack.own_address import answers_at
from bot.domain.checks import Check
from bot.domain.membership import plain_name
from bot.ports import Clock

SIGNING_SECRET: Final = re.compile(r"[0-9a-f]{32}")

REINSTALL: Final = (
    "Take the manifest from 'wellbeing slack manifest' into the app's settings at Slack (App "
    "Manifest), and install the app again."
)
GONE: Final = frozenset({"account_inactive", "token_revoked", "team_access_not_granted"})
UNKNOWN: Final = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the settings say of Slack. `workspaces` are names, each with its token."""

    api_url: str
    public_url: str
    teams_from: TeamsFrom
    is_for_many: bool
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    workspaces: Mapping[str, str] = field(default_factory=dict, repr=False)
    channels_of_teams: Mapping[str, str] = field(default_factory=dict)

    @property
    def uses_socket_mode(self) -> bool:
        return bool(self.app_token)


async def examine(setup: Setup, clock: Clock) -> list[Check]:
    """Every check that can be made; what depends on a failed one is left out."""
    asking = Asking(setup.api_url)
    there = await asking.ask("api.test")
    checks = [_reachable(there, setup.api_url)]
    if not there.is_slacks:
        return checks
    checks += clock_checks(there.headers.get("date", ""), "Slack", clock)
    for name, token in setup.workspaces.items():
        checks += await _workspace(asking, setup, name, token)
    if setup.uses_socket_mode:
        checks.append(await _app_token(asking, setup.app_token))
    else:
        checks += await _requests(setup, clock)
    if setup.channels_of_teams and setup.workspaces:
        checks.append(await _channels(asking, setup))
    return checks


def _reachable(answer: Answer, api_url: str) -> Check:
    if answer.is_slacks:
        return Check("Slack's API", True, f"{api_url} answers.")
    return Check(
        "Slack's API",
        False,
        f"{api_url} can't be reached: {answer.code}.",
        "Let this machine reach it by HTTPS, or look at SLACK_API_URL.",
    )


# --- a workspace ---------------------------------------------------------------------------


async def _workspace(asking: Asking, setup: Setup, name: str, token: str) -> list[Check]:
    answer = await asking.ask("auth.test", token)
    if answer.is_ok:
        known_as = name or str(answer.data.get("team") or "the workspace")
        well = Check("Token", True, f"It is good, for {known_as}.")
        return [well, *_scopes(answer, setup, known_as)]
    return [_bad_token(answer, setup, name)]


def _bad_token(answer: Answer, setup: Setup, name: str) -> Check:
    which = f"The token for {name}" if setup.is_for_many else "SLACK_BOT_TOKEN"
    again = (
        f"Add the app again at {setup.public_url}/slack/install"
        if setup.is_for_many
        else "Install the app at Slack again, and copy the Bot User OAuth Token (OAuth & "
        "Permissions) into SLACK_BOT_TOKEN"
    )
    if answer.code in GONE:
        return Check(
            "Token", False, f"{which} is no longer good: the app was removed.", f"{again}."
        )
    if answer.code in UNKNOWN:
        return Check("Token", False, f"Slack doesn't know {_small(which)}.", f"{again}.")
    return Check("Token", False, f"{which} can't be used: {answer.code}.", f"{again}.")


def _small(which: str) -> str:
    return which[0].lower() + which[1:] if which.startswith("The ") else which


def _scopes(answer: Answer, setup: Setup, workspace: str) -> list[Check]:
    has = {
        scope for scope in re.split(r"[,\s]+", answer.headers.get("x-oauth-scopes", "")) if scope
    }
    needed = scopes(setup.teams_from)
    missing = [scope for scope in needed if scope not in has and scope not in OPTIONAL]
    without = [scope for scope in needed if scope not in has and scope in OPTIONAL]
    more = sorted(has - set(needed))
    checks = []
    if missing:
        checks.append(Check("Scopes", False, f"{workspace} lacks {_list(missing)}.", REINSTALL))
    if more:
        checks.append(
            Check(
                "Scopes",
                False,
                f"{workspace} gave more than the bot needs: {_list(more)}.",
                f"{REINSTALL} Slack takes scopes back only when the app is removed first.",
            )
        )
    if without:
        checks.append(
            Check("Scopes", True, f"{workspace} left out {_list(without)}, which may be left out.")
        )
    return checks or [Check("Scopes", True, f"{workspace} gave what the bot needs, and no more.")]


def _list(names: list[str]) -> str:
    return ", ".join(names)


# --- what comes in -------------------------------------------------------------------------


async def _app_token(asking: Asking, app_token: str) -> Check:
    answer = await asking.ask("apps.connections.open", app_token)
    if answer.is_ok:
        return Check("Socket Mode", True, "Slack opens connections for SLACK_APP_TOKEN.")
    return Check(
        "Socket Mode",
        False,
        f"Slack opens no connection for SLACK_APP_TOKEN: {answer.code}.",
        "Make an App-Level Token with the scope connections:write (Basic Information), and see "
        "that Socket Mode is switched on.",
    )


async def _requests(setup: Setup, clock: Clock) -> list[Check]:
    """Whether Slack's requests would reach the bot, and be known as Slack's."""
    if not SIGNING_SECRET.fullmatch(setup.signing_secret):
        return [
            Check(
                "Signing secret",
                False,
                "SLACK_SIGNING_SECRET doesn't look like one: they have 32 digits and letters a-f.",
                "Copy the Signing Secret from Basic Information at Slack.",
            )
        ]
    looks = Check("Signing secret", True, "SLACK_SIGNING_SECRET looks like one.")
    if not setup.public_url:
        return [
            looks,
            Check(
                "Address",
                False,
                "PUBLIC_URL isn't set, so it can't be checked whether Slack reaches the bot.",
                "Set PUBLIC_URL to the address that Slack has, without /slack/events.",
            ),
        ]
    address = f"{setup.public_url}{EVENTS_PATH}"
    return [looks, await answers_at(address, setup.signing_secret, clock)]


# --- channels ------------------------------------------------------------------------------


async def _channels(asking: Asking, setup: Setup) -> Check:
    """Whether the bot was invited to the channels that teams are to get their summaries in."""
    there: set[str] = set()
    for token in setup.workspaces.values():
        found, problem = await asking.channels(token)
        if problem:
            return Check("Channels", False, f"Slack didn't list them: {problem}.", REINSTALL)
        there |= found
    outside = [
        f"{team} ({channel})"
        for team, channel in sorted(setup.channels_of_teams.items())
        if channel not in there and plain_name(channel) not in there
    ]
    if not outside:
        return Check("Channels", True, "The bot is in the channel of every team that has one.")
    return Check(
        "Channels",
        False,
        f"The bot isn't in the channel of these teams: {_list(outside)}.",
        "Invite it there with /invite, or mend the channel in the roster.",
    )
