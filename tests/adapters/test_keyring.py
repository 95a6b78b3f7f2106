from __future__ import annotations

import stat
from pathlib import Path

import pytest

from adapters.keyring import FileKeyring
from bot.errors import KeyringError
from bot.ports import CollectingKeys, TallyingKey

COLLECTING = CollectingKeys(marker_key=b"m" * 32, public_key=b"p" * 32)
TALLYING = TallyingKey(private_key=b"s" * 32)
OTHER_COLLECTING = CollectingKeys(marker_key=b"M" * 32, public_key=b"P" * 32)
OTHER_TALLYING = TallyingKey(private_key=b"S" * 32)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "run" / "keys"


@pytest.fixture
def keyring(directory: Path) -> FileKeyring:
    return FileKeyring(directory)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_each_side_gets_back_what_was_kept_for_it(keyring: FileKeyring) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    assert keyring.collecting("r1") == COLLECTING
    assert keyring.tallying("r1") == TALLYING


def test_each_round_has_its_own_keys(keyring: FileKeyring) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    keyring.create("r2", OTHER_COLLECTING, OTHER_TALLYING)
    assert (keyring.collecting("r1"), keyring.tallying("r1")) == (COLLECTING, TALLYING)
    assert (keyring.collecting("r2"), keyring.tallying("r2")) == (OTHER_COLLECTING, OTHER_TALLYING)


def test_keys_are_there_after_a_restart(keyring: FileKeyring, directory: Path) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    assert FileKeyring(directory).tallying("r1") == TALLYING


def test_only_the_bot_can_read_keys_and_list_rounds(keyring: FileKeyring, directory: Path) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    assert mode(directory) == 0o700
    assert {mode(file) for file in directory.iterdir()} == {0o600}


def test_the_two_sides_are_kept_in_separate_files(keyring: FileKeyring, directory: Path) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    holding_private = [f for f in directory.iterdir() if TALLYING.private_key in f.read_bytes()]
    holding_marker = [f for f in directory.iterdir() if COLLECTING.marker_key in f.read_bytes()]
    assert len(holding_private) == len(holding_marker) == 1
    assert holding_private != holding_marker


def test_keys_of_an_opening_that_was_cut_short_are_replaced(keyring: FileKeyring) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    keyring.create("r1", OTHER_COLLECTING, OTHER_TALLYING)
    assert keyring.collecting("r1") == OTHER_COLLECTING
    assert keyring.tallying("r1") == OTHER_TALLYING


# --- destroying ----------------------------------------------------------------------------


def test_what_is_destroyed_is_gone_for_both_sides(keyring: FileKeyring, directory: Path) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    keyring.destroy("r1")
    with pytest.raises(KeyringError, match="gone"):
        keyring.collecting("r1")
    with pytest.raises(KeyringError, match="gone"):
        keyring.tallying("r1")
    assert list(directory.iterdir()) == []


def test_the_bytes_are_overwritten_before_a_file_is_removed(
    keyring: FileKeyring, directory: Path, tmp_path: Path
) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    links = [tmp_path / file.name for file in directory.iterdir()]
    for link in links:
        link.hardlink_to(directory / link.name)
    keyring.destroy("r1")
    assert len(links) == 2
    assert all(set(link.read_bytes()) == {0} for link in links)


def test_destroying_twice_or_what_never_was_does_nothing(keyring: FileKeyring) -> None:
    keyring.destroy("r1")
    keyring.create("r1", COLLECTING, TALLYING)
    keyring.destroy("r1")
    keyring.destroy("r1")


def test_destroying_one_round_leaves_the_others(keyring: FileKeyring) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    keyring.create("r2", OTHER_COLLECTING, OTHER_TALLYING)
    keyring.destroy("r1")
    assert keyring.tallying("r2") == OTHER_TALLYING


# --- what can't be used --------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"s" * 31, b"s" * 33])
def test_a_damaged_key_is_refused(keyring: FileKeyring, directory: Path, content: bytes) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    (directory / "r1.tallying").write_bytes(content)
    with pytest.raises(KeyringError, match="damaged") as caught:
        keyring.tallying("r1")
    assert "sss" not in str(caught.value)


def test_half_of_the_collecting_keys_is_refused(keyring: FileKeyring, directory: Path) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    (directory / "r1.collecting").write_bytes(COLLECTING.marker_key)
    with pytest.raises(KeyringError, match="damaged"):
        keyring.collecting("r1")


def test_keys_of_an_unknown_round_are_gone(keyring: FileKeyring) -> None:
    with pytest.raises(KeyringError, match="gone"):
        keyring.collecting("never")


def test_printing_keys_shows_none(keyring: FileKeyring) -> None:
    keyring.create("r1", COLLECTING, TALLYING)
    printed = f"{keyring.collecting('r1')!r} {keyring.tallying('r1')} {keyring!r}"
    assert not any(secret in printed for secret in ("mmm", "ppp", "sss", "6d6d", "7373"))


# --- the probe at start --------------------------------------------------------------------


def test_the_probe_makes_a_closed_directory_and_leaves_nothing_in_it(
    keyring: FileKeyring, directory: Path
) -> None:
    keyring.probe()
    keyring.probe()
    assert mode(directory) == 0o700
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("open_mode", [0o755, 0o750, 0o701, 0o777])
def test_the_probe_refuses_a_directory_that_others_can_enter(
    keyring: FileKeyring, directory: Path, open_mode: int
) -> None:
    directory.mkdir(parents=True)
    directory.chmod(open_mode)
    with pytest.raises(KeyringError, match=f"chmod 700 {directory}"):
        keyring.probe()


def test_the_probe_refuses_a_file_in_the_place_of_the_directory(
    keyring: FileKeyring, directory: Path
) -> None:
    directory.parent.mkdir()
    directory.touch()
    with pytest.raises(KeyringError, match="Set WELLBEING_KEYS to a directory"):
        keyring.probe()
