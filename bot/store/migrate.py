"""Brings a database to the present schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from bot.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Create the database if there is none, and run every migration it hasn't seen.

    Raises SettingsError if it can't be opened.
    """
    address = make_url(url).set(drivername="sqlite")
    engine = create_engine(address)
    try:
        Path(address.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with engine.begin() as connection:
            command.upgrade(config(connection), "head")
    except (OSError, DatabaseError) as error:
        why = error.orig if isinstance(error, DatabaseError) else error.strerror
        raise SettingsError(
            [f"The database {address.database} can't be used: {why}. Check DATABASE_URL."]
        ) from None
    finally:
        engine.dispose()


def config(connection: object) -> Config:
    """Alembic's settings, without a file of their own."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings
