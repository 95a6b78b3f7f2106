"""Which keys a process has: those of its own sides, and where they are kept.

With SQLite, and with PostgreSQL on one machine, they are files. With the secrets of the sides set,
they are wrapped, in the database; then no process may have the secret of a side that isn't its own.
"""

from __future__ import annotations

from enum import Flag, auto

from adapters.keyring import FileCollectingKeyring, FileTallyingKeyring
from bot.domain.wrapped_keys import Signing, Verifying, Wrapping
from bot.errors import SettingsError
from bot.ports import CollectingKeyring, TallyingKeyring
from bot.settings import Settings
from bot.store.database import Database
from bot.store.keyring_tables import TableCollectingKeyring, TableTallyingKeyring
from bot.usecases.one_side import CollectsNothing, TalliesNothing


class Sides(Flag):
    """What a process may do with answers: mark and seal them, or open and count them."""

    NEITHER = 0
    COLLECTS = auto()
    TALLIES = auto()
    BOTH = COLLECTS | TALLIES


def keyrings(
    settings: Settings, database: Database, sides: Sides
) -> tuple[CollectingKeyring, TallyingKeyring]:
    """The keys of these sides, and nothing in place of those of the others.

    Raises SettingsError if a secret is missing, can't be one, or is in a wrong place.
    """
    if sides is Sides.NEITHER:
        return CollectsNothing(), TalliesNothing()
    if not keeps_wrapped_keys(settings):
        directory = settings.keys_directory
        return (
            FileCollectingKeyring(directory) if Sides.COLLECTS in sides else CollectsNothing(),
            FileTallyingKeyring(directory) if Sides.TALLIES in sides else TalliesNothing(),
        )
    _check_places(settings, sides)
    return (
        _table_collecting(settings, database) if Sides.COLLECTS in sides else CollectsNothing(),
        _table_tallying(settings, database) if Sides.TALLIES in sides else TalliesNothing(),
    )


def keeps_wrapped_keys(settings: Settings) -> bool:
    """Whether keys are wrapped in the database rather than files."""
    return not settings.uses_sqlite and bool(
        settings.wellbeing_collecting_secret
        or settings.wellbeing_tallying_secret
        or settings.wellbeing_tallying_public
    )


def _check_places(settings: Settings, sides: Sides) -> None:
    needed = {
        "WELLBEING_COLLECTING_SECRET": (settings.wellbeing_collecting_secret, Sides.COLLECTS),
        "WELLBEING_TALLYING_PUBLIC": (settings.wellbeing_tallying_public, Sides.COLLECTS),
        "WELLBEING_TALLYING_SECRET": (settings.wellbeing_tallying_secret, Sides.TALLIES),
    }
    problems = [
        f"{name} is missing, and keys on several machines need it. Make the lines for each "
        "process with: wellbeing keys new"
        for name, (value, side) in needed.items()
        if side in sides and not value
    ]
    problems += [
        f"{name} doesn't belong here: with it, this process could do the other side's work. "
        "Take it out of this process's environment."
        for name, (value, side) in needed.items()
        if side not in sides and value and name.endswith("_SECRET")
    ]
    if problems:
        raise SettingsError(problems)


def _table_collecting(settings: Settings, database: Database) -> CollectingKeyring:
    try:
        wrapping = Wrapping("collecting", settings.wellbeing_collecting_secret)
    except ValueError as error:
        raise _not_one("WELLBEING_COLLECTING_SECRET", error) from None
    try:
        verifying = Verifying(settings.wellbeing_tallying_public)
    except ValueError as error:
        raise _not_one("WELLBEING_TALLYING_PUBLIC", error) from None
    return TableCollectingKeyring(database, wrapping, verifying)


def _table_tallying(settings: Settings, database: Database) -> TallyingKeyring:
    secret = settings.wellbeing_tallying_secret
    try:
        wrapping, signing = Wrapping("tallying", secret), Signing(secret)
    except ValueError as error:
        raise _not_one("WELLBEING_TALLYING_SECRET", error) from None
    if settings.wellbeing_tallying_public not in {"", signing.public}:
        raise SettingsError([_NOT_A_PAIR])
    return TableTallyingKeyring(database, wrapping, signing)


_NOT_A_PAIR = (
    "WELLBEING_TALLYING_PUBLIC isn't the one that belongs to this WELLBEING_TALLYING_SECRET. "
    "Take both from one run of: wellbeing keys new"
)


def _not_one(name: str, error: ValueError) -> SettingsError:
    return SettingsError([f"{name} can't be used: {error}."])
