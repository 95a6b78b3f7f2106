"""The bot's settings, from the environment and a .env file; bad ones fail at start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.raising import MOST, out_of_bounds
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


# A rule of the gate; left out or empty, it stays as it is.
Raised = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value)]


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
    public_url: str = ""
    slack_bot_token: str = Field(default="", repr=False)
    slack_app_token: str = Field(default="", repr=False)
    slack_signing_secret: str = Field(default="", repr=False)
    slack_client_id: str = ""
    slack_client_secret: str = Field(default="", repr=False)
    slack_api_url: str = "https://slack.com/api/"
    microsoft_app_id: str = ""

    wellbeing_organisation: str = "Your organisation"
    wellbeing_prompts: Path = Path("prompts")
    wellbeing_data: Path = Path("var")
    wellbeing_keys: Path | None = None
    wellbeing_collecting_secret: str = Field(default="", repr=False)
    wellbeing_tallying_secret: str = Field(default="", repr=False)
    wellbeing_tallying_public: str = Field(default="", repr=False)
    wellbeing_playground: Literal["auto", "on", "off"] = "auto"
    wellbeing_secret_key: str = Field(default="", repr=False)
    wellbeing_teams_from: Literal["roster", "usergroups", "channels"] = "roster"
    wellbeing_region: str = "GB"
    wellbeing_slack_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 300
    wellbeing_tick_seconds: Annotated[float, Field(gt=0, le=60)] = 15
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
    def inbox_directory(self) -> Path:
        return self.wellbeing_data / "inbox"

    @property
    def keys_directory(self) -> Path:
        return self.wellbeing_keys or self.wellbeing_data / "keys"

    @property
    def has_platform(self) -> bool:
        """Whether a real chat platform is set up."""
        return bool(self.has_slack or self.microsoft_app_id)

    @property
    def has_slack(self) -> bool:
        """Whether there is a token for one workspace, or a way to install the app in many."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def has_playground(self) -> bool:
        """The playground is there when nothing else is, or when asked for."""
        if self.wellbeing_playground == "auto":
            return not self.has_platform
        return self.wellbeing_playground == "on"


def load_settings() -> Settings:
    """Raises SettingsError with one sentence for each setting that can't be used."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([_sentence(problem) for problem in error.errors()]) from None
    if settings.has_playground and settings.host.strip("[]") not in LOOPBACK:
        raise SettingsError([_NOT_LOOPBACK.format(host=settings.host)])
    if problems := out_of_bounds(settings.pulse_rules):
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
