from __future__ import annotations

from pathlib import Path

import pytest

from adapters.mounts import is_in_memory

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0
tmpfs /run tmpfs rw 0 0
/dev/sdb1 /run/disk ext4 rw 0 0
none /mnt/my\040keys ramfs rw 0 0
/dev/sdc1 /over ext4 rw 0 0
tmpfs /over tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        ("/var/lib/keys", False),
        ("/dev/shm/keys", True),  # noqa: S108
        ("/dev/shm", True),  # noqa: S108
        ("/dev/shmoo", False),  # noqa: S108
        ("/run/wellbeing-keys", True),
        ("/run/disk/keys", False),
        ("/mnt/my keys/x", True),
        ("/over/keys", True),
    ],
)
def test_the_nearest_mount_tells(tmp_path: Path, directory: str, expected: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert is_in_memory(Path(directory), mounts) is expected


def test_where_nothing_says_what_is_mounted_nobody_can_tell(tmp_path: Path) -> None:
    assert is_in_memory(tmp_path, tmp_path / "none") is None
    (tmp_path / "empty").touch()
    assert is_in_memory(tmp_path, tmp_path / "empty") is None
