"""Why Microsoft's login gives the bot no token, and what to do about it.

It says so by a number, which it writes behind AADSTS; its sentences may quote what was sent, and
are never passed on. learn.microsoft.com/entra/identity-platform/reference-error-codes has them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.teams.tokens import code_of
from bot.domain.checks import Check

_MAKE_ANOTHER: Final = (
    "Make a new client secret in Azure (App registrations, the bot, Certificates & secrets), put "
    "its Value, which isn't its Secret ID, into MICROSOFT_APP_PASSWORD, and start the bot again."
)
_WHICH_APP: Final = (
    "Compare MICROSOFT_APP_ID, MICROSOFT_APP_TENANT_ID and MICROSOFT_APP_TYPE with the bot's "
    "configuration in Azure."
)
_WHICH_TENANT: Final = (
    "Copy the Directory (tenant) ID from Azure (App registrations, the bot) into "
    "MICROSOFT_APP_TENANT_ID."
)
_CERTIFICATE: Final = (
    "Upload the certificate of WELLBEING_TEAMS_CERTIFICATE in Azure (App registrations, the bot, "
    "Certificates & secrets), and see that WELLBEING_TEAMS_CERTIFICATE_KEY is its key."
)
_RENEW: Final = (
    "Make a new certificate with its key, upload it in Azure (App registrations, the bot, "
    "Certificates & secrets), and start the bot again."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    finding: str
    what_to_do: str


REFUSALS: Final[Mapping[int, Refusal]] = {
    7000215: Refusal("MICROSOFT_APP_PASSWORD isn't a secret of this bot's.", _MAKE_ANOTHER),
    7000222: Refusal("The secret in MICROSOFT_APP_PASSWORD has expired.", _MAKE_ANOTHER),
    700016: Refusal("Microsoft doesn't know this bot in this tenant.", _WHICH_APP),
    7000229: Refusal(
        "The bot is registered, but not present in this tenant.",
        f"Have an admin of the tenant make its enterprise application. {_WHICH_APP}",
    ),
    7000112: Refusal(
        "The bot has been disabled in Azure.",
        "Let users sign in again in Azure (Enterprise applications, the bot, Properties).",
    ),
    90002: Refusal("Microsoft doesn't know this tenant.", _WHICH_TENANT),
    900023: Refusal("MICROSOFT_APP_TENANT_ID isn't the id of a tenant.", _WHICH_TENANT),
    700027: Refusal("Microsoft doesn't take this certificate or its key.", _CERTIFICATE),
    1000502: Refusal("The certificate has expired, or isn't valid yet.", _RENEW),
    700024: Refusal(
        "What the certificate signed is too old or too new for Microsoft.",
        "Have this machine's clock set by NTP.",
    ),
    53003: Refusal(
        "A Conditional Access policy keeps the bot out.",
        "Let this machine's address in, in Entra's policies for workload identities.",
    ),
}


def refusal_check(answer: Mapping[str, Any]) -> Check:
    """What a refusal comes to; `answer` is Microsoft's."""
    number = _number(answer)
    known = REFUSALS.get(number)
    named = f"AADSTS{number}" if number else code_of(answer)
    if known is not None:
        return Check("Token", False, f"{known.finding[:-1]} ({named}).", known.what_to_do)
    return Check(
        "Token",
        False,
        f"Microsoft's login refuses the bot: {named}.",
        "Look it up at https://login.microsoftonline.com/error.",
    )


def _number(answer: Mapping[str, Any]) -> int:
    """The first that is said, or 0."""
    numbers = answer.get("error_codes")
    first = numbers[0] if isinstance(numbers, list) and numbers else 0
    return first if isinstance(first, int) else 0
