"""Keys of open rounds as files, for one machine.

A file of mode 0600 for each side, in a directory of mode 0700 that belongs in memory (`/dev/shm`,
or a tmpfs): what never was on a disk can't be recovered from one. A snapshot of a whole machine
that holds keys and inbox together would defeat the promise; `docs/privacy.md` says so.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import KeyringError
from bot.ports import CollectingKeys, TallyingKey

KEY_BYTES = 32
COLLECTING, TALLYING = ".collecting", ".tallying"


class FileKeyring:
    """Implements `bot.ports.Keyring`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def probe(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self._directory / "probe"
            _write(probe, b"probe")
            _shred(probe)
        except OSError as error:
            raise KeyringError(
                f"Keys can't be kept in {self._directory}: {error.strerror}. "
                "Set WELLBEING_KEYS to a directory that only the bot can read and write."
            ) from None
        if stat.S_IMODE(self._directory.stat().st_mode) & 0o077:
            raise KeyringError(
                f"Others on this machine can read {self._directory}. "
                f"Close it with: chmod 700 {self._directory}"
            )

    def create(self, round_id: str, collecting: CollectingKeys, tallying: TallyingKey) -> None:
        with _as_keyring_error("kept"):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._collecting(round_id), collecting.marker_key + collecting.public_key)
            _write(self._tallying(round_id), tallying.private_key)
            _sync_directory(self._directory)

    def collecting(self, round_id: str) -> CollectingKeys:
        both = _read(self._collecting(round_id), 2 * KEY_BYTES)
        return CollectingKeys(both[:KEY_BYTES], both[KEY_BYTES:])

    def tallying(self, round_id: str) -> TallyingKey:
        return TallyingKey(_read(self._tallying(round_id), KEY_BYTES))

    def destroy(self, round_id: str) -> None:
        with _as_keyring_error("destroyed"):
            _shred(self._collecting(round_id))
            _shred(self._tallying(round_id))
            if self._directory.exists():
                _sync_directory(self._directory)

    def rounds(self) -> frozenset[str]:
        if not self._directory.exists():
            return frozenset()
        files = self._directory.iterdir()
        return frozenset(path.stem for path in files if path.suffix in {COLLECTING, TALLYING})

    def _collecting(self, round_id: str) -> Path:
        return self._directory / f"{round_id}{COLLECTING}"

    def _tallying(self, round_id: str) -> Path:
        return self._directory / f"{round_id}{TALLYING}"


@contextmanager
def _as_keyring_error(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeyringError(f"a round's keys can't be {what}: {error.strerror}") from None


def _read(path: Path, length: int) -> bytes:
    try:
        content = path.read_bytes()
    except OSError:
        raise KeyringError("a round's key is gone") from None
    if len(content) != length:
        raise KeyringError("a round's key is damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _shred(path: Path) -> None:
    """Overwrite, then remove. In memory that is all; on a disk it is the best that can be done."""
    if not path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, bytes(path.stat().st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
