"""The bot's settings, from the environment and a .env file; bad ones fail at start."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.comments import CommentRules
from bot.domain.raising import MOST
from bot.domain.volunteering import CAPS, SupportRules
from bot.errors import SettingsError

# The names under which a browser reaches its own machine.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


LIKE = "write it like sqlite:///var/wellbeing.db or postgresql://user:password@host/database"
POSTGRES = frozenset({"postgres", "postgresql"})


def _can_be_read(url: str) -> str:
    """Check an address, and never show it: it may hold a password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(LIKE) from None
    if address.drivername in POSTGRES and address.database:
        return address.set(drivername="postgresql").render_as_string(hide_password=False)
    path = url.removeprefix("sqlite:///")
    if path in {url, "", ":memory:"}:
        raise ValueError(LIKE)
    return url


def _reached_safely(url: str) -> str:
    """Check an address that secrets go to, or come from."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise ValueError("write it like https://wellbeing.example.org") from None
    if not host or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("write it like https://wellbeing.example.org")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError("it has to begin with https://, or secrets could be read on the way")
    return url


def _our_address(url: str) -> str:
    return _reached_safely(url).rstrip("/") if url else ""


def our_address(url: str) -> str:
    """An address of ours that somebody typed. Raises SettingsError."""
    try:
        return _our_address(url)
    except ValueError as error:
        raise SettingsError([f"--public-url can't be used: {error}."]) from None


def _their_address(url: str) -> str:
    return f"{_reached_safely(url).rstrip('/')}/"


def _link(url: str) -> str:
    """Check a link that people press: it goes into messages as it is."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_one = False
    if url and (not is_one or any(each.isspace() for each in url)):
        raise ValueError("write it like https://example.slack.com/archives/C024BE7LR")
    return url


def _keys(written: str) -> str:
    """Check the keys of the vault: 32 bytes each, in Base64."""
    for key in written.replace(",", " ").split():
        try:
            raw = base64.b64decode(key, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != _KEY_BYTES:
            raise ValueError(
                "it isn't one or more keys as the bot makes them. "
                "Make one with: wellbeing keys vault"
            )
    return written


_KEY_BYTES = 32


def _guids(written: str) -> str:
    """Ids of Microsoft's, written as it writes them: what it sends is compared with them."""
    try:
        return " ".join(str(UUID(each)) for each in written.replace(",", " ").split())
    except ValueError:
        raise ValueError(
            "it isn't an id as Azure shows them, such as 0b1f7c8e-52a3-4f41-8f0a-6f1a2d3c4b5a"
        ) from None


# A rule of the gate; left out or empty, it stays as it is.
Raised = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value)]
# A file that needn't be there: empty says so too.
LeftOut = Annotated[Path | None, BeforeValidator(lambda value: None if value == "" else value)]


