"""Secrets of chat platforms, encrypted in a table, on both databases."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.errors import SettingsError, VaultError
from bot.ports import Vault
from bot.store.database import Database
from bot.store.vault import TableVault, TextCipher, new_vault_key

KEY = new_vault_key()


@pytest.fixture
def database_url(each_database: str) -> str:
    """Every test here runs on both databases."""
    return each_database


@pytest.fixture
def vault(database: Database) -> TableVault:
    return TableVault(database, [KEY])


async def rows(database: Database) -> dict[str, bytes]:
    """What somebody who reads the database sees."""
    async with database.reading() as session:
        found = await session.execute(text("SELECT name, sealed FROM secret"))
        return {row.name: bytes(row.sealed) for row in found}


def is_a_vault(vault: TableVault) -> Vault:
    """Checked by types alone."""
    return vault


async def test_what_is_kept_can_be_read_again(vault: TableVault) -> None:
    assert await vault.read("a") is None
    await vault.keep("a", "sésame\nopen")
    assert await vault.read("a") == "sésame\nopen"
    assert await vault.read("a") == "sésame\nopen"


async def test_what_is_kept_again_replaces_what_was_there(vault: TableVault) -> None:
    await vault.keep("a", "first")
    await vault.keep("a", "second")
    assert await vault.read("a") == "second"


async def test_the_database_has_no_secret_as_it_is(vault: TableVault, database: Database) -> None:
    await vault.keep("a", "open sesame")
    assert b"sesame" not in b"".join((await rows(database)).values())


async def test_forgetting_twice_is_as_good_as_once(vault: TableVault) -> None:
    await vault.keep("a", "secret")
    await vault.forget("a")
    await vault.forget("a")
    assert await vault.read("a") is None


async def test_names_are_found_by_how_they_begin_and_in_order(vault: TableVault) -> None:
    for name in ("slack.b", "slack.B", "slack.a", "slackXa", "SLACK.c", "slack%", "other"):
        await vault.keep(name, "secret")
    assert await vault.names("slack.") == ["slack.B", "slack.a", "slack.b"]
    assert await vault.names("slack%") == ["slack%"]


async def test_after_a_new_key_what_the_old_one_encrypted_can_still_be_read(
    vault: TableVault, database: Database
) -> None:
    await vault.keep("old", "secret")
    key = new_vault_key()
    both = TableVault(database, [key, KEY])
    assert await both.read("old") == "secret"
    await both.keep("old", "secret")
    assert await TableVault(database, [key]).read("old") == "secret"


async def test_without_its_key_a_secret_can_not_be_read_and_is_not_lost(
    vault: TableVault, database: Database
) -> None:
    await vault.keep("a", "open sesame")
    another = TableVault(database, [new_vault_key()])
    with pytest.raises(VaultError, match="WELLBEING_SECRET_KEY") as caught:
        await another.read("a")
    assert "sesame" not in str(caught.value)
    assert await vault.read("a") == "open sesame"


async def test_a_secret_that_was_put_in_anothers_place_is_refused(
    vault: TableVault, database: Database
) -> None:
    await vault.keep("mine", "open sesame")
    await vault.keep("theirs", "barley")
    async with database.writing() as session:
        await session.execute(
            text(
                "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'theirs') "
                "WHERE name = 'mine'"
            )
        )
    with pytest.raises(VaultError):
        await vault.read("mine")


async def test_without_a_key_nothing_is_kept_or_read_and_it_says_how_to_make_one(
    vault: TableVault, database: Database
) -> None:
    await vault.keep("a", "secret")
    without = TableVault(database, [])
    for asked in (without.read("a"), without.keep("b", "secret")):
        with pytest.raises(VaultError, match="wellbeing keys vault"):
            await asked
    assert await vault.names("") == ["a"]


@pytest.mark.parametrize("keys", [["hunter2"], [KEY, "hunter2"], [KEY[:-4]]])
async def test_a_key_that_is_none_makes_no_vault_and_it_says_how_to_make_one(
    database: Database, keys: list[str]
) -> None:
    with pytest.raises(SettingsError, match="wellbeing keys vault") as caught:
        TableVault(database, keys)
    assert "hunter2" not in str(caught.value)


def test_a_kept_text_opens_with_its_key_and_without_a_key_it_is_as_it_was() -> None:
    key, other = new_vault_key(), new_vault_key()
    sealed = TextCipher([key]).sealed("quiet rooms")
    assert "quiet" not in sealed
    assert TextCipher([other, key]).opened(sealed) == "quiet rooms"
    for keys in ([], [other]):
        with pytest.raises(VaultError):
            TextCipher(keys).opened(sealed)
    for kept in ("", "fernet:x", "plain:x"):
        assert TextCipher([key]).opened(TextCipher().sealed(kept)) == kept


def test_when_a_text_was_kept_does_not_show() -> None:
    key = new_vault_key()
    token = TextCipher([key]).sealed("quiet rooms").removeprefix("fernet:")
    assert Fernet(key).extract_timestamp(token) == 0
