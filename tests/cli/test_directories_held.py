"""Directories that one installation has to itself."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.held import held
from bot.settings import Settings

POSTGRES = "postgresql://somebody@localhost/wellbeing"


def installation(data: Path, **settings: object) -> Settings:
    url = f"sqlite:///{data}/wellbeing.db"
    given = {"database_url": url, "wellbeing_data": data, **settings}
    return Settings.model_validate(given)


def test_one_bot_at_a_time_has_a_data_directory(tmp_path: Path) -> None:
    settings = installation(tmp_path / "var")
    with (
        held(settings),
        pytest.raises(SettingsError, match="Another bot is running"),
        held(settings),
    ):
        pass
    with held(settings):  # it is free again
        pass


@pytest.mark.parametrize("url", [None, POSTGRES])
def test_a_bot_on_sqlite_shares_its_keys_with_no_other(tmp_path: Path, url: str | None) -> None:
    keys = tmp_path / "keys"
    one = installation(tmp_path / "one", wellbeing_keys=keys)
    settings = {} if url is None else {"database_url": url}
    other = installation(tmp_path / "two", wellbeing_keys=keys, **settings)
    with held(one), pytest.raises(SettingsError, match="set WELLBEING_KEYS"), held(other):
        pass


def test_processes_on_one_postgresql_share_their_keys(tmp_path: Path) -> None:
    settings = installation(tmp_path, database_url=POSTGRES)
    with held(settings), held(settings):
        assert (tmp_path / "keys" / "keys.lock").exists()


def test_wrapped_keys_need_no_directory(tmp_path: Path) -> None:
    with held(installation(tmp_path, database_url=POSTGRES, wellbeing_collecting_secret="some")):
        assert not (tmp_path / "keys").exists()


def test_a_directory_that_can_not_be_made_names_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = installation(tmp_path / "var", wellbeing_keys=tmp_path / "file" / "keys")
    with pytest.raises(SettingsError, match="Look at WELLBEING_KEYS"), held(settings):
        pass