class Settings(BaseSettings):
    """Every setting, with its default. Names are those of the environment, in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_can_be_read)] = Field(
        default="sqlite:///var/wellbeing.db", repr=False
    )
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    public_url: Annotated[str, AfterValidator(_our_address)] = ""
    slack_bot_token: str = Field(default="", repr=False)
    slack_app_token: str = Field(default="", repr=False)
    slack_signing_secret: str = Field(default="", repr=False)
    slack_client_id: str = ""
    slack_client_secret: str = Field(default="", repr=False)
    slack_api_url: Annotated[str, AfterValidator(_their_address)] = "https://slack.com/api/"
    microsoft_app_id: Annotated[str, AfterValidator(_guids)] = ""
    microsoft_app_password: str = Field(default="", repr=False)
    microsoft_app_type: Literal["SingleTenant", "MultiTenant"] = "SingleTenant"
    microsoft_app_tenant_id: Annotated[str, AfterValidator(_guids)] = ""
    teams_allow_anonymous: bool = False

    wellbeing_organisation: str = "Your organisation"
    wellbeing_prompts: Path = Path("prompts")
    wellbeing_resources: LeftOut = None
    wellbeing_data: Path = Path("var")
    wellbeing_keys: Path | None = None
    wellbeing_collecting_secret: str = Field(default="", repr=False)
    wellbeing_tallying_secret: str = Field(default="", repr=False)
    wellbeing_tallying_public: str = Field(default="", repr=False)
    wellbeing_playground: Literal["auto", "on", "off"] = "auto"
    wellbeing_secret_key: Annotated[str, AfterValidator(_keys)] = Field(default="", repr=False)
    wellbeing_teams_from: Literal["roster", "usergroups", "channels"] = "roster"
    wellbeing_region: str = "GB"
    wellbeing_slack_workspaces: str = ""
    wellbeing_slack_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 300
    wellbeing_teams_tenants: Annotated[str, AfterValidator(_guids)] = ""
    wellbeing_teams_certificate: Path | None = None
    wellbeing_teams_certificate_key: Path | None = None
    wellbeing_teams_unknown: Literal["miss", "repeat"] = "miss"
    wellbeing_teams_login_url: Annotated[str, AfterValidator(_their_address)] = (
        "https://login.microsoftonline.com/"
    )
    wellbeing_teams_openid_url: Annotated[str, AfterValidator(_reached_safely)] = (
        "https://login.botframework.com/v1/.well-known/openidconfiguration"
    )
    wellbeing_tick_seconds: Annotated[float, Field(gt=0, le=60)] = 15
    wellbeing_support_new_a_week: Annotated[int, Field(ge=1, le=20)] = SupportRules().new_a_week
    wellbeing_support_most_open: Annotated[int, Field(ge=1, le=max(CAPS))] = (
        SupportRules().most_open
    )
    wellbeing_support_reveal: Literal["on", "off"] = "off"
    wellbeing_warriors_channel: Annotated[str, AfterValidator(_link)] = ""
    wellbeing_pulse_comments: Literal["on", "off"] = "off"
    wellbeing_pulse_answers: Raised = None
    wellbeing_pulse_counted: Raised = None
    wellbeing_pulse_horizon_weeks: Raised = None
    wellbeing_pulse_insiders: Raised = None
    wellbeing_pulse_spacing_weeks: Raised = None

    @property
    def uses_sqlite(self) -> bool:
        """On SQLite one process does everything; on PostgreSQL there may be many."""
        return self.database_url.startswith("sqlite:")

    @property
    def pulse_rules(self) -> dict[str, int]:
        """The rules of the gate that are set: see `bot.domain.raising`."""
        given = {name: getattr(self, f"wellbeing_pulse_{name}") for name in MOST}
        return {name: number for name, number in given.items() if number is not None}

    @property
    def support_rules(self) -> SupportRules:
        return SupportRules(
            new_a_week=self.wellbeing_support_new_a_week,
            most_open=self.wellbeing_support_most_open,
            channel=self.wellbeing_warriors_channel,
            reveal=self.wellbeing_support_reveal == "on",
        )

    @property
    def comment_rules(self) -> CommentRules:
        return CommentRules(is_on=self.wellbeing_pulse_comments == "on")

    @property
    def inbox_directory(self) -> Path:
        return self.wellbeing_data / "inbox"

    @property
    def keys_directory(self) -> Path:
        return self.wellbeing_keys or self.wellbeing_data / "keys"

    @property
    def has_platform(self) -> bool:
        """Whether a real chat platform is set up."""
        return self.has_slack or self.has_teams

    @property
    def has_slack(self) -> bool:
        """Whether there is a token for one workspace, or a way to install the app in many."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def has_teams(self) -> bool:
        """Whether the bot is registered with Microsoft, or its playground may be used."""
        return bool(self.microsoft_app_id or self.teams_allow_anonymous)

    @property
    def teams_tenants(self) -> Sequence[str]:
        """The ids of the Microsoft 365 tenants that the bot is for."""
        named = f"{self.microsoft_app_tenant_id} {self.wellbeing_teams_tenants}"
        return list(dict.fromkeys(named.replace(",", " ").split()))

    @property
    def secret_keys(self) -> Sequence[str]:
        """The keys of the vault: the first encrypts, all of them decrypt."""
        return self.wellbeing_secret_key.replace(",", " ").split()

    @property
    def slack_workspaces(self) -> Sequence[str]:
        """The ids at Slack of the workspaces that the app may be installed in."""
        return self.wellbeing_slack_workspaces.replace(",", " ").split()

    @property
    def has_playground(self) -> bool:
        """The playground is there when nothing else is, or when asked for."""
        if self.wellbeing_playground == "auto":
            return not self.has_platform
        return self.wellbeing_playground == "on"
