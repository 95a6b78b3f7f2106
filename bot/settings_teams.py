"""What doesn't go together in the settings for Teams. Never the values: some are secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def teams_problems(settings: Settings, *, is_on_loopback: bool) -> Iterator[str]:
    """`is_on_loopback`: whether the bot is reached from its own machine alone."""
    if settings.teams_allow_anonymous:
        yield from _anonymous_problems(settings, is_on_loopback=is_on_loopback)
    elif settings.microsoft_app_id:
        yield from _credential_problems(settings)
        yield from _tenant_problems(settings)
    elif settings.microsoft_app_password or settings.wellbeing_teams_certificate:
        yield "Teams needs MICROSOFT_APP_ID too: the id that the bot has in Azure."


def _anonymous_problems(settings: Settings, *, is_on_loopback: bool) -> Iterator[str]:
    if settings.microsoft_app_id:
        yield (
            "TEAMS_ALLOW_ANONYMOUS lets anybody be anybody, so it can't be used with "
            "MICROSOFT_APP_ID. Leave one out."
        )
    if not is_on_loopback:
        yield (
            f"HOST is {settings.host}, but with TEAMS_ALLOW_ANONYMOUS anybody may be anybody, so "
            "it stays on this machine. Set HOST=127.0.0.1, or leave TEAMS_ALLOW_ANONYMOUS out."
        )


def _credential_problems(settings: Settings) -> Iterator[str]:
    certificate, key = (
        settings.wellbeing_teams_certificate,
        settings.wellbeing_teams_certificate_key,
    )
    if settings.microsoft_app_password and certificate:
        yield (
            "MICROSOFT_APP_PASSWORD and WELLBEING_TEAMS_CERTIFICATE are two ways of the same: "
            "leave one out."
        )
    if not settings.microsoft_app_password and not certificate:
        yield (
            "MICROSOFT_APP_ID needs MICROSOFT_APP_PASSWORD too, the bot's client secret in Azure; "
            "or WELLBEING_TEAMS_CERTIFICATE and WELLBEING_TEAMS_CERTIFICATE_KEY."
        )
    if (certificate is None) != (key is None):
        yield (
            "WELLBEING_TEAMS_CERTIFICATE and WELLBEING_TEAMS_CERTIFICATE_KEY go together: set both."
        )


def _tenant_problems(settings: Settings) -> Iterator[str]:
    if settings.microsoft_app_type == "SingleTenant" and not settings.microsoft_app_tenant_id:
        yield (
            "A single-tenant bot needs MICROSOFT_APP_TENANT_ID too: the id of your organisation's "
            "tenant, which Azure shows beside the bot's."
        )
    elif not settings.teams_tenants:
        yield (
            "A multi-tenant bot needs WELLBEING_TEAMS_TENANTS: the ids of the tenants that it is "
            "for. People of others aren't heard."
        )
