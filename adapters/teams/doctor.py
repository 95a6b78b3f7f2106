"""Looks at everything of Microsoft's that can be wrong, and says what to do about it.

It sends nothing to anybody and changes nothing. No token or secret is ever in what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from cryptography import x509

from adapters.check_ups import clock_checks, nothing_there, something_else_there
from adapters.teams.adapter import TEAMS_CHANNEL
from adapters.teams.endpoint import MESSAGES
from adapters.teams.login_refusals import refusal_check
from adapters.teams.platform import Access
from adapters.teams.tokens import check, token_request, token_url
from bot.domain.checks import Check
from bot.errors import SettingsError
from bot.ports import Clock

WITHIN: Final = aiohttp.ClientTimeout(total=10)
# When to be told that a certificate ends.
SOON: Final = timedelta(days=30)
NEW_CERTIFICATE: Final = (
    "Make a new one, upload it in Azure (App registrations, the bot, Certificates & secrets), set "
    "both files, and start the bot again."
)
# That somebody types: whoever takes it does nothing about it.
UNSIGNED: Final = {
    "type": "typing",
    "channelId": TEAMS_CHANNEL,
    "serviceUrl": "https://wellbeing.invalid",
    "from": {"id": "doctor"},
    "conversation": {"id": "doctor"},
}
LET_OUT: Final = "Let this machine reach it by HTTPS"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `problem` is what went wrong on the way, or "" if it is an answer at all."""

    problem: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    date: str = ""


async def examine(access: Access, clock: Clock) -> list[Check]:
    """Every check that can be made; what depends on a failed one is left out."""
    if access.is_anonymous:
        return [
            Check(
                "Teams",
                True,
                "With TEAMS_ALLOW_ANONYMOUS anybody may be anybody here, and Microsoft isn't asked "
                "for anything: good for trying things out, and for nothing else.",
            )
        ]
    async with aiohttp.ClientSession(timeout=WITHIN) as session:
        return [
            *await _token(session, access, clock),
            await _keys(session, access.openid_url),
            await _address(session, access.public_url),
        ]


# --- the bot's own token -------------------------------------------------------------------


async def _token(session: aiohttp.ClientSession, access: Access, clock: Clock) -> list[Check]:
    checks = _certificate(access, clock)
    if any(not each.is_well for each in checks):
        return checks
    url = token_url(access.login_url, access.credentials)
    form = token_request(access.credentials, url, clock)
    answer = await _asked(session, "POST", url, data=form)
    if answer.problem:
        finding = f"{access.login_url} can't be reached: {answer.problem}."
        todo = f"{LET_OUT}, or look at WELLBEING_TEAMS_LOGIN_URL."
        return [*checks, Check("Microsoft's login", False, finding, todo)]
    checks.append(Check("Microsoft's login", True, f"{access.login_url} answers."))
    checks += clock_checks(answer.date, "Microsoft", clock)
    if isinstance(answer.data.get("access_token"), str):
        return [*checks, Check("Token", True, "Microsoft gives the bot one.")]
    return [*checks, refusal_check(answer.data)]


def _certificate(access: Access, clock: Clock) -> list[Check]:
    """None if the bot has a secret in place of one."""
    credentials = access.credentials
    if not credentials.certificate:
        return []
    try:
        check(credentials, clock)
    except SettingsError as error:
        return [Check("Certificate", False, str(error), NEW_CERTIFICATE)]
    certificate = x509.load_pem_x509_certificate(credentials.certificate.encode())
    ends = certificate.not_valid_after_utc
    if ends <= clock.now():
        return [Check("Certificate", False, f"It expired on {ends:%Y-%m-%d}.", NEW_CERTIFICATE)]
    todo = NEW_CERTIFICATE if ends - clock.now() <= SOON else ""
    return [Check("Certificate", True, f"It holds until {ends:%Y-%m-%d}.", todo)]


# --- what comes in -------------------------------------------------------------------------


async def _keys(session: aiohttp.ClientSession, openid_url: str) -> Check:
    """Whether the keys can be had that Teams signs with: without any, nobody is heard."""
    metadata = await _asked(session, "GET", openid_url)
    address = str(metadata.data.get("jwks_uri") or openid_url)
    answer = metadata if metadata.problem else await _asked(session, "GET", address)
    if answer.problem:
        return Check(
            "Microsoft's keys",
            False,
            f"{address} can't be reached: {answer.problem}.",
            f"{LET_OUT}, or look at WELLBEING_TEAMS_OPENID_URL.",
        )
    keys = answer.data.get("keys")
    if not any(_is_for_teams(key) for key in (keys if isinstance(keys, list) else [])):
        return Check(
            "Microsoft's keys",
            False,
            f"{address} answers, and has no key that is for Teams.",
            "Look at WELLBEING_TEAMS_OPENID_URL; leave it out if it isn't for another cloud.",
        )
    return Check("Microsoft's keys", True, f"{address} has keys that are for Teams.")


def _is_for_teams(key: object) -> bool:
    return isinstance(key, dict) and TEAMS_CHANNEL in (key.get("endorsements") or ())


async def _address(session: aiohttp.ClientSession, public_url: str) -> Check:
    """Whether the bot is where Teams looks for it, and refuses what isn't signed by Microsoft."""
    if not public_url:
        return Check(
            "Address",
            False,
            "PUBLIC_URL isn't set, so it can't be checked whether Teams reaches the bot.",
            f"Set PUBLIC_URL to the messaging endpoint in Azure, without {MESSAGES}.",
        )
    address = f"{public_url}{MESSAGES}"
    try:
        async with session.post(address, json=UNSIGNED, allow_redirects=False) as response:
            status = response.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return nothing_there(address, "Microsoft", error)
    if status == HTTPStatus.UNAUTHORIZED:
        finding = f"{address} refuses what isn't signed by Microsoft, as the bot does."
        return Check("Address", True, finding)
    if status == HTTPStatus.OK:
        return Check(
            "Address",
            False,
            f"{address} takes what isn't signed by Microsoft.",
            "See what answers there: it isn't this bot, or runs with TEAMS_ALLOW_ANONYMOUS.",
        )
    return something_else_there(address, status)


async def _asked(
    session: aiohttp.ClientSession, method: str, url: str, data: Mapping[str, str] | None = None
) -> Answer:
    try:
        async with session.request(method, url, data=data) as response:
            found = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Answer(type(error).__name__)
    except ValueError:
        return Answer(f"something else answers, with status {response.status}")
    if not isinstance(found, dict):
        return Answer(f"something else answers, with status {response.status}")
    return Answer("", found, response.headers.get("Date", ""))
