from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from adapters.keyring import FileCollectingKeyring, FileTallyingKeyring
from bot.errors import KeyringError, KeysGone


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "run" / "keys"


@pytest.fixture
def web(directory: Path) -> FileCollectingKeyring:
    return FileCollectingKeyring(directory)


@pytest.fixture
def worker(directory: Path) -> FileTallyingKeyring:
    return FileTallyingKeyring(directory)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(directory: Path) -> dict[str, bytes]:
    """Name → content of every file."""
    return {file.name: file.read_bytes() for file in directory.iterdir()}


async def test_only_the_bot_can_read_keys_and_list_rounds(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    await web.collecting("r1")
    assert mode(directory) == 0o700
    assert {mode(directory / name) for name in files(directory)} == {0o600}


async def test_each_side_has_a_file_and_its_secret_is_in_no_other(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    marker_key = (await web.collecting("r1")).marker_key
    private_key = (await worker.tallying("r1")).private_key
    holding = {
        secret: [name for name, content in files(directory).items() if secret in content]
        for secret in (marker_key, private_key)
    }
    assert holding == {marker_key: ["r1.collecting"], private_key: ["r1.tallying"]}
    assert len(files(directory)) == 2


async def test_the_file_of_the_collecting_side_is_as_long_before_its_key_is_made(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    before = (directory / "r1.collecting").stat().st_size
    await web.collecting("r1")
    assert (directory / "r1.collecting").stat().st_size == before


# --- what is lost or damaged ---------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"s" * 31, b"s" * 33])
async def test_a_damaged_private_key_is_refused(
    worker: FileTallyingKeyring, directory: Path, content: bytes
) -> None:
    await worker.create("r1")
    (directory / "r1.tallying").write_bytes(content)
    with pytest.raises(KeysGone, match="damaged") as caught:
        await worker.tallying("r1")
    assert "sss" not in str(caught.value)


async def test_a_lost_marker_key_is_never_replaced_and_both_sides_know(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    await web.collecting("r1")
    (directory / "r1.collecting").unlink()
    for _ in range(2):
        with pytest.raises(KeysGone):
            await web.collecting("r1")
    with pytest.raises(KeysGone):
        await worker.tallying("r1")


@pytest.mark.parametrize("place", [0, 32, 63, 95])
async def test_a_marker_key_with_one_byte_changed_ends_the_round_for_both_sides(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path, place: int
) -> None:
    await worker.create("r1")
    await web.collecting("r1")
    changed = bytearray((directory / "r1.collecting").read_bytes())
    changed[place] ^= 1
    (directory / "r1.collecting").write_bytes(changed)
    with pytest.raises(KeysGone):
        await web.collecting("r1")
    with pytest.raises(KeysGone):
        await worker.tallying("r1")


@pytest.mark.parametrize("content", [b"", bytes(96), b"no marker key yet"])
async def test_a_place_that_was_emptied_is_damaged_rather_than_empty(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path, content: bytes
) -> None:
    await worker.create("r1")
    await web.collecting("r1")
    (directory / "r1.collecting").write_bytes(content)
    with pytest.raises(KeysGone):
        await web.collecting("r1")


async def test_the_file_of_another_round_is_no_place(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    await worker.create("r2")
    (directory / "r2.collecting").write_bytes((directory / "r1.collecting").read_bytes())
    with pytest.raises(KeysGone):
        await web.collecting("r2")


async def test_a_key_that_a_kill_has_left_half_written_is_not_used(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    (directory / "r1.collecting.unfinished").write_bytes(b"half")
    marker_key = (await web.collecting("r1")).marker_key
    assert (await web.collecting("r1")).marker_key == marker_key
    (directory / "r1.tallying.unfinished").write_bytes(b"half")
    assert await worker.rounds() == {"r1"}
    await worker.destroy("r1")
    assert files(directory) == {}


async def test_a_disk_that_fails_for_a_while_is_not_taken_for_a_lost_key(
    worker: FileTallyingKeyring, directory: Path
) -> None:
    await worker.create("r1")
    (directory / "r1.tallying").rename(directory / "kept")
    (directory / "r1.tallying").mkdir()  # it can't be read, and it isn't gone either
    with pytest.raises(KeyringError) as caught:
        await worker.tallying("r1")
    assert not isinstance(caught.value, KeysGone)


async def test_the_bytes_are_overwritten_before_a_file_is_removed(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path, tmp_path: Path
) -> None:
    await worker.create("r1")
    await web.collecting("r1")
    links = tmp_path / "links"
    links.mkdir()
    for name in files(directory):
        (links / name).hardlink_to(directory / name)
    await worker.destroy("r1")
    assert [set(content) for content in files(links).values()] == [{0}, {0}]


# --- the probe at start --------------------------------------------------------------------


async def test_the_probe_makes_a_closed_directory_and_leaves_nothing_in_it(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    await web.probe([])
    await worker.probe([])
    assert mode(directory) == 0o700
    assert files(directory) == {}


@pytest.mark.parametrize("open_mode", [0o755, 0o750, 0o701, 0o777])
def test_the_probe_refuses_a_directory_that_others_can_enter(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path, open_mode: int
) -> None:
    directory.mkdir(parents=True)
    directory.chmod(open_mode)
    for keyring in (web, worker):
        with pytest.raises(KeyringError, match=f"chmod 700 {directory}"):
            asyncio.run(keyring.probe([]))


def test_the_probe_refuses_a_file_in_the_place_of_the_directory(
    web: FileCollectingKeyring, worker: FileTallyingKeyring, directory: Path
) -> None:
    directory.parent.mkdir()
    directory.touch()
    for keyring in (web, worker):
        with pytest.raises(KeyringError, match="Set WELLBEING_KEYS to a directory"):
            asyncio.run(keyring.probe([]))
