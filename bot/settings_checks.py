"""Reading the settings: what can't be used, or doesn't go together, is said at start.

Never the values: most of them are secrets.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.raising import out_of_bounds
from bot.errors import SettingsError
from bot.settings import LOOPBACK, Settings


def load_settings() -> Settings:
    """Raises SettingsError with one sentence for each setting that can't be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([_sentence(problem) for problem in error.errors()]) from None
    is_on_loopback = settings.host.strip("[]") in LOOPBACK
    if settings.has_playground and not is_on_loopback:
        raise SettingsError([_NOT_LOOPBACK.format(host=settings.host)])
    if problems := [
        *_slack_problems(settings),
        *_teams_problems(settings, is_on_loopback=is_on_loopback),
        *out_of_bounds(settings.pulse_rules),
    ]:
        raise SettingsError(problems)
    return settings


_NOT_LOOPBACK = (
    "HOST is {host}, but in the playground anybody may be anybody, so it stays on this machine. "
    "Set HOST=127.0.0.1, or WELLBEING_PLAYGROUND=off."
)


def _sentence(problem: ErrorDetails) -> str:
    """One problem of pydantic's as one sentence, without the value: it may be a secret."""
    name = str(problem["loc"][0]).upper()
    return f"{name} can't be used: {str(problem['msg']).removeprefix('Value error, ')}."


# --- Slack ---------------------------------------------------------------------------------


def _slack_problems(settings: Settings) -> Iterator[str]:
    """What doesn't go together."""
    yield from _wrong_tokens(settings)
    if settings.slack_bot_token and settings.slack_client_id:
        yield (
            "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: leave one out. "
            "With both, nobody knows which token is meant."
        )
    if not settings.has_slack:
        for name in ("slack_app_token", "slack_signing_secret", "slack_client_secret"):
            if getattr(settings, name):
                yield (
                    f"{name.upper()} is set, and nothing to use it with: set SLACK_BOT_TOKEN for "
                    "one workspace, or SLACK_CLIENT_ID for many."
                )
        return
    if not settings.slack_app_token and not settings.slack_signing_secret:
        yield (
            "Slack's requests can't be told from anybody else's: set SLACK_SIGNING_SECRET, or "
            "SLACK_APP_TOKEN for Socket Mode."
        )
    if settings.slack_client_id:
        yield from _missing_for_many(settings)


def _wrong_tokens(settings: Settings) -> Iterator[str]:
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot.startswith("xoxe"):
        yield (
            "SLACK_BOT_TOKEN can't be used: it is one that expires within hours. Create the app "
            "without token rotation, or let it be installed with SLACK_CLIENT_ID."
        )
    elif bot and not bot.startswith("xoxb-"):
        yield (
            "SLACK_BOT_TOKEN can't be used: it has to begin with xoxb-. At Slack it is called Bot "
            "User OAuth Token, under OAuth & Permissions."
        )
    if app and not app.startswith("xapp-"):
        yield (
            "SLACK_APP_TOKEN can't be used: it has to begin with xapp-. At Slack it is an "
            "App-Level Token, under Basic Information."
        )


def _missing_for_many(settings: Settings) -> Iterator[str]:
    reasons = {
        "slack_client_secret": "it is beside the client id at Slack, under Basic Information",
        "public_url": "browsers come back there from Slack, such as https://wellbeing.example.org",
        "wellbeing_secret_key": "tokens are kept encrypted with it; wellbeing keys vault makes one",
        "wellbeing_slack_workspaces": "the workspaces that may install the app, such as "
        "T024BE7LD,T024BE7LE; Slack's web address has the id of the one that is open",
    }
    for name, reason in reasons.items():
        if not getattr(settings, name):
            yield f"SLACK_CLIENT_ID needs {name.upper()} too: {reason}."


# --- Teams ---------------------------------------------------------------------------------


def _teams_problems(settings: Settings, *, is_on_loopback: bool) -> Iterator[str]:
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
