"""Directories that one installation has to itself, for as long as it runs.

Whoever tallies destroys keys of rounds that its database doesn't have: right after a restore, and
the end of every open round of another installation that keeps its keys in the same place.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.errors import SettingsError
from bot.keyrings import keeps_wrapped_keys
from bot.settings import Settings


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold the directories of this installation. Raises SettingsError if another has one.

    On SQLite one process holds them. On PostgreSQL with keys in files, all that share them do, and
    they share them with no process on SQLite; what other PostgreSQL database they may belong to
    can't be told from here.
    """
    data, keys = settings.wellbeing_data, settings.keys_directory
    with ExitStack() as stack:
        if settings.uses_sqlite:
            taken = f"Another bot is running on {data}. Stop it, or set WELLBEING_DATA."
            stack.enter_context(_lock(data / "lock", "WELLBEING_DATA", fcntl.LOCK_EX, taken))
        if not keeps_wrapped_keys(settings):
            kind = fcntl.LOCK_EX if settings.uses_sqlite else fcntl.LOCK_SH
            taken = (
                f"Another bot keeps its keys in {keys}. Each needs a directory of its own, or they "
                "destroy each other's keys: stop the other, or set WELLBEING_KEYS."
            )
            stack.enter_context(_lock(keys / "keys.lock", "WELLBEING_KEYS", kind, taken))
        yield


@contextmanager
def _lock(file: Path, setting: str, kind: int, taken: str) -> Iterator[None]:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = file.open("w")
    except OSError as error:
        raise SettingsError(
            [f"{file.parent} can't be used: {error.strerror}. Look at {setting}."]
        ) from None
    with lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError([taken]) from None
        yield
