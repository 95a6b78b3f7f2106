"""`wellbeing rules`, and settings that the bot refuses to start with."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.content import PromptLibrary
from bot.domain.gate import GateRules
from bot.errors import SettingsError
from bot.settings import Settings
from bot.settings_checks import load_settings
from bot.usecases.launch import start_welcomes
from bot.usecases.raise_rules import raise_rules
from tests.cli.test_command_line import GOOD, Shell
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.platform import MemoryPlatform

ANSWERS = "WELLBEING_PULSE_ANSWERS"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("roster", "import", shell.write("people.csv", GOOD)).status == 0
    return shell


def launched_with(shell: Shell, library: PromptLibrary, *steps: GateRules) -> None:
    """As if the bot had run with these settings, one after the other."""

    async def live() -> None:
        async with open_core(
            shell.folder / "var", library, StillClock(datetime.now(UTC)), MemoryPlatform()
        ) as core:
            await start_welcomes(core)
            for asked in steps:
                await raise_rules(replace(core, asked=asked))

    asyncio.run(live())


# --- what it shows -------------------------------------------------------------------------


def test_before_the_launch_it_shows_what_will_hold_and_records_nothing(shell: Shell) -> None:
    ran = shell.run("rules", **{ANSWERS: "6"})
    assert ran.status == 0
    assert "the launch" in ran.out
    assert "these can still be changed" in ran.out
    assert re.search(r"answers +│ 6 +│ 5 ", ran.out)
    assert re.search(r"answers +│ 5 +│ 5 ", shell.run("rules").out)
    assert "The next round" not in ran.out


def test_it_shows_the_history_and_when_the_next_round_is(
    shell: Shell, library: PromptLibrary
) -> None:
    launched_with(shell, library, GateRules(), GateRules(answers=6, counted=9))
    ran = shell.run("rules")
    assert "answers 5 to 6, counted 8 to 9 │ the next one" in ran.out
    assert "The next round opens on " in ran.out
    assert "WELLBEING_PULSE_SPACING_WEEKS" in ran.out
    assert "0 of 1 groups have the 9 people or more" in ran.out


def test_it_says_how_many_questions_a_week_the_spacing_allows(shell: Shell) -> None:
    plain, spaced = shell.run("rules"), shell.run("rules", WELLBEING_PULSE_SPACING_WEEKS="16")
    assert "20 questions, none of them twice in 8 weeks: 2 a week of the 2 planned." in plain.out
    assert "add some" not in plain.out
    assert "none of them twice in 16 weeks: 1.25 a week of the 2 planned." in spaced.out
    assert "32 questions would do for all of them" in spaced.out


def test_it_says_what_settings_would_raise_without_raising_it(
    shell: Shell, library: PromptLibrary
) -> None:
    launched_with(shell, library, GateRules())
    ran = shell.run("rules", **{ANSWERS: "6"})
    assert "Your settings raise answers 5 to 6." in ran.out
    assert "It can't be taken back." in ran.out
    assert "Your settings" not in shell.run("rules").out


def test_it_says_with_which_settings_the_bot_will_not_start(
    shell: Shell, library: PromptLibrary
) -> None:
    launched_with(shell, library, GateRules(answers=7))
    ran = shell.run("rules", **{ANSWERS: "6"})
    assert ran.status == 0
    assert f"The bot won't start: {ANSWERS} is 6, but 7 has held since " in ran.out


# --- what stops a start --------------------------------------------------------------------


def test_a_setting_below_what_holds_stops_the_start_with_one_sentence(
    shell: Shell, library: PromptLibrary
) -> None:
    launched_with(shell, library, GateRules(answers=7))
    ran = shell.run("run", PORT="0", **{ANSWERS: "6"})
    assert ran.status == 1
    (sentence,) = ran.sentences
    assert sentence.startswith(f"{ANSWERS} is 6, but 7 has held since ")


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize("value", ["4", "0", "-7", "31"])
def test_a_setting_out_of_bounds_is_refused_with_its_value(
    no_settings: pytest.MonkeyPatch, value: str
) -> None:
    no_settings.setenv(ANSWERS, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (sentence,) = caught.value.problems
    assert sentence.startswith(f"{ANSWERS} is {value}, ")


def test_what_is_no_number_is_refused(no_settings: pytest.MonkeyPatch) -> None:
    no_settings.setenv(ANSWERS, "five")
    with pytest.raises(SettingsError, match=f"{ANSWERS} can't be used"):
        load_settings()


def test_left_out_or_empty_means_as_it_is(no_settings: pytest.MonkeyPatch) -> None:
    no_settings.setenv(ANSWERS, "")
    no_settings.setenv("WELLBEING_PULSE_COUNTED", "9")
    assert load_settings().pulse_rules == {"counted": 9}
