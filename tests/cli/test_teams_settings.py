"""Settings for Teams that can't be used, or don't go together: a sentence each, and no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings

CONTOSO = "0b1f7c8e-52a3-4f41-8f0a-6f1a2d3c4b5a"
FABRIKAM = "1c2f7c8e-52a3-4f41-8f0a-6f1a2d3c4b5b"
APP = {"MICROSOFT_APP_ID": "11111111-2222-3333-4444-555555555555"}
SECRET = {"MICROSOFT_APP_PASSWORD": "sesame"}
TENANT = {"MICROSOFT_APP_TENANT_ID": CONTOSO.upper()}
MANY = {"MICROSOFT_APP_TYPE": "MultiTenant"}
TENANTS = {"WELLBEING_TEAMS_TENANTS": f"{CONTOSO}, {FABRIKAM}"}
CERTIFICATE = {"WELLBEING_TEAMS_CERTIFICATE": "bot.pem"}
KEY = {"WELLBEING_TEAMS_CERTIFICATE_KEY": "bot.key"}
ANYBODY = {"TEAMS_ALLOW_ANONYMOUS": "1"}


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


@pytest.mark.parametrize(
    "given",
    [
        APP | SECRET | TENANT,
        APP | CERTIFICATE | KEY | TENANT,
        APP | SECRET | MANY | TENANTS,
        APP | SECRET | MANY | TENANT,
        ANYBODY,
    ],
)
def test_what_goes_together_is_taken(
    no_settings: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    settings = load(no_settings, given)
    assert settings.has_teams
    assert not settings.has_playground


def test_the_tenants_are_those_of_both_settings_once(no_settings: pytest.MonkeyPatch) -> None:
    settings = load(no_settings, APP | SECRET | TENANT | TENANTS)
    assert settings.teams_tenants == [CONTOSO, FABRIKAM]


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        (APP | TENANT, "MICROSOFT_APP_ID needs MICROSOFT_APP_PASSWORD too"),
        (APP | SECRET | CERTIFICATE | KEY | TENANT, "MICROSOFT_APP_PASSWORD and WELLBEING_TEAMS"),
        (APP | CERTIFICATE | TENANT, "WELLBEING_TEAMS_CERTIFICATE and WELLBEING_TEAMS_CERTIFICATE"),
        (APP | SECRET, "A single-tenant bot needs MICROSOFT_APP_TENANT_ID too"),
        (APP | SECRET | MANY, "A multi-tenant bot needs WELLBEING_TEAMS_TENANTS"),
        (SECRET, "Teams needs MICROSOFT_APP_ID too"),
        (CERTIFICATE | KEY, "Teams needs MICROSOFT_APP_ID too"),
        (ANYBODY | APP, "TEAMS_ALLOW_ANONYMOUS lets anybody be anybody"),
        (ANYBODY | {"HOST": "0.0.0.0"}, "HOST is 0.0.0.0, but with TEAMS_ALLOW_ANONYMOUS"),  # noqa: S104
        (APP | SECRET | {"MICROSOFT_APP_TYPE": "UserAssignedMSI"}, "MICROSOFT_APP_TYPE can't be"),
        (APP | {"MICROSOFT_APP_TENANT_ID": "contoso.onmicrosoft.com"}, "MICROSOFT_APP_TENANT_ID"),
        ({"MICROSOFT_APP_ID": "sesame"}, "MICROSOFT_APP_ID can't be used: it isn't an id"),
        (APP | {"WELLBEING_TEAMS_UNKNOWN": "perhaps"}, "WELLBEING_TEAMS_UNKNOWN can't be used"),
        (APP | {"WELLBEING_TEAMS_LOGIN_URL": "http://example.org"}, "WELLBEING_TEAMS_LOGIN_URL"),
    ],
)
def test_what_does_not_go_together_is_said_at_start(
    no_settings: pytest.MonkeyPatch, given: dict[str, str], begins: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(no_settings, given)
    assert [each for each in caught.value.problems if each.startswith(begins)]
    assert "sesame" not in " ".join(caught.value.problems)
