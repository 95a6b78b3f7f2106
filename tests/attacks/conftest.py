from __future__ import annotations

from pathlib import Path

import pytest

from adapters.content import PromptLibrary
from tests.attacks.place import Place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, library: PromptLibrary) -> Place:
    """Each of the two databases in turn."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return Place(tmp_path, library, server)
