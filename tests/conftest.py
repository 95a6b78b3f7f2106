from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from adapters.content import PromptLibrary, load_library
from bot.logs import configure_logging
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.usecases.core import Core
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.postgres import PostgresServer, PostgresUnavailable

ROOT = Path(__file__).parent.parent

# How long an example takes says how busy the machine is; no test asserts a time.
settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


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
def sqlite_url(tmp_path: Path, empty_database: Path) -> str:
    """A new SQLite database of the present schema, without rows."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'wellbeing.db')}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for each process that runs tests. Required in CI."""
    try:
        server = PostgresServer()
    except PostgresUnavailable as unavailable:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(unavailable))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def empty_postgres_database(postgres: PostgresServer) -> str:
    """The name of a database of the present schema, to copy."""
    upgrade(postgres.create("empty"))
    return "empty"


@pytest.fixture
def postgres_url(postgres: PostgresServer, empty_postgres_database: str) -> Iterator[str]:
    """A new PostgreSQL database of the present schema, without rows."""
    name = f"test{next(_numbers)}"
    yield postgres.create(name, empty_postgres_database)
    postgres.drop(name)


_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest) -> str:
    """A new database of the present schema, on each of the two in turn."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What `core` runs on. Where it should be both databases, a conftest says so."""
    return sqlite_url


@pytest.fixture
async def databases(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """The same database as two processes have it."""
    both = Database(database_url), Database(database_url)
    yield both
    for database in both:
        await database.close()


@pytest.fixture
def database(databases: tuple[Database, Database]) -> Database:
    return databases[0]


@pytest.fixture
async def core(
    tmp_path: Path,
    database_url: str,
    library: PromptLibrary,
    clock: StillClock,
    platform: MemoryPlatform,
) -> AsyncIterator[Core]:
    """The core on a real database, with an empty roster and one platform in memory."""
    async with open_core(tmp_path, library, clock, platform, url=database_url) as made:
        yield made


@pytest.fixture
def world(core: Core, clock: StillClock, platform: MemoryPlatform) -> World:
    return World(core, clock, platform, {})
