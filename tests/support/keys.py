"""Keyrings of both sides for tests, in files or wrapped in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from adapters.keyring import FileCollectingKeyring, FileTallyingKeyring
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping, new_secret
from bot.ports import CollectingKeyring, TallyingKeyring
from bot.store.database import Database
from bot.store.keyring_tables import TableCollectingKeyring, TableTallyingKeyring

COLLECTING: Final = new_secret()
TALLYING: Final = new_secret()


def in_files(directory: Path) -> tuple[CollectingKeyring, TallyingKeyring]:
    return FileCollectingKeyring(directory), FileTallyingKeyring(directory)


def in_tables(database: Database) -> tuple[CollectingKeyring, TallyingKeyring]:
    signing = Signing(TALLYING)
    return (
        TableCollectingKeyring(
            database, Wrapping("collecting", COLLECTING), Verifying(signing.public)
        ),
        TableTallyingKeyring(database, Wrapping("tallying", TALLYING), signing),
    )
