from __future__ import annotations

import pytest


@pytest.fixture
def database_url(each_database: str) -> str:
    """Every test here runs on both databases."""
    return each_database
