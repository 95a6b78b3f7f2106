from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PROMPTS = Path(__file__).parent.parent.parent / "prompts"


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A copy of the shipped prompts that may be broken."""
    return shutil.copytree(PROMPTS, tmp_path / "prompts")
