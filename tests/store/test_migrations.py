"""Migrations, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, create_engine, inspect, text
from sqlalchemy.engine import make_url

from bot.errors import SettingsError
from bot.store.comment_tables import METADATA
from bot.store.database import is_sqlite
from bot.store.migrate import config, upgrade
from tests.support.postgres import PostgresServer

ENGINES_OWN = ("procrastinate_", "alembic_")
LONG_ENOUGH = 60
# What the second migration finds, as the first version of the bot wrote it.
OLD_ROWS = """
INSERT INTO organisation (id, name) VALUES (1, 'Larkfield');
INSERT INTO workspace (id, platform) VALUES ('w1', 'playground');
INSERT INTO team (id, path, name, zone, region) VALUES ('t1', 'A', 'A', 'Europe/London', 'England');
INSERT INTO person (id, ledger_id, email, name, team_id, zone, region, language, working_days,
    is_admin, is_volunteer, is_active, founding, check_ins, reflections, pulses, summaries,
    quiet_from, quiet_until) VALUES
    ('p1', 'l1', 'a@example.org', 'Ada', 't1', 'Europe/London', 'England', 'en', '[0, 2, 4]',
    FALSE, FALSE, TRUE, TRUE, 'weekly', TRUE, FALSE, TRUE, '18:30:00', '08:30:00'),
    ('p2', 'l2', 'b@example.org', 'Bea', 't1', 'Europe/London', 'England', 'en', '[]',
    FALSE, FALSE, TRUE, TRUE, 'weekly', TRUE, FALSE, TRUE, '18:30:00', '08:30:00');
INSERT INTO occurrence (id, programme_id, zone, local_at, due_at, expires_at, was_skipped) VALUES
    ('o1', 'welcome', 'Europe/London', '2026-11-23T09:00', '2026-11-23 09:00:00.000000',
    '2026-11-24 09:00:00.000000', FALSE);
INSERT INTO delivery (id, occurrence_id, workspace_id, recipient, person_id, turn, due_at,
    expires_at, state, reason, epoch, message_id) VALUES
    ('d1', 'o1', 'w1', 'p1', 'p1', 0, '2026-11-23 09:00:00.000000', '2026-11-24 09:00:00.000000',
    'sent', '', 1, 'm1')
"""
# What the third migration finds besides.
OLD_ROUND = """
UPDATE organisation SET launched_at = '2026-11-23 08:00:00.000000';
INSERT INTO round (id, programme_id, local_date, opens_at, closes_at, question_ids, state,
    unpublished_because) VALUES
    ('r1', 'pulse', '2026-11-24', '2026-11-24 10:00:00.000000', '2026-11-26 16:00:00.000000',
    '["trusted"]', 'open', '');
UPDATE occurrence SET round_id = 'r1'
"""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that waits for nobody, and commits."""
    address = make_url(url)
    driver = "sqlite" if is_sqlite(address) else "postgresql+psycopg"
    engine = create_engine(address.set(drivername=driver))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture(params=["sqlite", "postgresql"])
def no_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield server.create("no_tables")
    server.drop("no_tables")


# --- the present schema --------------------------------------------------------------------


def test_the_migrations_end_at_the_tables_that_the_code_describes(each_database: str) -> None:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not str(name).startswith(ENGINES_OWN)

    options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
    with connected(each_database) as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
        )


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_key_and_constraint_of_a_table_is_in_the_database(
    each_database: str, table: Table
) -> None:
    with connected(each_database) as connection:
        found = inspect(connection)
        columns = found.get_columns(table.name)
        primary = found.get_pk_constraint(table.name)
        keys = found.get_foreign_keys(table.name)
        unique = found.get_unique_constraints(table.name)
    assert {c["name"]: c["nullable"] for c in columns} == {c.name: c.nullable for c in table.c}
    assert set(primary["constrained_columns"]) == {c.name for c in table.primary_key}
    assert {
        (
            *key["constrained_columns"],
            f"{key['referred_table']}.{key['referred_columns'][0]}",
            key.get("options", {}).get("ondelete"),
        )
        for key in keys
    } == {(key.parent.name, key.target_fullname, key.ondelete) for key in table.foreign_keys}
    assert {one["name"] for one in unique} == {
        one.name for one in table.constraints if one.__visit_name__ == "unique_constraint"
    }


