"""What `wellbeing keys` does: secrets for processes on several machines."""

from __future__ import annotations

from rich.console import Console

from adapters.keyring import FileTallyingKeyring
from bot.domain.wrapped_keys import Signing, new_secret
from bot.settings import Settings
from bot.store.database import Database
from bot.store.keyring_tables import drop_keys, rounds_with_keys
from bot.store.vault import new_vault_key


def print_new_secrets(out: Console) -> None:
    """Print a fresh set of lines for the environments. They are kept nowhere."""
    tallying = new_secret()
    lines = f"""\
# For web and worker apart, each with an environment of its own. Put each group where it says and
# nowhere else: no process may have both secrets. They are shown once; keep them as you keep
# passwords. Change them only while no pulse is open, with every process stopped.

# The environment of every web process:
WELLBEING_COLLECTING_SECRET={new_secret()}
WELLBEING_TALLYING_PUBLIC={Signing(tallying).public}

# The environment of every worker process:
WELLBEING_TALLYING_SECRET={tallying}"""
    out.print(lines, soft_wrap=True, markup=False)


def print_new_vault_key(out: Console) -> None:
    """Print a fresh key for the vault. It is kept nowhere."""
    lines = f"""\
# For the tokens of chat platforms, which are kept encrypted. The same in the environment of every
# process. It is shown once; keep it as you keep passwords, and apart from backups. To change it,
# put the new one in front of the old one, with a comma between them; the old one can go once every
# workspace's token was renewed or installed again.
WELLBEING_SECRET_KEY={new_vault_key()}"""
    out.print(lines, soft_wrap=True, markup=False)


async def forget_keys(settings: Settings, out: Console) -> None:
    """Destroy the keys of open rounds: these end unpublished. Raises KeyringError."""
    database = Database(settings.database_url)
    try:
        forgotten = await _forgotten(settings, database)
    finally:
        await database.close()
    for round_id in forgotten:
        out.print(f"The keys of {round_id} are destroyed.", markup=False)
    out.print(
        "What was answered can't be read any more. The round ends unpublished, and says so."
        if forgotten
        else "There are no keys: no pulse is open."
    )


async def _forgotten(settings: Settings, database: Database) -> list[str]:
    """The rounds whose keys are destroyed, wherever they were kept: in files, or in tables."""
    files = FileTallyingKeyring(settings.keys_directory)
    in_files = await files.rounds()
    for round_id in in_files:
        await files.destroy(round_id)
    in_tables = frozenset() if database.is_sqlite else await rounds_with_keys(database)
    for round_id in in_tables:
        await drop_keys(database, round_id)
    return sorted(in_files | in_tables)
