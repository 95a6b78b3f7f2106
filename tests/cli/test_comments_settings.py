"""Whether there are comments is a setting; by default there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import open_core
from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings
from bot.store.vault import new_vault_key

PROMPTS = Path(__file__).parent.parent.parent / "prompts"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_without_the_setting_comments_are_off() -> None:
    assert not load_settings().comment_rules.is_on


async def test_switched_on_they_reach_the_core_with_the_key_for_what_is_kept(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("WELLBEING_PULSE_COMMENTS", "on")
    environment.setenv("WELLBEING_SECRET_KEY", new_vault_key())
    environment.setenv("WELLBEING_PROMPTS", str(PROMPTS))
    environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'wellbeing.db'}")
    async with open_core(load_settings()) as core:
        assert core.comments.is_on
        assert "quiet" not in core.kept_texts.sealed("quiet rooms")


def test_anything_else_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("WELLBEING_PULSE_COMMENTS", "sometimes")
    with pytest.raises(SettingsError, match="WELLBEING_PULSE_COMMENTS"):
        load_settings()
