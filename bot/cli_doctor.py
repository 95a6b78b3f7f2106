"""What `wellbeing doctor` does: look at everything that can be wrong, and say what to mend.

It sends nothing, makes nothing and prints no secret. Where a token is about to expire, it is
renewed, as the bot itself would.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from adapters.content import PromptLibrary, load_library
from adapters.content.check import check_texts
from adapters.content.reviews import reviews
from adapters.mounts import is_in_memory
from bot import teams
from bot.app import SystemClock
from bot.domain.checks import Check
from bot.errors import ContentError, PlatformError, SettingsError, VaultError
from bot.keyrings import keeps_wrapped_keys
from bot.logs import configure_logging
from bot.settings import Settings
from bot.settings_checks import load_settings
from bot.store.database import Database
from bot.store.directory_syncs import synced
from bot.store.migrate import schemas
from bot.store.people import channels_not_found, named_channels, reached_in_chats
from bot.store.vault import TableVault


async def examine(out: Console) -> bool:
    """Print a line for each check, as they come; whether all is well."""
    is_well = True
    async for check in _checks():
        out.print(_line(check), soft_wrap=True, markup=False)
        is_well = is_well and check.is_well
    out.print("All is well." if is_well else "Something is to be mended: see 'not well' above.")
    return is_well


def _line(check: Check) -> str:
    word = "well    " if check.is_well else "not well"
    todo = f" {check.what_to_do}" if check.what_to_do else ""
    return f"{word}  {check.name}: {check.finding}{todo}"


async def _checks() -> AsyncIterator[Check]:
    try:
        settings = load_settings()
    except SettingsError as error:
        for problem in error.problems:
            yield Check("Settings", False, problem)
        return
    configure_logging(settings.log_level, settings.log_format)
    yield Check("Settings", True, "Each can be used, and they go together.")
    has_tables = False
    for check in await asyncio.to_thread(_database, settings):
        has_tables = has_tables or check.is_well
        yield check
    for check in _keys(settings):
        yield check
    for check in _texts(settings):
        yield check
    if settings.has_slack:
        for check in await _slack(settings, has_tables=has_tables):
            yield check
    if settings.has_teams:
        for check in await _teams(settings, has_tables=has_tables):
            yield check


# --- here ----------------------------------------------------------------------------------


def _database(settings: Settings) -> list[Check]:
    try:
        has, present = schemas(settings.database_url)
    except SettingsError as error:
        return [Check("Database", False, problem) for problem in error.problems]
    if has == present:
        return [Check("Database", True, "It can be reached, and has the present schema.")]
    if has is None:
        finding = "It has no tables yet."
    elif has < present:
        finding = f"Its schema is an older one ({has}; the present one is {present})."
    else:
        finding = f"Its schema ({has}) isn't known here: a newer version of the bot made it."
        return [Check("Database", False, finding, "Run that version, or a newer one.")]
    return [Check("Database", False, finding, "Start the bot, or: wellbeing db upgrade")]


def _keys(settings: Settings) -> list[Check]:
    if keeps_wrapped_keys(settings):
        return [Check("Keys", True, "Keys of open rounds are wrapped, in the database.")]
    directory = settings.keys_directory
    checks = [_in_memory(directory)]
    if directory.exists() and stat.S_IMODE(directory.stat().st_mode) & 0o077:
        checks.append(
            Check(
                "Keys",
                False,
                f"Others on this machine can read {directory}.",
                f"Close it: chmod 700 {directory}",
            )
        )
    return checks


def _in_memory(directory: Path) -> Check:
    where = f"Keys of open rounds are in {directory}"
    match is_in_memory(directory):
        case True:
            return Check("Keys", True, f"{where}, in memory.")
        case None:
            return Check("Keys", True, f"{where}; whether that is in memory can't be told here.")
        case _:
            return Check(
                "Keys",
                False,
                f"{where}, on a disk, and what was on a disk may be recovered.",
                "Set WELLBEING_KEYS=/dev/shm/wellbeing-keys-NAME, each installation its own.",
            )


def _texts(settings: Settings) -> list[Check]:
    try:
        library = load_library(settings.wellbeing_prompts, settings.wellbeing_resources)
    except ContentError as error:
        return [Check("Texts", False, problem) for problem in error.problems]
    texts = [Check("Texts", False, problem) for problem in check_texts(library)]
    return [*(texts or [Check("Texts", True, "Every text can be used.")]), *_reviews(library)]


def _reviews(library: PromptLibrary) -> list[Check]:
    """Phone numbers go out of date by themselves, and so do the words that people use."""
    today = datetime.now(UTC).date()
    due = [
        Check("Resources", not each.is_overdue(today), each.finding(today), each.request)
        for each in reviews(library)
        if each.is_overdue(today) or each.is_soon(today)
    ]
    return due or [Check("Resources", True, "No phone number is due for review within a month.")]


# --- Slack ---------------------------------------------------------------------------------


async def _slack(settings: Settings, *, has_tables: bool) -> list[Check]:
    # Seconds that nobody without Slack, and no `wellbeing --help`, should have to wait.
    from adapters.slack import doctor  # noqa: PLC0415

    checks: list[Check] = []
    workspaces: Mapping[str, str] = {"": settings.slack_bot_token}
    channels: Mapping[str, str] = {}
    if has_tables:
        async with _opened(settings) as database:
            channels = await _channels_of_teams(database)
            if settings.slack_client_id:
                workspaces, checks = await _installed(settings, database)
            checks = [*checks, *await _directories(database)]
    elif settings.slack_client_id:
        workspaces = {}
    setup = doctor.Setup(
        api_url=settings.slack_api_url,
        public_url=settings.public_url,
        teams_from=settings.wellbeing_teams_from,
        is_for_many=bool(settings.slack_client_id),
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        workspaces=workspaces,
        channels_of_teams=channels,
    )
    return [*checks, *await doctor.examine(setup, SystemClock())]


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


async def _channels_of_teams(database: Database) -> Mapping[str, str]:
    async with database.reading() as session:
        return await named_channels(session)


async def _directories(database: Database) -> list[Check]:
    """What was wrong when the bot last read who is there."""
    checks: list[Check] = []
    async with database.reading() as session:
        for sync in await synced(session):
            if sync.tries > 1:
                tried = f"{sync.workspace_id} couldn't be read, and was tried {sync.tries} times."
                checks.append(Check("Directory", False, tried))
            checks += [Check("Directory", False, problem) for problem in sync.problems]
            if sync.read_at is not None and not sync.problems:
                read = f"{sync.workspace_id} was read at {sync.read_at:%Y-%m-%d %H:%M} UTC."
                checks.append(Check("Directory", True, read))
    return checks


async def _installed(
    settings: Settings, database: Database
) -> tuple[Mapping[str, str], list[Check]]:
    """The workspaces that the app is installed in, each with its token, and what is wrong."""
    from adapters.slack.exchange import Exchange  # noqa: PLC0415
    from adapters.slack.installations import VaultInstallations  # noqa: PLC0415
    from adapters.slack.tokens import InstalledTokens  # noqa: PLC0415

    clock = SystemClock()
    installations = VaultInstallations(TableVault(database, settings.secret_keys))
    exchange = Exchange(
        settings.slack_client_id, settings.slack_client_secret, settings.slack_api_url
    )
    tokens = InstalledTokens(installations, exchange, clock)
    found: dict[str, str] = {}
    checks: list[Check] = []
    again = f"Add the app again at {settings.public_url}/slack/install."
    for team_id in await installations.team_ids():
        try:
            found[team_id] = await tokens.token(team_id)
        except VaultError as error:
            checks.append(Check("Token", False, str(error), again))
        except PlatformError as error:
            checks.append(Check("Token", False, f"The token for {team_id}: {error}.", again))
    if not found and not checks:
        checks.append(
            Check(
                "Workspaces",
                False,
                "The app isn't installed anywhere yet.",
                f"Open {settings.public_url}/slack/install.",
            )
        )
    return found, checks


# --- Teams ---------------------------------------------------------------------------------


async def _teams(settings: Settings, *, has_tables: bool) -> list[Check]:
    from adapters.slack.ids import SLACK  # noqa: PLC0415 - as above
    from adapters.teams import doctor  # noqa: PLC0415
    from adapters.teams.ids import TEAMS  # noqa: PLC0415

    try:
        access = teams.access_of(settings)
    except SettingsError as error:
        return [Check("Certificate", False, problem) for problem in error.problems]
    checks = await doctor.examine(access, SystemClock())
    if has_tables:
        async with _opened(settings) as database, database.reading() as session:
            reached, everybody = await reached_in_chats(session, TEAMS)
            platforms = {TEAMS, SLACK} if settings.has_slack else {TEAMS}
            lost = await channels_not_found(session, platforms)
        checks += [*_who_has_the_app(reached, everybody), *_lost_channels(lost)]
    return checks


def _who_has_the_app(reached: int, everybody: int) -> list[Check]:
    """None for an empty roster."""
    if not everybody:
        return []
    finding = f"{reached} of {everybody} people of the roster have the app, and can be written to."
    if reached == everybody:
        return [Check("App", True, finding)]
    todo = (
        "Have it installed for everybody by a setup policy in the Teams admin center. Who has it "
        "already and isn't counted has another address on the roster than in Teams."
    )
    return [Check("App", reached > 0, finding, todo)]


def _lost_channels(lost: Mapping[str, str]) -> list[Check]:
    if not lost:
        return []
    named = ", ".join(f"{team} ({channel})" for team, channel in sorted(lost.items()))
    return [
        Check(
            "Channels",
            False,
            f"The bot hasn't found the channel of these teams: {named}.",
            "Add the app to the team in Teams, or mend the channel in the roster: 'Team' is a "
            "team's first channel, 'Team / Channel' another one.",
        )
    ]
