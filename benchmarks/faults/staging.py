"""Setting a stage: a database with an organisation, a platform, and replicas that don't run yet."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url

from benchmarks.fake_platform import Platform, platform_process
from benchmarks.faults.members import SILENT_S, Member
from benchmarks.faults.stage import WELL, Cast, Stage
from benchmarks.faults.world import WorldTime, settle, write_prompts
from bot.settings import Settings
from tests.support.postgres import PostgresServer

# Alembic keeps what it works on in the module: two rows may run at once in threads, not migrate.
_ONE_MIGRATES: Final = threading.Lock()


@contextmanager
def staged(
    cast: Cast, seed: int, directory: Path, server: PostgresServer | None
) -> Iterator[Stage]:
    """A stage on which nothing has happened yet. All that runs on it ends with the block."""
    directory.mkdir(parents=True)
    prompts = write_prompts(directory)
    platform_log = directory / "platform.log"
    with (
        _database(cast, directory, server) as url,
        platform_process(platform_log, WELL) as platform,
    ):
        settings = Settings(
            database_url=url, wellbeing_data=directory / "data", wellbeing_prompts=prompts
        )
        with _ONE_MIGRATES:
            asyncio.run(settle(settings, cast.people, cast.workspaces))
        members = _members(cast, url, directory, prompts, platform)
        engine = create_engine(_for_a_moment(url), poolclass=NullPool)
        try:
            yield Stage(
                cast=cast,
                directory=directory,
                random=Random(seed),  # noqa: S311 - moments, not secrets
                platform=platform,
                server=server,
                engine=engine,
                time=WorldTime([member.clock for member in members]),
                members=members,
            )
        finally:
            for member in members:
                member.end()
            engine.dispose()


@contextmanager
def _database(cast: Cast, directory: Path, server: PostgresServer | None) -> Iterator[str]:
    if cast.database == "sqlite":
        yield f"sqlite:///{directory / 'wellbeing.db'}"
        return
    assert server is not None
    name = f"faults_{directory.name.replace('-', '_')}"
    yield server.create(name)
    server.drop(name)


def _for_a_moment(url: str) -> str:
    """The address with a driver that needs no event loop."""
    is_sqlite = url.startswith("sqlite:")
    address = make_url(url).set(drivername="sqlite" if is_sqlite else "postgresql+psycopg")
    return address.render_as_string(hide_password=False)


def _members(
    cast: Cast, url: str, directory: Path, prompts: Path, platform: Platform
) -> list[Member]:
    names = [f"replica-{number}" for number in range(1, cast.replicas + 1)]
    return [
        Member(
            name,
            directory / f"{name}.log",
            directory / f"{name}.clock",
            _arguments(cast, url, directory / name, prompts, platform),
        )
        for name in names
    ]


def _arguments(
    cast: Cast, url: str, data: Path, prompts: Path, platform: Platform
) -> tuple[str, ...]:
    pace = cast.pace
    options = {
        "--database": url,
        "--data": data,
        "--prompts": prompts,
        "--platform": platform.address,
        "--workspaces": cast.workspaces,
        "--rate": pace.rate,
        "--burst": pace.burst,
        "--in-flight": pace.in_flight,
        "--lands-within": pace.lands_within_s,
        "--tick-seconds": pace.tick_s,
        "--silent": SILENT_S,
    }
    written = [str(part) for option in options.items() for part in option]
    return (*written, *cast.arguments)