def test_the_work_queue_is_installed_where_there_is_one(each_database: str) -> None:
    with connected(each_database) as connection:
        tables = inspect(connection).get_table_names()
        assert ("procrastinate_jobs" in tables) == (connection.dialect.name == "postgresql")


# --- upgrading -----------------------------------------------------------------------------


def test_upgrading_again_changes_nothing(each_database: str) -> None:
    with connected(each_database) as connection:
        connection.execute(text("INSERT INTO workspace VALUES ('w1', 'playground', NULL, 0.5)"))
    upgrade(each_database)
    assert rows(each_database, "SELECT id, pace FROM workspace") == [("w1", 0.5)]
    assert rows(each_database, "SELECT version_num FROM alembic_version") == [("0012",)]


def test_what_the_first_version_wrote_is_still_there(no_tables: str) -> None:
    with connected(no_tables) as connection:
        command.upgrade(config(connection), "0001")
        for statement in OLD_ROWS.split(";"):
            connection.exec_driver_sql(statement)
    upgrade(no_tables)
    assert rows(no_tables, "SELECT name, working_days FROM person ORDER BY id") == [
        ("Ada", "024"),
        ("Bea", ""),
    ]
    assert rows(
        no_tables, "SELECT id, state, epoch, message_id, priority, losses FROM delivery"
    ) == [("d1", "sent", 1, "m1", 2, 0)]
    assert rows(no_tables, "SELECT id, rested_at, pace FROM workspace") == [("w1", None, 1.0)]


def test_a_round_from_before_the_rules_were_recorded_keeps_those_of_its_time(
    no_tables: str,
) -> None:
    with connected(no_tables) as connection:
        command.upgrade(config(connection), "0001")
        for statement in [*OLD_ROWS.split(";"), *OLD_ROUND.split(";")]:
            connection.exec_driver_sql(statement)
    upgrade(no_tables)
    assert rows(
        no_tables,
        "SELECT id, answers, counted, horizon_weeks, insiders, spacing_weeks FROM ruleset",
    ) == [(1, 5, 8, 6, 1, 8)]
    assert rows(no_tables, "SELECT id, rules_id FROM round") == [("r1", 1)]
    assert rows(no_tables, "SELECT round_id, rules_id FROM occurrence") == [("r1", None)]


def test_before_the_launch_no_rules_are_recorded(no_tables: str) -> None:
    with connected(no_tables) as connection:
        command.upgrade(config(connection), "0001")
        for statement in OLD_ROWS.split(";"):
            connection.exec_driver_sql(statement)
    upgrade(no_tables)
    assert rows(no_tables, "SELECT * FROM ruleset") == []


def test_processes_that_start_at_the_same_time_migrate_once(no_tables: str) -> None:
    program = "import sys; from bot.store.migrate import upgrade; upgrade(sys.argv[1])"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, no_tables],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    try:
        assert [process.wait(LONG_ENOUGH) for process in processes] == [0, 0, 0]
    finally:
        for process in processes:
            process.kill()
    assert rows(no_tables, "SELECT version_num FROM alembic_version") == [("0012",)]


def test_an_upgrade_makes_the_folder_of_a_file_for_the_bot_alone(tmp_path: Path) -> None:
    database = tmp_path / "new" / "wellbeing.db"
    upgrade(f"sqlite:///{database}")
    assert database.is_file()
    assert database.parent.stat().st_mode & 0o077 == 0


def test_a_server_that_is_not_there_is_said_in_one_line_without_the_password(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsError) as caught:
        upgrade(f"postgresql://bot:hush@/wellbeing?host={tmp_path}")
    said = str(caught.value)
    assert "DATABASE_URL" in said
    assert "hush" not in said
    assert "\n" not in said
