"""Secrets of chat platforms, encrypted in a table.

Fernet: the key is in the environment, so that a copy of the database or a backup is of no use by
itself. The readable time in each token is that of an installation, never of an answer. The name is
encrypted with the secret: whoever can write to the database can't put one in another's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlmodel import col

from bot.errors import SettingsError, VaultError
from bot.ports import Clock
from bot.store.database import Database, insert
from bot.store.tables import Secret

NO_KEY: Final = (
    "WELLBEING_SECRET_KEY is missing, and tokens of chat platforms are kept encrypted. "
    "Make a key with: wellbeing keys vault"
)
BAD_KEY: Final = (
    "WELLBEING_SECRET_KEY can't be used: it isn't one or more keys as the bot makes them. "
    "Make one with: wellbeing keys vault"
)


def new_vault_key() -> str:
    """A key, as it is written into an environment."""
    return Fernet.generate_key().decode("ascii")


class TableVault:
    """Implements `bot.ports.Vault`. The first key encrypts, all of them decrypt.

    Without a key nothing can be kept or read, which whoever needs nothing kept needn't care about.
    Raises SettingsError if a key can't be one.
    """

    def __init__(self, database: Database, clock: Clock, keys: Sequence[str]) -> None:
        self._database, self._clock = database, clock
        self._keys = _ciphers(keys)

    async def keep(self, name: str, secret: str, until: datetime | None = None) -> None:
        row = {"name": name, "sealed": self._sealed(name, secret), "until": until}
        async with self._database.writing() as session:
            await session.execute(delete(Secret).where(self._is_over()))
            await session.execute(
                insert(session, Secret)
                .values(row)
                .on_conflict_do_update(index_elements=["name"], set_=_without_name(row))
            )

    async def read(self, name: str) -> str | None:
        async with self._database.reading() as session:
            row = await session.get(Secret, name)
        if row is None:
            return None
        if self._was(row.until):
            async with self._database.writing() as session:
                await session.execute(delete(Secret).where(_named(name), self._is_over()))
            return None
        return self._opened(name, row.sealed)

    async def forget(self, name: str) -> None:
        async with self._database.writing() as session:
            await session.execute(delete(Secret).where(_named(name)))

    async def names(self, prefix: str) -> Sequence[str]:
        query = select(col(Secret.name)).where(
            func.substr(col(Secret.name), 1, len(prefix)) == prefix,
            or_(col(Secret.until).is_(None), col(Secret.until) > self._clock.now()),
        )
        async with self._database.reading() as session:
            return sorted((await session.execute(query)).scalars())

    def _was(self, until: datetime | None) -> bool:
        return until is not None and until <= self._clock.now()

    def _is_over(self) -> ColumnElement[bool]:
        return col(Secret.until) <= self._clock.now()

    @property
    def _cipher(self) -> MultiFernet:
        if not self._keys:
            raise VaultError(NO_KEY)
        return MultiFernet(self._keys)

    def _sealed(self, name: str, secret: str) -> bytes:
        return self._cipher.encrypt(f"{name}\0{secret}".encode())

    def _opened(self, name: str, sealed: bytes) -> str:
        try:
            within, _, secret = self._cipher.decrypt(sealed).decode().partition("\0")
        except InvalidToken:
            raise VaultError(
                f"{name} was encrypted with a key that isn't in WELLBEING_SECRET_KEY, or is "
                "damaged. Put that key back behind the new one, or connect anew."
            ) from None
        if within != name:
            raise VaultError(f"{name} isn't what was kept under that name: connect anew.")
        return secret


def _ciphers(keys: Sequence[str]) -> list[Fernet]:
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise SettingsError([BAD_KEY]) from None


def _named(name: str) -> ColumnElement[bool]:
    return col(Secret.name) == name


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != "name"}
