"""Brings a database to the present schema."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError

from bot.errors import SettingsError
from bot.store.database import CONNECT_WITHIN_S, KEEPALIVES, OURS, Lock, is_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
# For how long SQLite waits for another process that migrates.
WAIT_FOR_OTHERS_S = 60


def upgrade(url: str) -> None:
    """Create the tables if there are none, and run every migration that a database hasn't seen.

    Several processes may do so at once: one does it, the others wait. Raises SettingsError if the
    database can't be used.
    """
    address = make_url(url)
    engine = create_engine(_for_a_moment(address), **_connecting(address))
    try:
        if is_sqlite(address):
            Path(address.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with engine.begin() as connection:
            _one_at_a_time(connection)
            command.upgrade(config(connection), "head")
    except (OSError, DatabaseError) as error:
        raise SettingsError([_sentence(address, error)]) from None
    finally:
        engine.dispose()


def schemas(url: str) -> tuple[str | None, str]:
    """The schema that a database has, None if it has none yet, and the present one.

    Changes nothing, and makes no file. Raises SettingsError if the database can't be used.
    """
    address = make_url(url)
    present = ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""
    if is_sqlite(address) and not Path(address.database or "").exists():
        return None, present
    engine = create_engine(_for_a_moment(address), **_connecting(address))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), present
    except (OSError, DatabaseError) as error:
        raise SettingsError([_sentence(address, error)]) from None
    finally:
        engine.dispose()


def config(connection: object) -> Config:
    """Alembic's settings, without a file of their own."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


def _for_a_moment(address: URL) -> URL:
    """The address with a driver that needs no event loop."""
    return address.set(drivername="sqlite" if is_sqlite(address) else "postgresql+psycopg")


def _connecting(address: URL) -> dict[str, dict[str, int]]:
    if is_sqlite(address):
        return {"connect_args": {"timeout": WAIT_FOR_OTHERS_S}}
    return {"connect_args": {"connect_timeout": CONNECT_WITHIN_S, **KEEPALIVES}}


def _one_at_a_time(connection: Connection) -> None:
    """Wait until nobody else migrates. All of it is one transaction, on SQLite too."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHERS_S}s'"))
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:ours, :lock)"),
            {"ours": OURS, "lock": int(Lock.MIGRATING)},
        )
        connection.execute(text("SET LOCAL lock_timeout = 0"))


def _sentence(address: URL, error: OSError | DatabaseError) -> str:
    """What is wrong, in one line and without a password."""
    why = _why(error.orig) if isinstance(error, DatabaseError) else str(error.strerror)
    name = address.database if is_sqlite(address) else f"{address.database} on {_host(address)}"
    why = re.sub(r"\s+", " ", why).rstrip(".")
    return f"The database {name} can't be used: {why}. Check DATABASE_URL."


def _host(address: URL) -> str:
    host = address.host or str(address.query.get("host", "")) or "this machine"
    return f"{host}:{address.port}" if address.port else host


def _why(error: object) -> str:
    """One line of what a driver said.

    What the server says begins with the matter and may go on with a row's values; what the client
    says of a connection ends with the matter.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [
        "no reason given"
    ]
    return lines[0] if getattr(error, "sqlstate", None) else lines[-1]
