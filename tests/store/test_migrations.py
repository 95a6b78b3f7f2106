from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, create_engine

from bot.store.migrate import upgrade
from bot.store.tables import METADATA


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that was brought to the present schema; tests only look at it."""
    path = tmp_path_factory.mktemp("migrated") / "wellbeing.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def connection(database: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()


def test_an_upgrade_makes_every_table(database: Path) -> None:
    tables = {name for (name,) in rows(database, "SELECT name FROM sqlite_master")}
    assert tables >= {table.name for table in METADATA.sorted_tables}


def test_the_migrations_end_at_the_tables_that_the_code_describes(connection: Connection) -> None:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_key_and_constraint_of_a_table_is_in_the_database(
    database: Path, table: Table
) -> None:
    info = rows(database, f"PRAGMA table_info('{table.name}')")
    assert {column[1] for column in info if column[5]} == {c.name for c in table.primary_key}
    assert {column[1] for column in info if not column[3]} == {
        c.name for c in table.columns if c.nullable
    }
    keys = rows(database, f"PRAGMA foreign_key_list('{table.name}')")
    assert {(key[3], f"{key[2]}.{key[4]}", key[6]) for key in keys} == {
        (key.parent.name, key.target_fullname, key.ondelete or "NO ACTION")
        for key in table.foreign_keys
    }


def test_upgrading_again_changes_nothing(database: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(database, tmp_path))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO workspace (id, platform) VALUES ('w1', 'playground')")
        connection.commit()
    before = rows(database, "SELECT * FROM sqlite_master")
    upgrade(f"sqlite:///{database}")
    assert rows(database, "SELECT * FROM sqlite_master") == before
    assert rows(database, "SELECT id FROM workspace") == [("w1",)]


def test_an_upgrade_makes_the_folder_of_the_database_for_the_bot_alone(tmp_path: Path) -> None:
    database = tmp_path / "new" / "wellbeing.db"
    upgrade(f"sqlite:///{database}")
    assert database.is_file()
    assert database.parent.stat().st_mode & 0o077 == 0
