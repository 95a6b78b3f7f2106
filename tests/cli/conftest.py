from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shell import Shell

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - as the documents say


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    if not IN_MEMORY.is_dir():
        pytest.skip("there is no directory in memory here")
    with tempfile.TemporaryDirectory(prefix="wellbeing-keys-", dir=IN_MEMORY) as keys:
        yield Shell(tmp_path, Path(keys))
