"""Where rows are measured: databases of both kinds, fresh for every run and thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

import psycopg

from tests.support.postgres import PostgresServer

DatabaseName = Literal["SQLite", "PostgreSQL"]
FILE = "wellbeing.db"


@dataclass(frozen=True, slots=True)
class Place:
    """All that one bot has: `url` is its database's, and everything else is in `directory`."""

    directory: Path
    database: DatabaseName
    url: str

    @classmethod
    def of_files(cls, directory: Path) -> Place:
        """On SQLite, in the directory too."""
        return cls(directory, "SQLite", f"sqlite:///{directory / FILE}")


class Bench:
    """A directory to work in, and a PostgreSQL server if there is one.

    `quick` asks for smaller sizes and single turns: that everything works, not how fast it is.
    """

    def __init__(self, directory: Path, server: PostgresServer | None, *, quick: bool) -> None:
        self.directory, self.quick = directory, quick
        self._server, self._numbers = server, count()

    @property
    def databases(self) -> Sequence[DatabaseName]:
        return ("SQLite", "PostgreSQL") if self._server else ("SQLite",)

    @property
    def turns(self) -> int:
        return 1 if self.quick else 3

    def place(self, name: str, database: DatabaseName) -> Place:
        """A new one, empty."""
        directory = self.directory / f"{name}-{database}-{next(self._numbers)}"
        directory.mkdir()
        return self._in(directory, database, template=None)

    @contextmanager
    def copy_of(self, template: Place) -> Iterator[Place]:
        """The same start for every run. Nobody may be connected to the template."""
        directory = template.directory.with_name(f"copy-{next(self._numbers)}")
        shutil.copytree(template.directory, directory)
        copy = self._in(directory, template.database, template)
        try:
            yield copy
        finally:
            self.remove(copy)

    def remove(self, place: Place) -> None:
        shutil.rmtree(place.directory)
        if self._server and place.database == "PostgreSQL":
            self._server.drop(_name(place))

    def _in(self, directory: Path, database: DatabaseName, template: Place | None) -> Place:
        place = Place.of_files(directory)
        if database == "SQLite":
            return place
        assert self._server is not None
        url = self._server.create(_name(place), _name(template) if template else None)
        _settle_down(url)
        return Place(directory, database, url)


def _settle_down(url: str) -> None:
    """Have the server do now what it would do by itself while something is measured."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _name(place: Place) -> str:
    """A PostgreSQL database's name."""
    return place.directory.name.lower().replace("-", "_")
