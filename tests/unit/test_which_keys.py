"""Which keys a process gets, by its role and its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.keyring import FileCollectingKeyring, FileTallyingKeyring
from bot.domain.wrapped_keys import Signing, new_secret
from bot.errors import SettingsError
from bot.keyrings import Sides, keeps_wrapped_keys, keyrings
from bot.settings import Settings
from bot.store.database import Database
from bot.store.keyring_tables import TableCollectingKeyring, TableTallyingKeyring
from bot.usecases.one_side import CollectsNothing, TalliesNothing

POSTGRES = "postgresql://postgres@/nowhere"
TALLYING, COLLECTING = new_secret(), new_secret()
PUBLIC = Signing(TALLYING).public
FOR_WEB = {"wellbeing_collecting_secret": COLLECTING, "wellbeing_tallying_public": PUBLIC}
FOR_WORKER = {"wellbeing_tallying_secret": TALLYING}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """One that nobody connects to."""
    opened = Database(f"sqlite:///{tmp_path / 'never.db'}")
    yield opened
    await opened.close()


def settings(url: str, **given: str) -> Settings:
    return Settings.model_validate({"database_url": url, **given})


def chosen(database: Database, sides: Sides, url: str = POSTGRES, **given: str) -> list[type]:
    return [type(keyring) for keyring in keyrings(settings(url, **given), database, sides)]


def refused(database: Database, sides: Sides, **given: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        keyrings(settings(POSTGRES, **given), database, sides)
    assert not [secret for secret in given.values() if secret and secret in str(caught.value)]
    return caught.value.problems


def test_on_one_machine_keys_are_files_of_the_processs_own_side(database: Database) -> None:
    assert chosen(database, Sides.BOTH) == [FileCollectingKeyring, FileTallyingKeyring]
    assert chosen(database, Sides.COLLECTS) == [FileCollectingKeyring, TalliesNothing]
    assert chosen(database, Sides.TALLIES) == [CollectsNothing, FileTallyingKeyring]


def test_with_secrets_keys_are_wrapped_and_of_the_processs_own_side(database: Database) -> None:
    both = FOR_WEB | FOR_WORKER
    assert chosen(database, Sides.BOTH, **both) == [TableCollectingKeyring, TableTallyingKeyring]
    assert chosen(database, Sides.COLLECTS, **FOR_WEB) == [TableCollectingKeyring, TalliesNothing]
    assert chosen(database, Sides.TALLIES, **FOR_WORKER) == [CollectsNothing, TableTallyingKeyring]


def test_a_command_has_no_keys_and_needs_no_secret(database: Database) -> None:
    nothing = [CollectsNothing, TalliesNothing]
    assert chosen(database, Sides.NEITHER) == nothing
    assert chosen(database, Sides.NEITHER, **FOR_WORKER) == nothing
    assert chosen(database, Sides.NEITHER, wellbeing_tallying_secret="short") == nothing


def test_sqlite_has_files_whatever_the_secrets(database: Database) -> None:
    given = settings("sqlite:///var/x.db", **FOR_WEB)
    assert not keeps_wrapped_keys(given)
    assert type(keyrings(given, database, Sides.BOTH)[1]) is FileTallyingKeyring


@pytest.mark.parametrize(
    ("sides", "given", "missing"),
    [
        (Sides.COLLECTS, {"wellbeing_collecting_secret": COLLECTING}, "WELLBEING_TALLYING_PUBLIC"),
        (Sides.COLLECTS, {"wellbeing_tallying_public": PUBLIC}, "WELLBEING_COLLECTING_SECRET"),
        (Sides.TALLIES, {"wellbeing_tallying_public": PUBLIC}, "WELLBEING_TALLYING_SECRET"),
        (Sides.BOTH, FOR_WEB, "WELLBEING_TALLYING_SECRET"),
    ],
)
def test_a_missing_secret_is_named(
    database: Database, sides: Sides, given: dict[str, str], missing: str
) -> None:
    [problem] = refused(database, sides, **given)
    assert problem.startswith(f"{missing} is missing")
    assert "wellbeing keys new" in problem


@pytest.mark.parametrize("sides", [Sides.COLLECTS, Sides.TALLIES])
def test_a_process_that_has_both_secrets_does_not_start(database: Database, sides: Sides) -> None:
    theirs = "TALLYING" if sides is Sides.COLLECTS else "COLLECTING"
    [problem] = refused(database, sides, **FOR_WEB, **FOR_WORKER)
    assert problem.startswith(f"WELLBEING_{theirs}_SECRET doesn't belong here")


@pytest.mark.parametrize("name", ["collecting_secret", "tallying_secret", "tallying_public"])
def test_a_short_secret_is_refused(database: Database, name: str) -> None:
    given = FOR_WEB | FOR_WORKER | {f"wellbeing_{name}": "shrt"}
    [problem] = refused(database, Sides.BOTH, **given)
    assert problem.startswith(f"WELLBEING_{name.upper()} can't be used")


def test_halves_that_do_not_belong_together_are_refused(database: Database) -> None:
    another = Signing(new_secret()).public
    [problem] = refused(database, Sides.TALLIES, **FOR_WORKER, wellbeing_tallying_public=another)
    assert "isn't the one that belongs to this WELLBEING_TALLYING_SECRET" in problem


def test_printing_settings_shows_no_secret() -> None:
    shown = repr(settings(POSTGRES, **FOR_WEB, **FOR_WORKER))
    assert not [secret for secret in (TALLYING, COLLECTING, PUBLIC) if secret in shown]
