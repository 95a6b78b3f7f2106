"""Settings of the support desk: what can't be used is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import open_core
from bot.domain.volunteering import SupportRules
from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
CHANNEL = "https://example.slack.com/archives/C024BE7LR"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_without_any_the_rules_are_one_new_a_week_and_two_at_once() -> None:
    assert load_settings().support_rules == SupportRules(new_a_week=1, most_open=2, channel="")


async def test_what_is_set_reaches_the_core(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WELLBEING_SUPPORT_NEW_A_WEEK", "3")
    environment.setenv("WELLBEING_SUPPORT_MOST_OPEN", "1")
    environment.setenv("WELLBEING_WARRIORS_CHANNEL", CHANNEL)
    environment.setenv("WELLBEING_PROMPTS", str(PROMPTS))
    environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'wellbeing.db'}")
    async with open_core(load_settings()) as core:
        assert core.support == SupportRules(new_a_week=3, most_open=1, channel=CHANNEL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("WELLBEING_SUPPORT_NEW_A_WEEK", value) for value in ("0", "21", "many")),
        *(("WELLBEING_SUPPORT_MOST_OPEN", value) for value in ("0", "4", "1.5")),
        *(
            ("WELLBEING_WARRIORS_CHANNEL", value)
            for value in (
                "#warriors",
                "http://example.org/warriors",
                "javascript:alert(1)",
                "https://",
                "https://sesame:sesame@example.org",
                "https://example.org/a b",
                "https://[::1/",
            )
        ),
    ],
)
def test_what_cannot_be_used_is_said(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (sentence,) = caught.value.problems
    assert sentence.startswith(f"{name} can't be used: ")
