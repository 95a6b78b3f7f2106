"""Where a design is tried: one of the two databases, a directory, and the texts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.content import PromptLibrary
from bot.store.migrate import upgrade
from tests.attacks.verdict import POSTGRESQL, SQLITE
from tests.support.postgres import PostgresServer

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A database server or none, and a directory of one's own. `server` is None on SQLite."""

    directory: Path
    library: PromptLibrary
    server: PostgresServer | None = None

    @property
    def database(self) -> str:
        return POSTGRESQL if self.server else SQLITE

    def new_directory(self) -> Path:
        directory = self.directory / f"{next(_numbers)}"
        directory.mkdir()
        return directory

    @contextmanager
    def new_url(self, directory: Path, *, migrated: bool = True) -> Iterator[str]:
        """A database for one design: of the present schema, or quite empty."""
        if self.server is None:
            url = f"sqlite:///{directory / 'wellbeing.db'}"
            if migrated:
                upgrade(url)
            yield url
            return
        name = f"attacked{next(_numbers)}"
        url = self.server.create(name)
        if migrated:
            upgrade(url)
        yield url
        self.server.drop(name)
