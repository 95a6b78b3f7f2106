from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.content import PromptLibrary, load_library
from bot.logs import configure_logging
from bot.store.migrate import upgrade
from bot.usecases.core import Core
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def _logging() -> None:
    configure_logging("warning", "json")


@pytest.fixture(scope="session")
def library() -> PromptLibrary:
    return load_library(ROOT / "prompts")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def platform() -> MemoryPlatform:
    return MemoryPlatform()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the present schema, to copy: migrating takes longer than many a test."""
    path = tmp_path_factory.mktemp("database") / "wellbeing.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
async def core(
    tmp_path: Path,
    empty_database: Path,
    library: PromptLibrary,
    clock: StillClock,
    platform: MemoryPlatform,
) -> AsyncIterator[Core]:
    """The core on a real SQLite file, with an empty roster and one platform in memory."""
    shutil.copy(empty_database, tmp_path / "wellbeing.db")
    async with open_core(tmp_path, library, clock, platform) as made:
        yield made


@pytest.fixture
def world(core: Core, clock: StillClock, platform: MemoryPlatform) -> World:
    return World(core, clock, platform, {})
