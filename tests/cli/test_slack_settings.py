"""Settings for Slack that can't be used, or don't go together: a sentence each, and no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings
from bot.store.vault import new_vault_key

BOT = {"SLACK_BOT_TOKEN": "xoxb-sesame"}
SECRET = {"SLACK_SIGNING_SECRET": "sesame"}
SOCKET = {"SLACK_APP_TOKEN": "xapp-sesame"}
KEY = new_vault_key()
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "sesame",
    "PUBLIC_URL": "https://wellbeing.example.org",
    "WELLBEING_SECRET_KEY": KEY,
    "WELLBEING_SLACK_WORKSPACES": "T0001, T0002",
}


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def load(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def problems(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, given)
    for sentence in caught.value.problems:
        assert sentence.endswith((".", "wellbeing keys vault."))
        assert "sesame" not in sentence
    return caught.value.problems


@pytest.mark.parametrize(
    "given",
    [BOT | SECRET, BOT | SOCKET, BOT | SOCKET | SECRET, MANY | SECRET, MANY | SOCKET],
)
def test_what_goes_together_is_taken(
    no_settings: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    assert load(no_settings, given).has_slack


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        (BOT, "Slack's requests can't be told from anybody else's: set SLACK_SIGNING_SECRET"),
        (MANY, "Slack's requests can't be told from anybody else's: set SLACK_SIGNING_SECRET"),
        (BOT | SECRET | MANY, "SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many"),
        (SECRET, "SLACK_SIGNING_SECRET is set, and nothing to use it with"),
        (SOCKET, "SLACK_APP_TOKEN is set, and nothing to use it with"),
        (SECRET | {"SLACK_BOT_TOKEN": "xoxp-sesame"}, "SLACK_BOT_TOKEN can't be used"),
        (SECRET | {"SLACK_BOT_TOKEN": "xapp-sesame"}, "SLACK_BOT_TOKEN can't be used"),
        (SECRET | {"SLACK_BOT_TOKEN": "xoxe.xoxb-sesame"}, "SLACK_BOT_TOKEN can't be used: it is"),
        (BOT | {"SLACK_APP_TOKEN": "xoxb-sesame"}, "SLACK_APP_TOKEN can't be used"),
    ],
)
def test_what_does_not_go_together_has_its_sentence(
    no_settings: pytest.MonkeyPatch, given: dict[str, str], begins: str
) -> None:
    (sentence,) = problems(no_settings, given)
    assert sentence.startswith(begins)


@pytest.mark.parametrize("left_out", sorted(MANY.keys() - {"SLACK_CLIENT_ID"}))
def test_what_many_workspaces_need_is_named(no_settings: pytest.MonkeyPatch, left_out: str) -> None:
    given = {name: value for name, value in (MANY | SECRET).items() if name != left_out}
    (sentence,) = problems(no_settings, given)
    assert sentence.startswith(f"SLACK_CLIENT_ID needs {left_out} too: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://wellbeing.example.org",
        "wellbeing.example.org",
        "https://",
        "https://user:sesame@wellbeing.example.org",
        "https://wellbeing.example.org/?a=sesame",
        "ftp://wellbeing.example.org",
        "https://[sesame",
    ],
)
@pytest.mark.parametrize("name", ["PUBLIC_URL", "SLACK_API_URL"])
def test_an_address_that_secrets_are_not_safe_on_is_refused(
    no_settings: pytest.MonkeyPatch, name: str, url: str
) -> None:
    (sentence,) = problems(no_settings, {name: url})
    assert sentence.startswith(f"{name} can't be used: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_on_this_machine_an_address_needs_no_certificate(
    no_settings: pytest.MonkeyPatch, host: str
) -> None:
    settings = load(no_settings, {"PUBLIC_URL": f"http://{host}:8080/"})
    assert settings.public_url == f"http://{host}:8080"


def test_slacks_address_may_be_written_without_its_last_slash(
    no_settings: pytest.MonkeyPatch,
) -> None:
    for written in ("https://slack.example/api", "https://slack.example/api/"):
        settings = load(no_settings, {"SLACK_API_URL": written})
        assert settings.slack_api_url == "https://slack.example/api/"


@pytest.mark.parametrize("between", [",", " ", ", ", "\n"])
def test_there_may_be_several_keys(no_settings: pytest.MonkeyPatch, between: str) -> None:
    keys = [KEY, new_vault_key()]
    settings = load(no_settings, {"WELLBEING_SECRET_KEY": between.join(keys)})
    assert settings.secret_keys == keys
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    "keys",
    ["sesame", f"{KEY},sesame", KEY[:-2], f"{KEY}{KEY}"],
    ids=["no key", "one good and one not", "cut", "nothing between"],
)
def test_a_key_that_is_none_is_refused_with_how_to_make_one(
    no_settings: pytest.MonkeyPatch, keys: str
) -> None:
    (sentence,) = problems(no_settings, {"WELLBEING_SECRET_KEY": keys})
    assert sentence.startswith("WELLBEING_SECRET_KEY can't be used: ")
    assert "wellbeing keys vault" in sentence
    assert KEY not in sentence
