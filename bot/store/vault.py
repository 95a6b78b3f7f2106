"""Secrets of chat platforms, encrypted in a table.

Fernet: the key is in the environment, so that a copy of the database or a backup is of no use by
itself. The readable time in each token is that of an installation, never of an answer. The name is
encrypted with the secret: whoever can write to the database can't put one in another's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, select
from sqlmodel import col

from bot.errors import SettingsError, VaultError
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
NO_TIME: Final = 0

# What a kept text begins with.
_PLAIN: Final = "plain:"
_ENCRYPTED: Final = "fernet:"


def new_vault_key() -> str:
    """A key, as it is written into an environment."""
    return Fernet.generate_key().decode("ascii")


class TableVault:
    """Implements `bot.ports.Vault`. The first key encrypts, all of them decrypt.

    Without a key nothing can be kept or read, which whoever needs nothing kept needn't care about.
    Raises SettingsError if a key can't be one.
    """

    def __init__(self, database: Database, keys: Sequence[str]) -> None:
        self._database, self._keys = database, _ciphers(keys)

    async def keep(self, name: str, secret: str) -> None:
        sealed = self._sealed(name, secret)
        async with self._database.writing() as session:
            await session.execute(
                insert(session, Secret)
                .values(name=name, sealed=sealed)
                .on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed})
            )

    async def read(self, name: str) -> str | None:
        async with self._database.reading() as session:
            row = await session.get(Secret, name)
        return None if row is None else self._opened(name, row.sealed)

    async def forget(self, name: str) -> None:
        async with self._database.writing() as session:
            await session.execute(delete(Secret).where(col(Secret.name) == name))

    async def names(self, prefix: str) -> Sequence[str]:
        query = select(col(Secret.name)).where(
            func.substr(col(Secret.name), 1, len(prefix)) == prefix
        )
        async with self._database.reading() as session:
            return sorted((await session.execute(query)).scalars())

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


class TextCipher:
    """Texts as they are kept in rows: encrypted where there is a key, and as they are without one.

    The time in a token is always the first of 1970, so that it doesn't tell when a text came.
    Raises SettingsError if a key can't be one.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = _ciphers(keys)

    def sealed(self, text: str) -> str:
        if not self._keys:
            return _PLAIN + text
        token = MultiFernet(self._keys).encrypt_at_time(text.encode(), NO_TIME)
        return _ENCRYPTED + token.decode("ascii")

    def opened(self, kept: str) -> str:
        """The text. Raises VaultError if it was encrypted with a key that isn't here."""
        if kept.startswith(_PLAIN):
            return kept.removeprefix(_PLAIN)
        try:
            token = kept.removeprefix(_ENCRYPTED).encode()
            return MultiFernet(self._keys).decrypt(token).decode()
        except (InvalidToken, ValueError):
            raise VaultError(
                "A text was encrypted with a key that isn't in WELLBEING_SECRET_KEY, or is "
                "damaged. Put that key back behind the new one."
            ) from None


def _ciphers(keys: Sequence[str]) -> list[Fernet]:
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise SettingsError([BAD_KEY]) from None
