"""Keys of open rounds as files, for one machine: a file for each side.

Files of mode 0600, in a directory of mode 0700 that belongs in memory (`/dev/shm`, or a tmpfs):
what never was on a disk can't be recovered from one. A snapshot of a whole machine that holds keys
and inbox together would defeat the promise; `docs/privacy.md` says so.

    <round>.tallying     private key
    <round>.collecting   public key | marker key, or EMPTY in its place | SHA-256 of round and both

The collecting side puts a marker key in the empty place under a lock of the directory, by renaming
a finished file over the one before. A file that is damaged is removed: without one, the tallying
side publishes nothing.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.domain.sealed_answer import new_key_pair, new_marker_key
from bot.errors import KeyringError, KeysGone
from bot.ports import CollectingKeys, TallyingKey

KEY_BYTES: Final = 32
PLACE_BYTES: Final = 3 * KEY_BYTES
COLLECTING, TALLYING, UNFINISHED = ".collecting", ".tallying", ".unfinished"
EMPTY: Final = b"no marker key yet".ljust(KEY_BYTES, b".")


class FileCollectingKeyring:
    """Implements `bot.ports.CollectingKeyring` in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def probe(self, round_ids: Collection[str]) -> None:
        await asyncio.to_thread(_probe, self._directory)
        for round_id in sorted(round_ids):
            with suppress(KeysGone):
                await self.collecting(round_id)

    async def collecting(self, round_id: str) -> CollectingKeys:
        return await asyncio.to_thread(self._collecting, round_id)

    def _collecting(self, round_id: str) -> CollectingKeys:
        path = self._directory / f"{round_id}{COLLECTING}"
        with _as_keyring_error("read"), _locked(self._directory):
            try:
                public_key, marker_key = _read_place(path, round_id)
            except KeysGone:
                _shred(path)
                raise
            if marker_key == EMPTY:
                marker_key = new_marker_key()
                _write(path, _place(round_id, public_key, marker_key))
        return CollectingKeys(marker_key, public_key)


class FileTallyingKeyring:
    """Implements `bot.ports.TallyingKeyring` in one directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def probe(self, round_ids: Collection[str]) -> None:
        await asyncio.to_thread(_probe, self._directory)
        for round_id in sorted(round_ids):
            with suppress(KeysGone):
                await self.tallying(round_id)

    async def create(self, round_id: str) -> None:
        await asyncio.to_thread(self._create, round_id)

    async def tallying(self, round_id: str) -> TallyingKey:
        return await asyncio.to_thread(self._tallying, round_id)

    async def is_collected(self, round_id: str) -> bool:
        return await asyncio.to_thread(self._is_collected, round_id)

    async def destroy(self, round_id: str) -> None:
        await asyncio.to_thread(self._destroy, round_id)

    async def rounds(self) -> frozenset[str]:
        return await asyncio.to_thread(self._rounds)

    def _create(self, round_id: str) -> None:
        public_key, private_key = new_key_pair()
        with _as_keyring_error("kept"):
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self._directory):
                _write(self._file(round_id, TALLYING), private_key)
                _write(self._file(round_id, COLLECTING), _place(round_id, public_key, EMPTY))

    def _tallying(self, round_id: str) -> TallyingKey:
        with _as_keyring_error("read"):
            private_key = _read(self._file(round_id, TALLYING), KEY_BYTES)
            _check_is_there(self._file(round_id, COLLECTING))
        return TallyingKey(private_key)

    def _is_collected(self, round_id: str) -> bool:
        with _as_keyring_error("read"):
            return not _is_empty(self._file(round_id, COLLECTING), round_id)

    def _destroy(self, round_id: str) -> None:
        if not self._directory.exists():
            return
        with _as_keyring_error("destroyed"), _locked(self._directory):
            for side in (COLLECTING, TALLYING):
                _shred(self._file(round_id, side))
                _shred(self._file(round_id, side + UNFINISHED))
            _sync(self._directory)

    def _rounds(self) -> frozenset[str]:
        if not self._directory.exists():
            return frozenset()
        names = (path.name.removesuffix(UNFINISHED) for path in self._directory.iterdir())
        return frozenset(
            name.removesuffix(side)
            for name in names
            for side in (COLLECTING, TALLYING)
            if name.endswith(side)
        )

    def _file(self, round_id: str, side: str) -> Path:
        return self._directory / f"{round_id}{side}"


# --- the directory -------------------------------------------------------------------------


def _probe(directory: Path) -> None:
    """Check that keys can be kept here, and by nobody else be read. Raises KeyringError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(directory):
            probe = directory / "probe"
            _write(probe, b"probe")
            _shred(probe)
    except OSError as error:
        raise KeyringError(
            f"Keys can't be kept in {directory}: {error.strerror}. "
            "Set WELLBEING_KEYS to a directory that only the bot can read and write."
        ) from None
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        raise KeyringError(
            f"Others on this machine can read {directory}. Close it with: chmod 700 {directory}"
        )


@contextmanager
def _as_keyring_error(what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise KeysGone("a round's keys are gone") from None
    except OSError as error:
        raise KeyringError(f"a round's keys can't be {what}: {error.strerror}") from None


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Have the directory's files to oneself, of all processes and threads."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# --- a file --------------------------------------------------------------------------------


def _place(round_id: str, public_key: bytes, marker_key: bytes) -> bytes:
    both = public_key + marker_key
    return both + sha256(both + round_id.encode()).digest()


def _read_place(path: Path, round_id: str) -> tuple[bytes, bytes]:
    """The public key, and the marker key or EMPTY. Raises KeysGone, also if it is damaged."""
    content = _read(path, PLACE_BYTES)
    public_key, marker_key = content[:KEY_BYTES], content[KEY_BYTES : 2 * KEY_BYTES]
    if content != _place(round_id, public_key, marker_key):
        raise KeysGone("a round's key is damaged")
    return public_key, marker_key


def _check_is_there(path: Path) -> None:
    """Check the other side's file without reading it. Raises KeysGone."""
    if path.stat().st_size != PLACE_BYTES:
        raise KeysGone("a round's marker key is damaged")


def _is_empty(path: Path, round_id: str) -> bool:
    """Whether there is no marker key in the place, by what is around it: the key isn't read."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        public_key = os.pread(descriptor, KEY_BYTES, 0)
        check = os.pread(descriptor, KEY_BYTES, 2 * KEY_BYTES)
    finally:
        os.close(descriptor)
    return check == _place(round_id, public_key, EMPTY)[2 * KEY_BYTES :]


def _read(path: Path, length: int) -> bytes:
    content = path.read_bytes()
    if len(content) != length:
        raise KeysGone("a round's key is damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    """Put a file in the place of the one before, whole, or not at all."""
    unfinished = path.with_name(path.name + UNFINISHED)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.rename(path)
    _sync(path.parent)


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


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
